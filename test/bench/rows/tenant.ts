import type { Bench } from "../bench-run.ts";
import { Sample, verdict } from "../measure.ts";
import type { Line } from "../table.ts";

/** What the least that a team can write costs: `{}`, everything by default. */
export async function smallestTenant(bench: Bench): Promise<Line[]> {
  const name = "sampleteam";
  const [without, withOne] = [await bench.registered([]), await bench.registered([name], () => ({}))];
  const known = new Set(without.map(({ urn }) => urn));
  const own = withOne.filter(({ urn }) => !known.has(urn));
  const objects = own.filter(({ type, inputs }) => type.startsWith("kubernetes:") && "kind" in inputs).length;
  const line = (what: string, count: number, atMost: number): Line => ({
    what,
    measured: "counted",
    result: String(count),
    goal: `≤ ${atMost}`,
    verdict: verdict(new Sample([count]), { atMost }),
  });
  return [line("smallest team: Kubernetes objects", objects, 12), line("smallest team: entries in the state", own.length, 16)];
}
