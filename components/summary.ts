/** What pipelines and people need to know of an environment: the stack's outputs. */
import * as pulumi from "@pulumi/pulumi";
import type { AzureEnvironment } from "./azure/environment.ts";
import type { PipelinePrincipals } from "./azure/pipelines.ts";
import type { Settings } from "./settings/settings.ts";

type Text = pulumi.Output<string>;

/** Nothing in it is secret but the passwords, which are encrypted outputs. */
export interface Summary {
  cluster: { name: Text; resourceGroup: string; oidcIssuer: Text; egressAddress?: Text; grafana?: Text };
  registry: { name: Text; loginServer: Text };
  /** `nameServers` are what the parent domain must name. */
  dns?: { zone: string; nameServers: pulumi.Output<string[]> };
  pipelines: { tenantId: string; subscriptionId: string; build: BuildSummary; deploy: DeploySummary };
  tenants: Record<string, TenantSummary>;
}

export interface BuildSummary {
  clientId: Text;
  /** The three variables of a pipeline that signs in with a password; only where the settings ask for one. */
  registryName?: Text;
  registryLogin?: Text;
  registryPassword?: Text;
  /** The day on which the password ends. */
  expires?: string;
}

export interface DeploySummary {
  clientId: Text;
  passwordClientId?: Text;
  password?: Text;
  expires?: string;
}

export interface TenantSummary {
  namespaces: string[];
  repository: string;
  /** What of the repository this environment applies. */
  follows: string;
  workloadClientId?: Text;
  buildClientId?: Text;
  vaultUri?: Text;
  /** For the file `.sops.yaml`. */
  sopsKey?: Text;
  /** What the team's pipelines are told of this environment: the variable MOORING. */
  delivery?: Text;
  /** What they sign calls to Flux with: the secret MOORING_RECEIVER_TOKEN. */
  receiverToken?: Text;
}

export function summarize({ azure, github, tenants }: Settings, { cluster, registry, pipelines, egressAddress, grafana, dns }: AzureEnvironment): Summary {
  return {
    cluster: { name: cluster.clusterName, resourceGroup: cluster.resourceGroup, oidcIssuer: cluster.oidcIssuer, egressAddress, grafana },
    registry: { name: registry.registryName, loginServer: registry.loginServer },
    ...(dns && { dns: { zone: dns.zone, nameServers: dns.nameServers } }),
    pipelines: {
      tenantId: azure.tenant,
      subscriptionId: azure.subscription,
      build: build(pipelines.build, registry.registryName),
      deploy: deploy(pipelines.deploy),
    },
    tenants: Object.fromEntries(
      tenants.map(({ name, namespaces, controlNamespace, repository, git, deploy: { ref, path } }) => [
        name,
        {
          namespaces: [...namespaces.map((namespace) => namespace.name), controlNamespace],
          repository: repository ? `${github.owner}/${repository.name}` : git.url,
          follows: `${Object.entries(ref).map(([kind, value]) => `${kind} ${value}`).join()}, ${path}`,
        },
      ]),
    ),
  };
}

function build({ identity, password }: PipelinePrincipals, registryName: Text): BuildSummary {
  return {
    clientId: identity.clientId,
    ...(password && { registryName, registryLogin: password.clientId, registryPassword: pulumi.secret(password.password), expires: password.expires }),
  };
}

function deploy({ identity, password }: PipelinePrincipals): DeploySummary {
  return { clientId: identity.clientId, ...(password && { passwordClientId: password.clientId, password: pulumi.secret(password.password), expires: password.expires }) };
}
