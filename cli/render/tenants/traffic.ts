/** Who may talk to whom, from the settings that the network policies are made of. */
import { within } from "../../../components/settings/values.ts";
import type { Peer, Settings, TenantSettings, TrafficSettings } from "../../../components/settings/settings.ts";
import { identityPolicySpec } from "../../../components/tenant/traffic.ts";

export interface TenantTraffic {
  /** Other tenants, each with TCP ports of the receiving pods. */
  callers: Peer[];
  calls: Peer[];
  /** TCP ports, and the namespace that they are open to. */
  ingress?: Gateway;
  monitoring?: Gateway;
  outside: TrafficSettings["outside"];
  /** Pods that act as the tenant's identity, in its first namespace: TCP ports of all public addresses. */
  azure?: { namespace: string; accounts: string[]; ports: number[] };
  /** Whether a pod reaches the address from which it would get the node's identity. */
  metadata: boolean;
}

export interface Gateway {
  namespace: string;
  ports: number[];
}

export interface Crossing {
  from: string;
  to: string;
  ports: number[];
}

/** The instance metadata service of Azure (learn.microsoft.com/azure/virtual-machines/instance-metadata-service). */
const metadataAddress = "169.254.169.254/32";

export function tenantTraffic({ traffic, namespaces, serviceAccounts }: TenantSettings, settings: Settings): TenantTraffic {
  const { tenancy } = settings;
  const gateway = (namespace: string | undefined, ports: number[]): Gateway | undefined => (namespace === undefined || ports.length === 0 ? undefined : { namespace, ports });
  const azure = serviceAccounts.length > 0 ? identityPolicySpec(settings).egress : [];
  const ranges = [...traffic.outside, ...azure.flatMap(({ to }) => to.map(({ ipBlock }) => ipBlock))];
  return {
    callers: sorted(traffic.callers),
    calls: sorted(traffic.calls),
    ingress: gateway(tenancy.ingressNamespace, traffic.ingressPorts),
    monitoring: gateway(tenancy.monitoringNamespace, traffic.monitoringPorts),
    outside: traffic.outside,
    ...(azure.length > 0 && { azure: { namespace: namespaces[0]!.name, accounts: serviceAccounts, ports: azure.flatMap(({ ports }) => ports.map(({ port }) => port)) } }),
    metadata: ranges.some(({ cidr, except }) => within(metadataAddress, cidr) && !except.some((closed) => within(metadataAddress, closed))),
  };
}

const sorted = (peers: readonly Peer[]): Peer[] => [...peers].sort((a, b) => (a.tenant < b.tenant ? -1 : 1));

/** Every allowance from one tenant to another. */
export function crossings(tenants: readonly TenantSettings[]): Crossing[] {
  return tenants.flatMap(({ name, traffic }) => traffic.callers.map(({ tenant, ports }) => ({ from: tenant, to: name, ports })));
}
