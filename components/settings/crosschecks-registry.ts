/** Mistakes in the settings of the registry and of monitoring. */
import type { Mistake } from "./mistake.ts";
import type { Settings } from "./settings.ts";

export function registry({ registry: own, azure, network, cluster }: Settings): Mistake[] {
  if (own.existing) return [];
  const mistakes: Mistake[] = [];
  const premiumOnly = {
    replicas: own.replicas.length > 0,
    zoneRedundant: own.zoneRedundant,
    allowedRanges: own.allowedRanges.length > 0,
    privateEndpoint: own.privateEndpoint,
    retentionDays: own.retentionDays !== undefined,
  };
  for (const [setting, used] of Object.entries(premiumOnly)) {
    if (used && own.sku !== "Premium") mistakes.push({ path: `mooring:registry.${setting}`, message: `needs the tier Premium, and this registry is ${own.sku}; write sku: Premium, or remove it` });
  }
  if (own.privateDnsZone !== undefined && !own.privateEndpoint) {
    mistakes.push({ path: "mooring:registry.privateDnsZone", message: "only a private endpoint has a private DNS zone; remove it, or write privateEndpoint: true" });
  }
  if (own.privateDnsZone !== undefined && !own.privateDnsZone.toLowerCase().endsWith("/privatelink.azurecr.io")) {
    mistakes.push({ path: "mooring:registry.privateDnsZone", message: "the zone of a registry's private endpoint is privatelink.azurecr.io; write the id of that one" });
  }
  if (own.allowedRanges.length > 0 && !own.privateEndpoint && !cluster.existing && network.egress === "loadBalancer") {
    const message = "shuts the nodes out, which pull from an address of their load balancer; write privateEndpoint: true, or network.egress: natGateway";
    mistakes.push({ path: "mooring:registry.allowedRanges", message });
  }
  for (const [index, region] of own.replicas.entries()) {
    const path = `mooring:registry.replicas[${index}]`;
    if (region === azure.location) mistakes.push({ path, message: `${region} is where the registry itself is; name other regions` });
    else if (own.replicas.indexOf(region) < index) mistakes.push({ path, message: `${region} stands above already` });
  }
  return [...mistakes, ...cache(own.cache)];
}

/**
 * The registries that Azure pulls through, and whether they are asked with credentials.
 * Source: learn.microsoft.com/azure/container-registry/artifact-cache-overview, read 2026-11-21.
 */
const upstreams: { host: RegExp; credentials: "required" | "never" | "either" }[] = [
  { host: /^(docker\.io|dhi\.io|registry\.redhat\.io|.+\.azurecr\.io|.+-docker\.pkg\.dev)$/, credentials: "required" },
  { host: /^(mcr\.microsoft\.com|public\.ecr\.aws|registry\.access\.redhat\.com)$/, credentials: "never" },
  { host: /^(ghcr\.io|quay\.io|registry\.k8s\.io|gcr\.io|nvcr\.io)$/, credentials: "either" },
];

function cache(rules: Settings["registry"]["cache"]): Mistake[] {
  const entries = Object.entries(rules);
  return entries.flatMap(([name, { source, target, credentials }], index) => {
    const path = `mooring:registry.cache.${name}`;
    const mistakes: Mistake[] = [];
    const host = source.split("/")[0]!;
    const upstream = upstreams.find((candidate) => candidate.host.test(host));
    if (upstream === undefined || !source.includes("/")) {
      mistakes.push({ path: `${path}.source`, message: `${JSON.stringify(source)} does not begin with a registry that Azure pulls through; write for example docker.io/library/*, ghcr.io/fluxcd/* or mcr.microsoft.com/*` });
    } else if (upstream.credentials === "required" && credentials === undefined) {
      mistakes.push({ path: `${path}.credentials`, message: `is required for ${host}; name a vault and the secrets with the user's name and token` });
    } else if (upstream.credentials === "never" && credentials !== undefined) {
      mistakes.push({ path: `${path}.credentials`, message: `${host} is asked without credentials; remove them` });
    }
    if (source.endsWith("/*") !== target.endsWith("/*")) mistakes.push({ path: `${path}.target`, message: "source and target both end in /* or neither does" });
    for (const [other, rule] of entries.slice(0, index)) {
      if (clash(rule.source, source)) mistakes.push({ path: `${path}.source`, message: `${source} overlaps the source of ${other} (${rule.source}); Azure takes each path once` });
      if (clash(rule.target, target)) mistakes.push({ path: `${path}.target`, message: `${target} overlaps the target of ${other} (${rule.target}); choose targets apart` });
    }
    return mistakes;
  });
}

/** Two rules of one kind clash where they are equal or one contains the other; a single repository may lie within a wildcard. */
function clash(a: string, b: string): boolean {
  const [one, two] = [a, b].map((path) => path.replace(/\*$/, "")) as [string, string];
  return a.endsWith("*") === b.endsWith("*") && (a.endsWith("*") ? one.startsWith(two) || two.startsWith(one) : one === two);
}

export function monitoring({ monitoring: { prometheus, grafana, actionGroup } }: Settings): Mistake[] {
  if (prometheus) return [];
  const needy = [...(grafana ? ["grafana"] : []), ...(actionGroup === undefined ? [] : ["actionGroup"])];
  return needy.map((setting) => ({ path: `mooring:monitoring.${setting}`, message: "needs Prometheus; write prometheus: true, or remove it" }));
}
