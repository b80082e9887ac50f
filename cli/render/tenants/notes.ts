/** What the page's tables leave to be said, once for all tenants. */
import type { Settings } from "../../../components/settings/settings.ts";
import type { Page } from "./model.ts";
import { registryMark } from "./model.ts";
import type { Phrase } from "./facts.ts";
import { plural } from "./words.ts";

export function accessNotes({ settings }: Page): Phrase[] {
  const { cluster, tenancy } = settings;
  const administrators = cluster.existing ? "Whoever administers the existing cluster" : `An administrator of the cluster (${plural(cluster.administrators.length, "group")})`;
  return [
    ["Nobody has any of this in another team's namespaces. A team's namespaces are its own, and its control namespace, in which the platform keeps what Flux follows."],
    ["Whoever may change what runs can let a program print a secret of the same namespace: the line on reading secrets is about looking at them directly."],
    [`${administrators} may do everything, and so may whoever runs `, { code: "pulumi up" }, "."],
    ["Rights that somebody gave by hand, in Azure or in the cluster, come on top: this page knows what is declared."],
    ...(tenancy.admission === "Audit" ? [["The platform's rules only warn here (", { code: "tenancy.admission: Audit" }, "): what a team may fetch, run and serve is not enforced."]] : []),
  ];
}

export function trafficNotes({ settings, tenants }: Page): Phrase[] {
  const reached = tenants.filter(({ traffic }) => traffic.metadata);
  return [
    ["Within a tenant all pods reach each other, and every pod may ask the cluster's DNS. What is not named is denied, in both directions."],
    reached.length === 0
      ? ["The metadata address of a node (", { code: "169.254.169.254" }, "), which would tell a pod the node's identity, is closed to every tenant."]
      : ["The metadata address of a node is open to ", ...reached.flatMap(({ tenant }, index) => [...(index > 0 ? [", "] : []), { code: tenant.name }]), "."],
    ...(settings.cluster.existing ? [["The ranges of the existing cluster's nodes and pods are not known here; an outside range that covers them opens them."]] : []),
    ...gateways(settings),
  ];
}

function gateways({ tenancy }: Settings): Phrase[] {
  const said = (what: string, namespace: string | undefined): Phrase => (namespace === undefined ? [`${what}: none is named.`] : [`${what}: what runs in `, { code: namespace }, "."]);
  return [[...said("Ingress controller", tenancy.ingressNamespace), " ", ...said("Monitoring", tenancy.monitoringNamespace)]];
}

export function capacityNotes({ capacity, settings }: Page): Phrase[] {
  return [
    ...capacity.unknown.map((line): Phrase => [line]),
    ...(capacity.pools === undefined
      ? []
      : ([
          ["CPUs and memory of a node are what the name of its VM size says. AKS keeps a part of each node for itself, and the platform's own pods run there too: teams get less than the whole."],
          ["A quota is a limit, not a reservation: together they may be more than the nodes have, and then pods may wait."],
        ] satisfies Phrase[])),
    ...(settings.cluster.nodeProvisioning ? [["CPUs and memory of nodes that node provisioning adds are not in these numbers."]] : []),
  ];
}

export function tenantNotes({ tenants, settings: { registry, names } }: Page): Phrase[] {
  const marked = tenants.some(({ sources }) => sources.some((entry) => entry.includes(registryMark)));
  const is = registry.existing ? ["the registry ", { code: registry.existing.name }] : ["this environment's registry, ", { code: names.registryPrefix }, " and six random characters"];
  return marked ? [[{ code: registryMark }, " stands for the host of ", ...is, "."]] : [];
}
