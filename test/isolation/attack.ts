/** Attacks as data, and the tests that they become. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lab } from "./lab.ts";
import { deniedBy } from "./report.ts";
import type { Line } from "./report.ts";
import type { Rendered } from "./rendered.ts";
import { ask } from "./requests.ts";
import type { Request } from "./requests.ts";
import { clientOf } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

/** What a good team would do instead. */
export interface Legal {
  as: Subject;
  does: Request;
}

export interface Trial extends Legal {
  /** The status and the words of the denial. */
  denied: RegExp;
  /** Absent: without the lockdown it succeeds. Else what still denies it, which is then not ours. */
  otherwise?: { denied: RegExp; because: string };
}

/** A part of the denial that is not the API server's, and the setting that makes it; `the program`: what there is to attack at all. */
export interface Elsewhere {
  who: "Flux" | "the network" | "Azure" | "GitHub" | "the program";
  setting: string;
  /** Throws where what the program renders lacks the setting. Of a usual installation it must throw. */
  holds: (rendered: Rendered) => void;
}

export interface Attack {
  /** To 42: as in the research on Flux's multi-tenancy. */
  number: number;
  what: string;
  /** What must really exist before. */
  prepare?: (lab: Lab) => Promise<unknown>;
  trials?: Trial[];
  legal: Legal[];
  elsewhere?: Elsewhere[];
}

/** Registers a test for each attack; `lab` is there once they run. Answers with the lines of the table, filled by the tests. */
export function denials(attacks: readonly Attack[], lab: () => Lab, rendered: () => Rendered): Line[] {
  return attacks.map((attack) => {
    const { number, what, prepare, trials = [], legal, elsewhere = [] } = attack;
    const line: Line = { number, what, denied: new Set(), requests: 0, allowed: 0, settings: elsewhere.map(({ setting }) => setting) };
    test(`${number} ${what}`, async (t) => {
      assert.ok(trials.length + elsewhere.length > 0, "nothing denies it");
      assert.ok(legal.length > 0, "it has no legal sibling");
      await prepare?.(lab());
      for (const { as, does, denied } of trials) {
        await t.test(`denied to ${as.title}`, async () => {
          const { allowed, words } = await ask(lab(), await clientOf(lab(), as), does);
          assert.equal(allowed, false, "the attack gets through");
          assert.match(words, denied);
          line.denied.add(deniedBy(words));
          line.requests++;
        });
      }
      for (const { as, does } of legal) {
        await t.test(`allowed to ${as.title}`, async () => {
          const { allowed, words } = await ask(lab(), await clientOf(lab(), as), does);
          assert.ok(allowed, words);
          line.allowed++;
        });
      }
      for (const { who, setting, holds } of elsewhere) {
        await t.test(`left to ${who}: ${setting}`, () => {
          holds(rendered());
          line.denied.add(who);
        });
      }
    });
    return line;
  });
}

/** The same attacks where the lockdown is off: they succeed, and the settings are missed. */
export function successes(attacks: readonly Attack[], lab: () => Lab, rendered: () => Rendered): void {
  for (const { number, what, prepare, trials = [], elsewhere = [] } of attacks) {
    test(`${number} ${what}`, async (t) => {
      await prepare?.(lab());
      for (const { as, does, otherwise } of trials) {
        await t.test(otherwise ? `still denied to ${as.title}: ${otherwise.because}` : `open to ${as.title}`, async () => {
          const { allowed, words } = await ask(lab(), await clientOf(lab(), as), does);
          if (otherwise) assert.match(words, otherwise.denied);
          else assert.ok(allowed, words);
        });
      }
      for (const { who, setting, holds } of elsewhere) {
        await t.test(`not left to ${who} without ${setting}`, () => {
          assert.throws(() => holds(rendered()), assert.AssertionError);
        });
      }
    });
  }
}
