/** Tests that every production environment has: changes of its settings, previewed and compared with the tables. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Environment } from "../environment.ts";
import { changed, planOf, settingsOf } from "../plans.ts";
import type { Settings } from "../plans.ts";
import { Arguments } from "./arguments.ts";
import type { Stop } from "./create-only.ts";
import type { Change } from "./mutable.ts";
import { objects } from "./remade.ts";
import { differences } from "./settings.ts";

/** Settings of which a change was previewed. */
export const covered = new Set<string>();
/** Create-only arguments that the programs write, and those that a change of settings changes. */
export const written = new Set<string>();
export const reached = new Set<string>();

/** Previews do not lock the state. */
const concurrency = 2;

/** An environment that is up while the tests of a suite run. */
export class Running {
  #environment: Environment | undefined;
  #arguments: Arguments | undefined;

  constructor(open: () => Promise<Environment>) {
    before(async () => {
      this.#environment = await open();
      this.#arguments = await Arguments.of(this.#environment);
      for (const argument of this.#arguments.written) written.add(argument);
      await this.#environment.up();
    });
    after(() => this.#environment?.close());
  }

  /** To be asked for within a test. */
  get environment(): Environment {
    return this.#environment!;
  }

  /** Notes the settings that a change covers. */
  cover(set: Settings): void {
    const settings = settingsOf(this.environment);
    for (const setting of differences(settings, changed(settings, set))) covered.add(setting);
  }

  /** Notes the create-only arguments that a change reaches, and returns them. */
  async reach(set: Settings): Promise<string[]> {
    const all = await this.#arguments!.changedBy(set);
    for (const argument of all) reached.add(argument);
    return all;
  }

  /** Changes the stack file for good. */
  change(set: Settings): void {
    const settings = changed(settingsOf(this.environment), set);
    this.environment.configure((config) => {
      for (const key of Object.keys(config).filter((name) => !name.includes(":"))) delete config[key];
      Object.assign(config, settings);
    });
  }

  /** Each batch is one preview, whose plan is compared to the letter. `inPlace`: nothing is made anew, and nothing create-only touched. */
  plans(name: string, batches: Record<string, Change[]>, { inPlace = false } = {}): void {
    describe(name, { concurrency }, () => {
      for (const [batch, changes] of Object.entries(batches)) {
        test(batch, async () => {
          const { code, steps, output } = await planOf(this.environment, together(changes));
          assert.equal(code, 0, output);
          assert.deepEqual(withoutObjects(steps), changes.flatMap(({ plans }) => plans).sort());
          this.cover(together(changes));
          const createOnly = await this.reach(together(changes));
          if (!inPlace) return;
          for (const step of steps) assert.match(step, /^(create|update|delete) /);
          assert.deepEqual(createOnly, []);
        });
      }
    });
  }

  /** Each change is one preview, which must end with what protection refuses. */
  stops(changes: Stop[]): void {
    describe("a setting that cannot change", { concurrency }, () => {
      for (const stop of changes) {
        test(Object.keys(stop.set).join(", "), async () => {
          await this.isStopped(stop);
          this.cover(stop.set);
        });
      }
    });
  }

  async isStopped({ set, stops }: Stop): Promise<void> {
    const { code, refused, output } = await planOf(this.environment, set);
    assert.notEqual(code, 0);
    assert.ok(refused.includes(stops), `${refused.join(", ")}\n${output}`);
  }
}

export const together = (changes: { set: Settings }[]): Settings => Object.assign({}, ...changes.map(({ set }) => set)) as Settings;

/** Objects are made anew with the provider that leads to another cluster: one line stands for them all. */
function withoutObjects(steps: string[]): string[] {
  return steps.includes(objects) ? steps.filter((step) => !/^replace \S+ \S+(: provider)?$/.test(step)) : steps;
}
