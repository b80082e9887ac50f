/** What network policies let through, read as a CNI reads them (kubernetes.io/docs/concepts/services-networking/network-policies). */
import { BlockList } from "node:net";
import type { Values } from "../local/standins/contract.ts";

export interface Pods {
  namespace: string;
  labels?: Record<string, string>;
}

export interface Port {
  port: number;
  protocol: string;
}

interface Selector {
  matchLabels?: Record<string, string>;
}

interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}

interface Policy {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: { from?: Peer[]; ports?: Port[] }[];
  egress?: { to?: Peer[]; ports?: Port[] }[];
}

/** Both ends must let it through. */
export function connects(objects: readonly Values[], from: Pods, to: Pods | string, port: Port): boolean {
  const goes = policies(objects, from, "Egress");
  const out = goes.length === 0 || goes.some(({ egress = [] }) => egress.some((rule) => isOpen(rule.ports, port) && (rule.to ?? [{ ipBlock: { cidr: "0.0.0.0/0" } }]).some((peer) => isPeer(objects, peer, to, from.namespace))));
  if (typeof to === "string") return out;
  const comes = policies(objects, to, "Ingress");
  return out && (comes.length === 0 || comes.some(({ ingress = [] }) => ingress.some((rule) => isOpen(rule.ports, port) && (rule.from === undefined || rule.from.some((peer) => isPeer(objects, peer, from, to.namespace))))));
}

/** Whether an address lies in a range. */
export function inRange(address: string, range: string): boolean {
  const [network, bits] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network!, Number(bits), "ipv4");
  return list.check(address);
}

const isOpen = (ports: readonly Port[] | undefined, { port, protocol }: Port): boolean => ports === undefined || ports.some((open) => open.port === port && open.protocol === protocol);

/** A selector of pods alone means those of the policy's own namespace. */
function isPeer(objects: readonly Values[], { ipBlock, namespaceSelector, podSelector }: Peer, end: Pods | string, home: string): boolean {
  if (typeof end === "string") return ipBlock !== undefined && inRange(end, ipBlock.cidr) && !(ipBlock.except ?? []).some((range) => inRange(end, range));
  if (ipBlock !== undefined) return false;
  return (namespaceSelector === undefined ? end.namespace === home : selects(namespaceSelector, labelsOf(objects, end.namespace))) && (podSelector === undefined || selects(podSelector, end.labels ?? {}));
}

function policies(objects: readonly Values[], { namespace, labels = {} }: Pods, direction: string): Policy[] {
  return objects
    .filter(({ kind, metadata }) => kind === "NetworkPolicy" && (metadata as { namespace: string }).namespace === namespace)
    .map(({ spec }) => spec as unknown as Policy)
    .filter(({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, labels));
}

/** Of a namespace that nobody made here there is the one label that the API server sets. */
function labelsOf(objects: readonly Values[], namespace: string): Record<string, string> {
  const found = objects.find(({ kind, metadata }) => kind === "Namespace" && (metadata as { name: string }).name === namespace);
  return { ...(found?.metadata as { labels?: Record<string, string> } | undefined)?.labels, "kubernetes.io/metadata.name": namespace };
}

const selects = ({ matchLabels = {} }: Selector, labels: Record<string, string>): boolean => Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
