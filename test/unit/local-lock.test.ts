import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tryLock, waitForLock } from "../../local/lock.ts";
import { endProcess, findProcesses, startTimeOf } from "../../local/processes.ts";

const folder = mkdtempSync(join(tmpdir(), "mooring-lock-"));
after(() => rmSync(folder, { recursive: true }));

test("a lock is held by one at a time and is free after its release", async () => {
  const file = join(folder, "one.lock");
  const first = tryLock(file);
  assert.ok("lock" in first);
  assert.deepEqual(tryLock(file), { heldBy: process.pid });
  let heldBy = 0;
  const waiting = waitForLock(file, (pid) => { heldBy = pid; });
  first.lock.release();
  const second = await waiting;
  assert.equal(heldBy, process.pid);
  assert.deepEqual(tryLock(file), { heldBy: process.pid });
  second.release();
  assert.deepEqual(readdirSync(folder), [], "nothing is left beside the lock");
});

test("waiting for a lock ends when it is no longer wanted", async () => {
  const file = join(folder, "abort.lock");
  const held = tryLock(file);
  assert.ok("lock" in held);
  const stop = new AbortController();
  const waiting = waitForLock(file, () => stop.abort(), stop.signal);
  await assert.rejects(waiting, { name: "AbortError" });
  held.lock.release();
});

test("the lock of a killed process is taken over, also when its id has passed to another process", () => {
  const file = join(folder, "stale.lock");
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  for (const holder of [{ pid, started: "then" }, { pid: process.pid, started: "an earlier process of this id" }]) {
    writeFileSync(file, JSON.stringify(holder));
    const attempt = tryLock(file);
    assert.ok("lock" in attempt, JSON.stringify(holder));
    attempt.lock.release();
  }
});

test("a lock file that was cut off is taken over", () => {
  const file = join(folder, "cut.lock");
  writeFileSync(file, '{"pid":');
  const attempt = tryLock(file);
  assert.ok("lock" in attempt);
  attempt.lock.release();
  assert.equal(existsSync(file), false);
});

test("a released lock that somebody else holds by now stays", () => {
  const file = join(folder, "other.lock");
  const mine = tryLock(file);
  assert.ok("lock" in mine);
  writeFileSync(file, JSON.stringify({ pid: process.ppid, started: startTimeOf(process.ppid) }));
  mine.lock.release();
  assert.deepEqual(tryLock(file), { heldBy: process.ppid });
});

test("a process is ours only with our program and exactly our argument, and is ended by force when it ignores the request", async () => {
  const mark = `--data-dir=${join(folder, "mine")}`;
  const script = "process.on('SIGTERM', () => {}); process.stdout.write('ready'); setInterval(() => {}, 1000)";
  const start = async (argument: string) => {
    const child = spawn(process.execPath, ["-e", script, "--", argument], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    return child;
  };
  const [mine, neighbour] = [await start(mark), await start(`${mark}-2`)];
  try {
    assert.deepEqual(findProcesses(["node"], () => mark), [{ pid: mine.pid, program: "node" }]);
    assert.deepEqual(findProcesses(["etcd"], () => mark), [], "another program with this argument is not ours");
    await endProcess(mine.pid ?? 0, 100);
    assert.deepEqual(findProcesses(["node"], () => mark), []);
    assert.equal(startTimeOf(mine.pid ?? 0), undefined);
    assert.notEqual(startTimeOf(neighbour.pid ?? 0), undefined, "its neighbour still runs");
  } finally {
    mine.kill("SIGKILL");
    neighbour.kill("SIGKILL");
  }
});
