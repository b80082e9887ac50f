/** A quota holds for one namespace, a tenant's is for all of them: each gets a part, and the parts are the whole. */
import type { QuotaSettings } from "./settings.ts";
import { amount } from "./values.ts";

/** Percent of the whole by namespace: what is written, and for the others an even part of what is left (0 where nothing is). */
export function percentages(written: readonly (number | undefined)[]): number[] {
  const left = Math.max(0, 100 - written.reduce<number>((sum, share) => sum + (share ?? 0), 0));
  const even = split(left, written.filter((share) => share === undefined).map(() => 1));
  return written.map((share) => share ?? even.shift()!);
}

/** `percent` has one entry a namespace, together at most 100. */
export function quotaShares(whole: QuotaSettings, percent: readonly number[]): QuotaSettings[] {
  // A single namespace has what was written, to the letter.
  if (percent.length === 1 && percent[0] === 100) return [whole];
  const counts = (count: number) => split(count, percent);
  const cpu = split(Math.round(amount(whole.cpu) * 1000), percent);
  const memory = split(Math.floor(amount(whole.memory) / mebi), percent);
  const storage = split(Math.floor(amount(whole.storage) / mebi), percent);
  const parts = {
    pods: counts(whole.pods),
    volumes: counts(whole.volumes),
    services: counts(whole.services),
    loadBalancers: counts(whole.loadBalancers),
    configMaps: counts(whole.configMaps),
    secrets: counts(whole.secrets),
    jobs: counts(whole.jobs),
    objects: counts(whole.objects),
    fluxObjects: counts(whole.fluxObjects),
  };
  return percent.map((_, index) => ({
    cpu: `${cpu[index]}m`,
    memory: `${memory[index]}Mi`,
    storage: `${storage[index]}Mi`,
    ...(Object.fromEntries(Object.entries(parts).map(([name, values]) => [name, values[index]!])) as { [name in keyof typeof parts]: number }),
  }));
}

const mebi = 2 ** 20;

/** Whole parts of `total` in proportion to `weights`; what rounding down leaves goes to those from which it took most, the first before others. */
function split(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const parts = weights.map((weight) => Math.floor((total * weight) / sum));
  const rest = total - parts.reduce((all, part) => all + part, 0);
  const taken = weights.map((weight, index) => ({ index, amount: (total * weight) % sum })).sort((a, b) => b.amount - a.amount || a.index - b.index);
  for (const { index } of taken.slice(0, rest)) parts[index]!++;
  return parts;
}
