/** Quotas and capacity as rows of tables. */
import type { Amounts, Capacity, PoolCapacity } from "./capacity.ts";
import { quotaAmounts } from "./capacity.ts";
import type { Page } from "./model.ts";
import { gib, listing, number, plural } from "./words.ts";

const unknown = "not known";
const asked = "disks as asked for";

/** What is measured, in which words, and how an amount of it is written. */
export const measures: { name: keyof Amounts; title: string; write: (value: number) => string }[] = [
  { name: "cpu", title: "CPU", write: number },
  { name: "memory", title: "Memory", write: gib },
  { name: "pods", title: "Pods", write: number },
  { name: "storage", title: "Volumes", write: gib },
];

export interface Measured {
  title: string;
  promised: string;
  least: string;
  most: string;
  /** Of the most; absent where that is not known. */
  share?: number;
  /** Of the most likewise: where the least stands. */
  leastShare?: number;
}

export function measured({ promised, least, most }: Capacity): Measured[] {
  return measures.map(({ name, title, write }) => {
    // Disks are made as they are asked for.
    if (name === "storage") return { title, promised: write(promised.storage), least: asked, most: asked };
    const [from, to] = [least[name], most[name]];
    return {
      title,
      promised: write(promised[name]),
      least: from === undefined ? unknown : write(from),
      most: to === undefined ? unknown : write(to),
      ...(to !== undefined && to > 0 && { share: promised[name] / to, leastShare: (from ?? 0) / to }),
    };
  });
}

export const percent = (share: number): string => `${number(Math.round(share * 100))} %`;

export function capacityRows(capacity: Capacity): string[][] {
  return measured(capacity).map(({ title, promised, least, most, share }) => [title, promised, least, most, share === undefined ? "" : percent(share)]);
}

export function poolRows(pools: readonly PoolCapacity[]): string[][] {
  return pools.map((pool) => {
    const { name, min, max, vmSize, node, spot, tenants, promised } = pool;
    const has = [node.cpu === undefined ? "CPU not known" : `${number(node.cpu)} CPU`, node.memory === undefined ? "memory not known" : gib(node.memory), `${number(node.pods!)} pods`];
    return [
      name,
      min === max ? number(min) : `${number(min)} to ${number(max)}`,
      vmSize + (spot ? ", spot" : ""),
      has.join(", "),
      purpose(pool),
      tenants.length === 0 ? "" : `${plural(tenants.length, "tenant")}: ${number(promised.cpu)} CPU, ${gib(promised.memory)}`,
    ];
  });
}

function purpose({ for: who }: PoolCapacity): string {
  if (who === "all") return "all";
  if ("system" in who) return "the platform";
  return "tenant" in who ? `${who.tenant} only` : `who tolerates ${listing(who.taints)}`;
}

export function quotaRows({ tenants }: Page): string[][] {
  return tenants.map(({ tenant }) => {
    const amounts = quotaAmounts(tenant.quota);
    return [tenant.name, ...measures.map(({ name, write }) => write(amounts[name])), tenant.nodePool?.name ?? "for all"];
  });
}
