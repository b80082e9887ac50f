/** What the network policies of a cluster let through, read as a CNI reads them (kubernetes.io/docs/concepts/services-networking/network-policies). */
import { BlockList } from "node:net";
import type { Values } from "../../local/standins/contract.ts";

type Labels = Record<string, string>;
interface Selector {
  matchLabels?: Labels;
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface Port {
  port: number;
}
interface Spec {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: { from?: Peer[]; ports?: Port[] }[];
  egress?: { to?: Peer[]; ports?: Port[] }[];
}

/** Some pods. */
export interface Source {
  namespace: string;
  labels: Labels;
}

/** Whether these pods may connect to an IPv4 address, on any port. */
export function connectsTo(objects: readonly Values[], pods: Source, address: string): boolean {
  const specs = policiesOf(objects, pods, "Egress");
  const reaches = ({ ipBlock }: Peer) => ipBlock !== undefined && inRange(address, ipBlock.cidr) && !(ipBlock.except ?? []).some((range) => inRange(address, range));
  return specs.length === 0 || specs.some(({ egress = [] }) => egress.some(({ to }) => to === undefined || to.some(reaches)));
}

/** Whether these pods are reached from others, on this port. */
export function acceptsFrom(objects: readonly Values[], pods: Source, from: Source, port: number): boolean {
  const specs = policiesOf(objects, pods, "Ingress");
  const comes = ({ podSelector, namespaceSelector }: Peer) => {
    if (podSelector === undefined && namespaceSelector === undefined) return false;
    const there = namespaceSelector === undefined ? from.namespace === pods.namespace : selects(namespaceSelector, labelsOf(objects, from.namespace));
    return there && (podSelector === undefined || selects(podSelector, from.labels));
  };
  return (
    specs.length === 0 ||
    specs.some(({ ingress = [] }) => ingress.some((rule) => (rule.ports === undefined || rule.ports.some((open) => open.port === port)) && (rule.from === undefined || rule.from.some(comes))))
  );
}

function policiesOf(objects: readonly Values[], { namespace, labels }: Source, direction: string): Spec[] {
  return objects
    .filter(({ kind, metadata }) => kind === "NetworkPolicy" && (metadata as { namespace: string }).namespace === namespace)
    .map(({ spec }) => spec as unknown as Spec)
    .filter(({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, labels));
}

/** Of a namespace that the program does not make, the one label that the API server sets. */
function labelsOf(objects: readonly Values[], namespace: string): Labels {
  const found = objects.find(({ kind, metadata }) => kind === "Namespace" && (metadata as { name: string }).name === namespace);
  return { ...(found?.metadata as { labels?: Labels } | undefined)?.labels, "kubernetes.io/metadata.name": namespace };
}

const selects = ({ matchLabels = {} }: Selector, labels: Labels): boolean => Object.entries(matchLabels).every(([name, value]) => labels[name] === value);

function inRange(address: string, range: string): boolean {
  const [network, bits] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network!, Number(bits), "ipv4");
  return list.check(address);
}
