/**
 * What teams may make of an add-on's kinds in their own namespaces, once it is on. A kind is only here together with the admission
 * rule that keeps it within the team: most of them make a controller of the platform act, with its rights and from its place.
 */
import type { AddOnName } from "./catalogue.ts";

export interface TenantKind {
  group: string;
  resources: string[];
  /** `write`: the team makes them. `read`: a controller does, and they say why something does not work. */
  access: "write" | "read";
  /** The admission rule that must hold before a team may write them: a file in components/tenant/admission/policies. */
  policy?: "certificates" | "secretStores" | "monitors" | "canaries";
  /** What it could do to others without that rule. */
  danger?: string;
}

export const tenantKinds: Record<AddOnName, TenantKind[]> = {
  certManager: [
    {
      group: "cert-manager.io",
      resources: ["certificates"],
      access: "write",
      policy: "certificates",
      danger: "names are proved in the platform's zone, so any team would get a certificate for any name in it, also one to sign others with",
    },
    { group: "cert-manager.io", resources: ["certificaterequests"], access: "read" },
    { group: "acme.cert-manager.io", resources: ["orders", "challenges"], access: "read" },
  ],
  externalDns: [],
  externalSecrets: [
    {
      group: "external-secrets.io",
      resources: ["secretstores", "externalsecrets"],
      access: "write",
      policy: "secretStores",
      danger: "a store may send requests anywhere (webhook), act as the cluster's nodes (ManagedIdentity) or read through the API server (kubernetes); a generator likewise",
    },
  ],
  // HTTPRoutes and GRPCRoutes are every team's already, see roles.ts.
  gateway: [],
  kubePrometheusStack: [
    {
      group: "monitoring.coreos.com",
      resources: ["servicemonitors", "podmonitors", "prometheusrules"],
      access: "write",
      policy: "monitors",
      danger: "a monitor may name other namespaces, or by relabelling, a proxy or a sign-in any address, and Prometheus calls it",
    },
  ],
  platformAlerts: [],
  flagger: [
    {
      group: "flagger.app",
      resources: ["canaries", "metrictemplates", "alertproviders"],
      access: "write",
      policy: "canaries",
      danger: "webhooks, the address of metrics and that of alerts are called by Flagger from its own place",
    },
  ],
};

/**
 * Kinds that no team gets, since no rule could keep them within the team, or nobody but the platform needs them. For people and for
 * tests: what is not in {@link tenantKinds} is not granted anyway.
 */
export const platformKinds: { group: string; resources: string[]; why: string }[] = [
  { group: "cert-manager.io", resources: ["clusterissuers", "issuers"], why: "an issuer sends requests where it says (Vault, ACME), and solves HTTP01 by pods and routes of its own" },
  { group: "external-secrets.io", resources: ["clustersecretstores", "clusterexternalsecrets", "pushsecrets", "clusterpushsecrets"], why: "of all namespaces, or writing to vaults" },
  { group: "generators.external-secrets.io", resources: ["*"], why: "they send requests, and sign in, as they say" },
  { group: "monitoring.coreos.com", resources: ["probes", "scrapeconfigs", "alertmanagerconfigs", "prometheuses", "prometheusagents", "alertmanagers", "thanosrulers"], why: "any address, or pods with rights of the operator's" },
  { group: "gateway.networking.k8s.io", resources: ["gateways", "gatewayclasses", "listenersets", "referencegrants", "backendtlspolicies"], why: "they open ports, and other namespaces" },
  { group: "gateway.envoyproxy.io", resources: ["*"], why: "a SecurityPolicy or a Backend calls any address, an EnvoyPatchPolicy changes every team's proxy" },
  { group: "externaldns.k8s.io", resources: ["*"], why: "any name in the zone" },
];

/** Resources by group that teams may write, or only read, while these add-ons are on. */
export function tenantResources(enabled: readonly AddOnName[], access: TenantKind["access"]): Record<string, string[]> {
  const kinds = enabled.flatMap((addOn) => tenantKinds[addOn]).filter((kind) => kind.access === access);
  const groups = new Map<string, string[]>();
  for (const { group, resources } of kinds) groups.set(group, [...(groups.get(group) ?? []), ...resources]);
  return Object.fromEntries(groups);
}
