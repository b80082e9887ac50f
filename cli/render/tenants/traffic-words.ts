/** A tenant's traffic in words. Its pods talk to each other and ask the cluster's DNS; that is said once, for all. */
import type { Phrase } from "./facts.ts";
import type { TenantTraffic } from "./traffic.ts";
import { ports } from "./words.ts";

export function trafficIn({ callers, ingress, monitoring }: TenantTraffic): Phrase[] {
  const found: Phrase[] = [
    ...callers.map(({ tenant, ports: list }): Phrase => [{ code: tenant }, ` on ${ports(list)}`]),
    ...(ingress ? [["the ingress controller on ", ports(ingress.ports)]] : []),
    ...(monitoring ? [["monitoring on ", ports(monitoring.ports)]] : []),
  ];
  return found.length > 0 ? found : [["nobody else"]];
}

export function trafficOut({ calls, outside, azure, metadata }: TenantTraffic): Phrase[] {
  const found: Phrase[] = [
    ...calls.map(({ tenant, ports: list }): Phrase => [{ code: tenant }, ` on ${ports(list)}`]),
    ...outside.map(({ name, cidr, except, ports: list, protocol }): Phrase => [
      `${name} (`,
      { code: cidr },
      ...(except.length > 0 ? [" without ", ...except.flatMap((range, index) => (index === 0 ? [{ code: range }] : [", ", { code: range }]))] : []),
      `) on ${ports(list, protocol)}`,
    ]),
    ...(azure ? [["Azure and all public addresses on ", ports(azure.ports), ", pods with the identity only"]] : []),
    ...(metadata ? [["THE METADATA ADDRESS OF THE NODE"]] : []),
  ];
  return found.length > 0 ? found : [["nothing else"]];
}
