/** Who may talk to a tenant's pods and whom they may talk to. */
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { clusterDns, inNamespace, tcp } from "../flux/peers.ts";
import { closedRanges, notPublic } from "../settings/closed-ranges.ts";
import type { Settings, TenancySettings, TenantSettings } from "../settings/settings.ts";
import { within as isWithin } from "../settings/values.ts";
import { namespaceLabel, tenantLabel } from "./labels.ts";
import { within } from "./scope.ts";
import type { TenantScope, WorkloadNamespace } from "./scope.ts";

/** The workload namespaces of a tenant; nobody but the platform can give a namespace these labels. */
const podsOf = (key: string) => ({ namespaceSelector: { matchLabels: { [tenantLabel]: key, [namespaceLabel]: "workload" } } });

/** Everything is denied but what the settings name, traffic within the tenant, and questions to the cluster's DNS. */
export function networkPolicySpec({ key, namespaces, traffic }: TenantSettings, { ingressNamespace, monitoringNamespace }: TenancySettings) {
  const sameTenant = namespaces.length === 1 ? { podSelector: {} } : podsOf(key);
  const from = (namespace: string | undefined, ports: number[]) => (namespace === undefined || ports.length === 0 ? [] : [{ from: [inNamespace(namespace)], ports: tcp(ports) }]);
  return {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [sameTenant] },
      ...traffic.callers.map((caller) => ({ from: [podsOf(caller.key)], ports: tcp(caller.ports) })),
      ...from(ingressNamespace, traffic.ingressPorts),
      ...from(monitoringNamespace, traffic.monitoringPorts),
    ],
    egress: [
      { to: [sameTenant] },
      clusterDns,
      ...traffic.calls.map((callee) => ({ to: [podsOf(callee.key)], ports: tcp(callee.ports) })),
      ...traffic.outside.map(({ cidr, except, ports, protocol }) => ({
        to: [{ ipBlock: { cidr, ...(except.length > 0 && { except }) } }],
        ports: ports.map((port) => ({ port, protocol })),
      })),
    ],
  };
}

/**
 * HTTPS to the outside for pods that act as the tenant's identity in Azure: Entra and the services have too many addresses to
 * list. The label is the one that the workload identity webhook asks for.
 */
export function identityPolicySpec(settings: Settings) {
  // A cluster may have public addresses for its own, which stay closed as well.
  const own = closedRanges(settings).map(({ range }) => range).filter((range) => !notPublic.some((wide) => isWithin(range, wide)));
  return {
    podSelector: { matchLabels: { "azure.workload.identity/use": "true" } },
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...notPublic, ...own] } }], ports: tcp([443]) }],
  };
}

export function registerTraffic(scope: TenantScope, settings: Settings, workload: WorkloadNamespace, withIdentity: boolean): pulumi.Resource[] {
  const policy = (suffix: string, name: string, spec: ReturnType<typeof networkPolicySpec | typeof identityPolicySpec>) =>
    new NetworkPolicy(`${workload.prefix}-${suffix}`, { metadata: { name, namespace: workload.name }, spec }, within(scope, workload));
  return [
    policy("traffic", "tenant", networkPolicySpec(scope.tenant, settings.tenancy)),
    // Not `identity-traffic`: a tenant of the name <this one>-identity has that.
    ...(withIdentity ? [policy("identity", "identity", identityPolicySpec(settings))] : []),
  ];
}
