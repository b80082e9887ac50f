import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import { fluxNamespace } from "../flux/namespace.ts";
import { gitRepository, kustomization } from "../flux/objects.ts";
import type { KustomizationSpec } from "../flux/specs/kustomization.ts";
import { registerDeployKey } from "../github/deploy-key.ts";
import { commitFiles } from "../github/files.ts";
import { knownHosts } from "../github/host-keys.ts";
import { registerRepository, registerTeams } from "../github/repository.ts";
import { registerRules } from "../github/rules.ts";
import { enabledAddOns } from "../add-ons/enabled.ts";
import { sshUrl } from "../settings/git-urls.ts";
import type { FleetSettings, Settings } from "../settings/settings.ts";
import { modulePath } from "../add-ons/catalogue.ts";
import type { Module } from "../add-ons/catalogue.ts";
import { alertReceivers } from "./alert-receivers.ts";
import { fleetFiles } from "./files.ts";
import { modules } from "../add-ons/modules.ts";
import type { VariableName } from "../add-ons/variables.ts";

/** As whom Flux applies what the platform's own team ships, and the name of its source. */
const fleetName = "fleet";

/** The environment's own folder, after every add-on. */
const environmentName = "environment";

export interface FleetArgs {
  /** The chart's release. */
  after: pulumi.Resource[];
  tie: ClusterTie;
  /** The values of the modules' variables. */
  substitute: Partial<Record<VariableName, pulumi.Input<string>>>;
}

/** A Kustomization of Flux's own namespace. */
export function fleetKustomization({ interval, retryInterval, timeout }: FleetSettings, path: string, dependsOn: readonly string[], substitute: Record<string, pulumi.Input<string>>): KustomizationSpec {
  return {
    sourceRef: { kind: "GitRepository", name: fleetName },
    path,
    interval,
    retryInterval,
    timeout,
    prune: true,
    wait: true,
    serviceAccountName: fleetName,
    ...(dependsOn.length > 0 && { dependsOn: dependsOn.map((name) => ({ name })) }),
    ...(Object.keys(substitute).length > 0 && { postBuild: { substitute } }),
  };
}

/**
 * The fleet repository and what Flux applies of it: what `flux bootstrap` would make, declared. The modules of the add-ons that
 * are on, each after those it needs, and the folder of the environment.
 */
export class Fleet extends pulumi.ComponentResource {
  constructor(name: string, settings: Settings, fleet: FleetSettings, { after, tie, substitute }: FleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:fleet:Fleet", name, {}, opts);
    const { github } = settings;
    const { repository } = fleet;
    const parent = { parent: this };
    const made = registerRepository(`${name}-repository`, { repository, description: "What the platform runs in its clusters" }, parent);
    const repositoryName = made?.name ?? repository.name;
    const committed = repository.adopt ? undefined : commitFiles(name, repositoryName, { files: fleetFiles(settings, repository, made !== undefined), theirs: true, fresh: made !== undefined, made: made !== undefined }, made ? { ...parent, dependsOn: made } : parent);
    registerTeams(name, repository, repositoryName, parent);
    const last = committed ?? made;
    const rules = registerRules(name, github, repository, repositoryName, last, parent);
    const key = registerDeployKey(name, settings, repository, repositoryName, false, parent);

    const options = { ...parent, dependsOn: after, ...tie };
    const namespace = fluxNamespace;
    const account = new ServiceAccount(`${name}-account`, { metadata: { name: fleetName, namespace }, automountServiceAccountToken: false }, options);
    const binding = new ClusterRoleBinding(
      `${name}-account`,
      {
        metadata: { name: "mooring-fleet" },
        // Add-ons bring CRDs, roles and namespaces. Who may merge into this repository administers the cluster.
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: fleetName, namespace }],
      },
      { ...options, dependsOn: [...after, account] },
    );
    const secret = new Secret(
      `${name}-deploy-key`,
      { metadata: { name: "fleet-deploy-key", namespace }, stringData: { identity: key.privateKey, "identity.pub": key.publicKey, known_hosts: knownHosts(github) } },
      options,
    );
    const source = gitRepository(
      `${name}-source`,
      { name: fleetName, namespace },
      { url: sshUrl(github, repository.name), ref: fleet.ref, interval: fleet.interval, secretRef: { name: "fleet-deploy-key" } },
      { ...options, dependsOn: [...after, secret, key.registered] },
    );

    const needed = [source, binding, ...rules, last].filter((part) => part !== undefined);
    const { modules: on } = modules(enabledAddOns(settings), ["dns.zone", "tenancy.domain"]);
    const registered = new Map<string, pulumi.Resource>();
    for (const module of on) {
      const before = module.dependsOn.flatMap((other) => registered.get(other) ?? []);
      const patches = alertReceivers(module.name, settings.notify);
      const spec = { ...fleetKustomization({ ...fleet, timeout: module.timeout }, modulePath(module), module.dependsOn, valuesOf(module, substitute)), ...(patches.length > 0 && { patches }) };
      registered.set(module.name, kustomization(`${name}-addon/${module.name}`, { name: module.name, namespace }, spec, { ...options, dependsOn: [...needed, ...before] }));
    }
    kustomization(
      `${name}-environment`,
      { name: environmentName, namespace },
      fleetKustomization(fleet, fleet.path, on.map((module) => module.name), substitute as Record<string, pulumi.Input<string>>),
      { ...options, dependsOn: [...needed, ...registered.values()] },
    );
    this.registerOutputs({});
  }
}

/** Exactly what the module says it has; the settings were checked for it. */
function valuesOf({ name, variables }: Module, values: FleetArgs["substitute"]): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    variables.map((variable) => {
      const value = values[variable];
      if (value === undefined) throw new pulumi.RunError(`the add-on module ${name} needs ${variable}, which these settings do not give`);
      return [variable, value];
    }),
  );
}
