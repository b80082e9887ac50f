/**
 * Who may talk to Flux's controllers. The chart's own policies let every namespace reach the controller that takes events
 * (port 9090, unauthenticated) and read metrics with the names of all tenants' objects. The kubelet's probes come from the
 * node, which is let in everywhere (kubernetes.io/docs/concepts/services-networking/network-policies).
 */
import { closedRanges } from "../settings/closed-ranges.ts";
import type { Settings } from "../settings/settings.ts";
import { clusterDns, inNamespace, tcp } from "./peers.ts";

/** Specifications of the network policies of Flux's namespace, by name. */
export function fluxNetworkPolicies(settings: Settings) {
  const { ingressNamespace, monitoringNamespace } = settings.tenancy;
  // The controllers themselves need the API server: at a public address, or in its subnet when the cluster has one, behind a
  // service's address in either case.
  const needed = [settings.network.apiServer, settings.network.services];
  // A tenant chooses where a controller connects to; never to what answers only because it is near. With Cilium a range
  // selects no pods and no nodes anyway (learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium, "ipBlock").
  const except = closedRanges(settings).map(({ range }) => range).filter((range) => !needed.includes(range));
  return {
    flux: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }, clusterDns, { to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }] }],
    },
    ...(monitoringNamespace !== undefined && {
      metrics: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [inNamespace(monitoringNamespace)], ports: tcp([8080]) }] },
    }),
    ...(ingressNamespace !== undefined && {
      webhooks: {
        podSelector: { matchLabels: { app: "notification-controller" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [inNamespace(ingressNamespace)], ports: tcp([9292]) }],
      },
    }),
  };
}
