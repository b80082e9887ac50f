/** From what the user wrote to complete settings: defaults filled in, names derived. Nothing is checked here. */
import { addOns } from "../add-ons/catalogue.ts";
import { defaults } from "./defaults.ts";
import type { Defaults } from "./defaults.ts";
import { azureNames } from "./names.ts";
import { resolveCluster } from "./resolve-cluster.ts";
import { resolveNotification, resolvePace } from "./resolve-delivery.ts";
import { refOf, repositoryFallback, resolveGithub, resolveRepository } from "./resolve-repository.ts";
import { resolveDns } from "./resolve-dns.ts";
import { linkCallers, resolveTenant } from "./resolve-tenant.ts";
import type { WrittenTenant } from "./resolve-tenant.ts";
import type { StackInput } from "./schema/stack.ts";
import type { AddOnSettings, ClusterSettings, ElsewhereRegistry, FleetSettings, PipelineSettings, RegistrySettings, Settings, TenancySettings, WebhookSettings } from "./settings.ts";
import { federated } from "./trust.ts";
import { addressAt, isPublic } from "./values.ts";

export function resolve(environment: string, input: StackInput, written: readonly WrittenTenant[]): Settings {
  const fallback = defaults[input.tier];
  const network = { ...fallback.network, ...input.network };
  const cluster = resolveCluster(input.cluster, fallback.cluster);
  const names = azureNames(input.platform, environment);
  const { resourceGroup, tags, ...azure } = input.azure;
  const github = resolveGithub(input.github);
  return {
    platform: input.platform,
    environment,
    tier: input.tier,
    owner: input.owner,
    protect: fallback.protect,
    names: { ...names, resourceGroup: resourceGroup ?? names.resourceGroup },
    azure: {
      ...azure,
      existingResourceGroup: resourceGroup !== undefined,
      tags: { ...tags, environment, tier: input.tier, owner: input.owner, "managed-by": "mooring" },
    },
    // The tenth address of the range is the convention for the cluster's DNS (the first is the API server's).
    network: { ...network, dnsService: addressAt(network.services, 10) },
    cluster,
    // Without Prometheus there is nothing for Grafana to show.
    monitoring: { ...fallback.monitoring, ...(input.monitoring?.prometheus === false && { grafana: false }), ...input.monitoring },
    registry: resolveRegistry(input, fallback.registry),
    dns: resolveDns(input, fallback.dns),
    vaults: { allowedRanges: input.vaults?.allowedRanges ?? vaultRanges(cluster) },
    pipelines: {
      build: resolvePipeline(input.pipelines?.build, azure.tenant),
      deploy: { ...resolvePipeline(input.pipelines?.deploy, azure.tenant), namespaces: input.pipelines?.deploy?.namespaces ?? [] },
    },
    budget: input.budget,
    flux: { chart: input.flux?.chart ?? fallback.flux.chart, mirror: { ...input.flux?.mirror } },
    github,
    ...(input.webhooks && { webhooks: resolveWebhooks(input.webhooks) }),
    notify: (input.notify ?? []).map((entry) => resolveNotification(entry, fallback.tenant)),
    ...(input.fleet && { fleet: resolveFleet(input, environment, fallback) }),
    addons: resolveAddOns(input.addons),
    tenancy: resolveTenancy(input, fallback),
    tenants: linkCallers(
      written.map((tenant) =>
        resolveTenant(tenant, {
          environment,
          tier: input.tier,
          cluster,
          network,
          entraTenant: azure.tenant,
          fallback: fallback.tenant,
          tenancy: { ...fallback.tenancy, ...input.tenancy },
          github,
          repositories: repositoryFallback(input.github),
          reachable: input.webhooks !== undefined,
        }),
      ),
    ),
  };
}

/** The namespace that an add-on which is on says it is. */
const addOnPlace = (addons: object, place: "ingressNamespace" | "monitoringNamespace"): string | undefined =>
  Object.entries(addOns).find(([name, addOn]) => name in addons && addOn[place] !== undefined)?.[1][place];

/** AKS's own collectors run in kube-system. */
function resolveTenancy({ tenancy, monitoring, cluster, addons = {} }: StackInput, fallback: Defaults): TenancySettings {
  const collects = (monitoring?.prometheus ?? fallback.monitoring.prometheus) && cluster.existing === undefined;
  return {
    admission: tenancy?.admission ?? fallback.tenancy.admission,
    minimumInterval: tenancy?.minimumInterval ?? fallback.tenancy.minimumInterval,
    maximumTimeout: tenancy?.maximumTimeout ?? fallback.tenancy.maximumTimeout,
    charts: tenancy?.charts ?? [],
    registries: tenancy?.registries ?? fallback.tenancy.registries,
    ingressNamespace: tenancy?.ingressNamespace ?? addOnPlace(addons, "ingressNamespace"),
    monitoringNamespace: tenancy?.monitoringNamespace ?? addOnPlace(addons, "monitoringNamespace") ?? (collects ? "kube-system" : undefined),
    privileged: tenancy?.privileged ?? [],
    adoptable: tenancy?.adoptable ?? [],
    domain: tenancy?.domain,
  };
}

function resolveRegistry({ registry, azure }: StackInput, fallback: Defaults["registry"]): RegistrySettings {
  const elsewhere = (written: NonNullable<NonNullable<StackInput["registry"]>["existing"]> | undefined): ElsewhereRegistry | undefined =>
    written && { ...written, subscription: written.subscription ?? azure.subscription, permissions: written.permissions ?? "roles" };
  const premium = (registry?.sku ?? fallback.sku) === "Premium";
  return {
    ...fallback,
    replicas: [],
    allowedRanges: [],
    cache: {},
    // What only Premium has is no default elsewhere.
    ...(premium && { retentionDays: 15 }),
    ...registry,
    zoneRedundant: registry?.zoneRedundant ?? (premium && fallback.zoneRedundant),
    existing: elsewhere(registry?.existing),
    promoteFrom: elsewhere(registry?.promoteFrom),
  };
}

/** What the add-on `gateway` makes: its listener for Flux's webhooks. */
const ownGateway = { name: "public", namespace: "envoy-gateway-system", section: "flux", own: true };

/** `gateway:` alone turns an add-on on. */
function resolveAddOns(written: StackInput["addons"] = {}): AddOnSettings {
  return Object.fromEntries(Object.entries(written).flatMap(([name, options]) => (options === undefined ? [] : [[name, options ?? {}]])));
}

function resolveWebhooks({ host, gateway, ingress }: NonNullable<StackInput["webhooks"]>): WebhookSettings {
  if (!ingress) return { host, gateway: gateway ?? ownGateway };
  const { class: name, certificate } = ingress;
  return { host, ingress: { class: name, certificate: certificate?.secret ?? "flux-webhooks-tls", issuer: certificate?.issuer } };
}

function resolveFleet({ fleet, github, tenancy }: StackInput, environment: string, fallback: Defaults): FleetSettings {
  const { repository: { rules, ...repository } = {}, path, interval, timeout, ...ref } = fleet!;
  // Who merges there administers the cluster: nothing that is said for the teams' repositories opens it.
  const { manage, adopt } = repositoryFallback(github);
  const own = { manage, adopt, teams: {}, rules: rules ?? {} };
  return {
    repository: resolveRepository(repository, { name: "fleet", pushes: false, left: false, fallback: own }),
    path: path ?? `./environments/${environment}`,
    ref: refOf(ref) ?? fallback.tenant.ref,
    ...resolvePace({ interval, timeout: timeout ?? fallback.fleet.timeout }, { fallback: fallback.tenant, tenancy: { ...fallback.tenancy, ...tenancy } }),
  };
}

/** Whoever may reach the API server may reach the vaults; a vault's firewall takes public addresses only. */
function vaultRanges({ existing, api, authorizedRanges = [] }: ClusterSettings): string[] | undefined {
  if (existing) return undefined;
  const ranges = authorizedRanges.filter(isPublic);
  return ranges.length > 0 || api === "private" ? ranges : undefined;
}

type PipelineInput = NonNullable<NonNullable<StackInput["pipelines"]>["build"]>;

function resolvePipeline(input: PipelineInput | undefined, entraTenant: string): PipelineSettings {
  return { trust: (input?.trust ?? []).map((entry) => federated(entry, entraTenant)), secrets: input?.password?.secrets ?? [] };
}
