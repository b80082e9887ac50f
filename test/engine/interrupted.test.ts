/**
 * Runs that end before they are done: by Ctrl-C, which the engine answers by finishing what is under way, and by
 * SIGKILL, which leaves a lock and perhaps an operation of which nobody knows how it ended.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { after, describe, test } from "node:test";
import type { RunResult } from "../../local/pulumi-process.ts";
import { Environment } from "./environment.ts";

/** Runs an `up` and sends `signal` when `count` lines matching `line` were printed. */
async function upInterrupted(environment: Environment, signal: NodeJS.Signals, line: RegExp, count: number): Promise<RunResult> {
  let engine: ChildProcess | undefined;
  let seen = 0;
  const result = await environment.operate("up", ["--yes", "--skip-preview"], {
    onStart: (child) => (engine = child),
    onLine: (text) => {
      if (line.test(text) && ++seen === count) engine!.kill(signal);
    },
  });
  assert.ok(seen >= count, `the run ended by itself after ${seen} such lines:\n${result.stdout.slice(-2000)}`);
  return result;
}

/** Whether an `up` goes through and leaves nothing to do. */
async function converges(environment: Environment): Promise<void> {
  await environment.up();
  assert.deepEqual(await environment.preview(), []);
}

describe("Ctrl-C", async () => {
  const environment = await Environment.open("staging");
  after(() => environment.close());

  // Each goes on where the one before stopped: at the start, in Azure, among the tenants.
  for (const count of [2, 25, 12]) {
    test(`after ${count} more resources: the run ends well and unlocks the state`, async () => {
      const { code, stdout, stderr } = await upInterrupted(environment, "SIGINT", / created( |$)/, count);
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, /cancel/i);
    });
  }

  test("and the next up brings everything there is to bring", () => converges(environment));
});

describe("SIGKILL", async () => {
  const environment = await Environment.open("staging");
  after(() => environment.close());

  for (const count of [12, 30]) {
    test(`after ${count} more resources were begun: the lock is named, and cancel lifts it`, async () => {
      await upInterrupted(environment, "SIGKILL", / creating( |$)/, count);
      const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"]);
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, /the stack is currently locked by 1 lock/);
      assert.match(stdout + stderr, /pulumi cancel/);
      const cancelled = await environment.run(["cancel", "--yes", "--stack", "staging"]);
      assert.equal(cancelled.code, 0, cancelled.stderr);
    });
  }

  test("the next up converges, or names what it cannot know", async () => {
    const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"]);
    console.log(code, stdout.slice(0, 3000), stdout.slice(-1500), stderr);
  });

  test("nothing is left to do", () => converges(environment));
});
