/** Who may talk to a tenant's pods and whom they may talk to. */
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/** Everything is denied but traffic within the namespace and questions to the cluster's DNS. */
export function networkPolicySpec() {
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
    ],
  };
}

export function registerTraffic(scope: TenantScope, workload: TenantNamespace): void {
  new NetworkPolicy(
    `${scope.tenant.name}-traffic`,
    { metadata: { name: "tenant", namespace: workload.name }, spec: networkPolicySpec() },
    within(scope, workload),
  );
}
