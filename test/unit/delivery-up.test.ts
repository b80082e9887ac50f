/** `npm run up`: the check before it, and what becomes of Pulumi when the job is cancelled. Pulumi is a script that keeps a record of its signals. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, beforeEach, describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { startTimeOf, waitUntil } from "../../local/processes.ts";

const scratch = mkdtempSync(join(tmpdir(), "mooring-up-"));
const bin = join(scratch, "bin");
const signals = join(scratch, "signals");
const finish = join(scratch, "finish");
const patience = 20_000;
mkdirSync(bin);
after(() => rmSync(scratch, { recursive: true, force: true }));
beforeEach(() => {
  for (const file of [signals, finish, join(scratch, "called")]) rmSync(file, { force: true });
  rmSync(join(scratch, ".mooring"), { recursive: true, force: true });
});

/**
 * Behaves as npm's `pulumi`, which does not pass signals on: a leader that ends at a signal, and beneath it the program, which
 * writes down each signal and ends when `finish` appears. `preview` answers with `plan`, one line of JSON each.
 */
function installPulumi(plan: object[], exit = 0): void {
  writeFileSync(join(bin, "pulumi"), `#!/bin/bash
echo "$*" >>'${scratch}/called'
if [ "$1" = preview ]; then
${plan.map((line) => `echo '${JSON.stringify(line)}'`).join("\n")}
exit 0
fi
'${process.execPath}' -e '
  const { appendFileSync, existsSync } = require("node:fs");
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => appendFileSync("${signals}", signal + "\\n"));
  console.log("working");
  const timer = setInterval(() => { if (existsSync("${finish}")) { console.log("finished"); clearInterval(timer); process.exit(${exit}); } }, 20);
' &
wait $!
`);
  chmodSync(join(bin, "pulumi"), 0o755);
}

const packs = { summaryEvent: { PolicyPacks: { "mooring|local|policies": "1" } } };
const loss = { resourcePreEvent: { metadata: { op: "delete", urn: "urn:pulumi:staging::mooring::azure-native:keyvault:Vault::vault", type: "azure-native:keyvault:Vault", old: { custom: true }, new: null } } };

interface Run {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

/** `up` or `stop` as a process of its own, with `scratch` as the project. */
function start(call: string): Run {
  const program = `
    import { up, stop } from ${JSON.stringify(pathToFileURL(join(projectRoot, "cli/up.ts")).href)};
    process.stdout.on("error", () => {});
    const write = (text) => void process.stdout.write(text);
    const place = { root: ${JSON.stringify(scratch)}, stack: "staging", env: process.env };
    try { process.exitCode = (await ${call}) === false ? 1 : 0; } catch (error) { write(error.message + "\\n"); process.exitCode = 9; }
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: projectRoot, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` }, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (output += text));
  return { child, output: () => output, ended: new Promise((resolve) => child.once("close", resolve)) };
}

const says = async (run: Run, text: string): Promise<void> => assert.ok(await waitUntil(() => run.output().includes(text), patience), `${text} is not in: ${run.output()}`);
const received = (): string => (existsSync(signals) ? readFileSync(signals, "utf8") : "");
const calls = (): string[] => readFileSync(join(scratch, "called"), "utf8").trim().split("\n").map((line) => line.split(" ")[0]!);

describe("up", () => {
  test("previews, and runs with the policies; its exit code is Pulumi's", async () => {
    for (const [exit, code] of [[0, 0], [3, 1]] as const) {
      rmSync(join(scratch, "called"), { force: true });
      installPulumi([packs], exit);
      writeFileSync(finish, "");
      const run = start("up(place, { write })");
      assert.equal(await run.ended, code, run.output());
      assert.match(run.output(), /nothing stands against it[\s\S]*working\nfinished/);
      assert.deepEqual(calls(), ["preview", "up"]);
      const [, up = ""] = readFileSync(join(scratch, "called"), "utf8").split("\n");
      for (const option of ["--stack staging", "--yes", "--non-interactive", "--policy-pack policies"]) assert.ok(up.includes(option), up);
      assert.doesNotMatch(up, /skip-preview/);
    }
  });

  test("what loses something does not begin, unless it is accepted by name", async () => {
    installPulumi([loss, packs]);
    writeFileSync(finish, "");
    const refused = start("up(place, { write })");
    assert.equal(await refused.ended, 1);
    assert.match(refused.output(), /refused +Vault vault|refused .*vault/);
    assert.deepEqual(calls(), ["preview"]);
    const accepted = start('up(place, { write, accepted: ["vault"] })');
    assert.equal(await accepted.ended, 0, accepted.output());
  });

  test("without the policy pack it does not begin either", async () => {
    installPulumi([{ summaryEvent: { PolicyPacks: {} } }]);
    const run = start("up(place, { write })");
    assert.equal(await run.ended, 1);
    assert.deepEqual(calls(), ["preview"]);
  });
});

describe("a cancelled job", () => {
  test("asks Pulumi to end once, and waits while it may", async () => {
    installPulumi([packs]);
    const run = start("up(place, { write })");
    await says(run, "working");
    run.child.kill("SIGINT");
    assert.ok(await waitUntil(() => received() === "SIGINT\n", patience), received());
    writeFileSync(finish, "");
    assert.equal(await run.ended, 9);
    assert.match(run.output(), /finished\n[\s\S]*stopped\. What was under way is finished/);
    assert.equal(received(), "SIGINT\n");
  });

  test("that is killed leaves Pulumi at work; `stop` waits for it and sends no second signal", async () => {
    installPulumi([packs]);
    const run = start("up(place, { write })");
    await says(run, "working");
    // As the runners do it: SIGINT, SIGTERM, SIGKILL.
    run.child.kill("SIGINT");
    assert.ok(await waitUntil(() => received() !== "", patience));
    run.child.kill("SIGTERM");
    assert.equal(await run.ended, 9);
    assert.match(run.output(), /--stop` waits for it/);

    const stop = start("stop(place, write, 60)");
    await says(stop, "waiting for Pulumi");
    assert.equal(await Promise.race([stop.ended, waitUntil(() => false, 500)]), false, "it does not wait");
    writeFileSync(finish, "");
    assert.equal(await stop.ended, 0);
    assert.match(stop.output(), /finished\n[\s\S]*Pulumi has ended/);
    assert.equal(received(), "SIGINT\n", "a second signal would end Pulumi at once");
  });

  test("whose process never heard of it: `stop` asks Pulumi itself", async () => {
    installPulumi([packs]);
    const run = start("up(place, { write })");
    await says(run, "working");
    run.child.kill("SIGKILL");
    await run.ended;
    const stop = start("stop(place, write, 60)");
    assert.ok(await waitUntil(() => received() === "SIGINT\n", patience));
    writeFileSync(finish, "");
    assert.equal(await stop.ended, 0, stop.output());
  });

  test("that lasts too long is said to, with the remedy", async () => {
    installPulumi([packs]);
    const run = start("up(place, { write })");
    await says(run, "working");
    run.child.kill("SIGKILL");
    await run.ended;
    const stop = start("stop(place, write, 1)");
    assert.equal(await stop.ended, 9);
    assert.match(stop.output(), /has not ended after 1 s.*npm run recover -- staging/);
    writeFileSync(finish, "");
    const again = start("stop(place, write, 60)");
    assert.equal(await again.ended, 0);
  });

  test("with nothing under way, or somebody else's process of that number, is left alone", async () => {
    const idle = start("stop(place, write, 60)");
    assert.equal(await idle.ended, 0);
    assert.match(idle.output(), /no run of this machine is under way/);
    const folder = join(scratch, ".mooring/up/staging");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "log"), "");
    writeFileSync(join(folder, "process.json"), JSON.stringify({ pid: process.pid, started: `${startTimeOf(process.pid)}0` }));
    const other = start("stop(place, write, 60)");
    assert.equal(await other.ended, 0);
    assert.match(other.output(), /no run of this machine is under way/);
  });
});
