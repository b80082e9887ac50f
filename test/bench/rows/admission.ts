/** What the admission rules cost whoever applies an object in a team's namespace. */
import { setTimeout as delay } from "node:timers/promises";
import type { Values } from "../../../local/standins/contract.ts";
import { accepted, collectionPath } from "../../../local/standins/kubernetes/rest.ts";
import type { KubernetesClient } from "../../../local/standins/kubernetes/rest.ts";
import { openLab } from "../../isolation/lab.ts";
import type { Lab } from "../../isolation/lab.ts";
import { configuration } from "../../settings.ts";
import type { Bench } from "../bench-run.ts";
import { milliseconds, Sample, verdict } from "../measure.ts";
import type { Line } from "../table.ts";
import { labSettings, team, typicalObjects } from "./admission-objects.ts";

/** Applications of each object in a round with the rules, and as many without them. */
const times = 30;
/** Before those that count: of each object, after the rules came or went. */
const warmUp = 5;
const goalMs = 5;

/**
 * Server-side dry runs in the name of the team's reconciler against a real API server, once with the rules' bindings and once
 * without: a rule without a binding is not looked at. Same server, namespace, quota and objects; which of the two comes first
 * changes with every round. The objects are new to the server, so that no rule is skipped because nothing changed.
 */
export async function admission(bench: Bench): Promise<Line[]> {
  const lab = await openLab(configuration(labSettings));
  try {
    const rules = new Rules(lab);
    const client = lab.admin.as(`system:serviceaccount:${team}-flux:reconciler`, ["system:serviceaccounts", `system:serviceaccounts:${team}-flux`, "system:authenticated"]);
    const objects = await Promise.all(typicalObjects.map(async (object) => ({ object, path: (await lab.discovery.paths(object)).object })));
    const rounds: Record<"on" | "off", Sample[][]> = { on: [], off: [] };
    for (let round = 0; round < bench.repetitions(10, 4); round++) {
      for (const state of round % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const)) {
        await rules[state]();
        rounds[state].push(await measure(client, objects));
      }
    }
    const results = typicalObjects.map(({ kind }, index) => {
      const medians = (state: "on" | "off") => new Sample(rounds[state].map((samples) => samples[index]!.median));
      const [on, off] = [medians("on"), medians("off")];
      return { kind: kind as string, on, off, added: new Sample(on.values.map((value, round) => value - off.values[round]!)) };
    });
    for (const { kind, on, off, added } of results) bench.say(`dry run, ${kind}: without rules ${off.text(milliseconds)}, with rules ${on.text(milliseconds)}, added ${added.text(milliseconds)}`);
    const { kind, on, off, added } = results.toSorted((a, b) => b.added.median - a.added.median)[0]!;
    return [
      {
        what: `admission rules: added to an object's dry run (of ${results.length} kinds ${kind}, the most)`,
        measured: `without ${off.text(milliseconds)}, with ${on.text(milliseconds)}; ${on.values.length} rounds of ${times}`,
        result: added.text(milliseconds),
        goal: `≤ ${goalMs} ms`,
        verdict: verdict(added, { atMost: goalMs }),
      },
    ];
  } finally {
    await lab.close();
  }
}

/** One sample an object, of milliseconds; the objects take turns. */
async function measure(client: KubernetesClient, objects: { object: Values; path: string }[]): Promise<Sample[]> {
  const runs = objects.map((): number[] => []);
  for (let time = -warmUp; time < times; time++) {
    for (const [index, { object, path }] of objects.entries()) {
      const began = performance.now();
      await client.apply(path, object, { dryRun: true, fieldManager: "kustomize-controller" });
      if (time >= 0) runs[index]!.push(performance.now() - began);
    }
  }
  return runs.map((values) => new Sample(values));
}

const SETTLE_MS = 60_000;
const PAUSE_MS = 50;

/** Switches all rules on and off. They are on to begin with. */
class Rules {
  private readonly lab: Lab;
  /** The rule that is looked at comes and goes last: the server learns of changes in their order. */
  private readonly bindings: Values[];

  constructor(lab: Lab) {
    this.lab = lab;
    const bindings = lab.objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
    const isLast = ({ spec }: Values): boolean => (spec as { policyName: string }).policyName === "mooring-tenant-services";
    this.bindings = [...bindings.filter((binding) => !isLast(binding)), ...bindings.filter(isLast)];
    if (!isLast(this.bindings.at(-1) ?? { spec: {} })) throw new Error("there is no rule about Services; correct test/bench/rows/admission.ts");
  }

  async on(): Promise<void> {
    for (const binding of this.bindings) await this.lab.admin.apply(await this.path(binding), binding);
    await this.until(403);
  }

  async off(): Promise<void> {
    for (const binding of this.bindings) await this.lab.admin.delete(await this.path(binding));
    await this.until(201);
  }

  private async path(binding: Values): Promise<string> {
    return (await this.lab.discovery.paths(binding)).object;
  }

  /** Until the server answers so to a Service of a type that the team may not have. */
  private async until(status: number): Promise<void> {
    const forbidden = { apiVersion: "v1", kind: "Service", metadata: { name: "probe", namespace: team }, spec: { type: "ExternalName", externalName: "probe.example" } };
    const end = performance.now() + SETTLE_MS;
    for (;;) {
      const answer = await this.lab.admin.request("POST", collectionPath("v1", "services", team), { query: { dryRun: "All" }, body: forbidden });
      if (answer.status === status) return;
      if (answer.status !== 403) accepted(answer);
      if (performance.now() > end) throw new Error(`after ${SETTLE_MS / 1000} s the API server still answers ${answer.status} where the rules want ${status}`);
      await delay(PAUSE_MS);
    }
  }
}
