/** Who may talk to a tenant's pods and whom they may talk to. */
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { TenantSettings } from "../settings/settings.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/** What is not the internet: private networks, carrier's, and the machine's own, where Azure's metadata is. */
const inner = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32"];

/**
 * Everything is denied but traffic within the namespace and questions to the cluster's DNS; and for a tenant with an
 * identity in Azure HTTPS to the outside, where Entra and the services are: their addresses are too many to list.
 */
export function networkPolicySpec({ serviceAccounts }: TenantSettings) {
  const sameNamespace = { podSelector: {} };
  const clusterDns = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
  };
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [sameNamespace] }],
    egress: [
      { to: [sameNamespace] },
      {
        to: [clusterDns],
        ports: [
          { port: 53, protocol: "UDP" },
          { port: 53, protocol: "TCP" },
        ],
      },
      ...(serviceAccounts.length > 0 ? [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: inner } }], ports: [{ port: 443, protocol: "TCP" }] }] : []),
    ],
  };
}

export function registerTraffic(scope: TenantScope, workload: TenantNamespace): void {
  new NetworkPolicy(
    `${scope.tenant.name}-traffic`,
    { metadata: { name: "tenant", namespace: workload.name }, spec: networkPolicySpec(scope.tenant) },
    within(scope, workload),
  );
}
