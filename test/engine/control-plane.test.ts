import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { processesOf, startControlPlane, stopControlPlane } from "../../local/control-plane/control-plane.ts";
import type { ControlPlane } from "../../local/control-plane/control-plane.ts";
import { components } from "../../local/control-plane/layout.ts";
import { get } from "../../local/control-plane/request.ts";
import { lineProgress } from "../../local/progress.ts";
import { waitUntil } from "../../local/processes.ts";
import { provideToolchain } from "../../local/toolchain/toolchain.ts";
import type { ControlPlanePrograms } from "../../local/toolchain/toolchain.ts";

const parent = mkdtempSync(join(tmpdir(), "mooring control plane "));
const folder = join(parent, "control-plane");
let programs: ControlPlanePrograms;
let first: ControlPlane;

before(async () => {
  programs = (await provideToolchain({ progress: lineProgress(process.stderr) })).controlPlane;
  first = await startControlPlane({ folder, programs });
});
after(async () => {
  await stopControlPlane(folder);
  rmSync(parent, { recursive: true, force: true });
});

const path = "/api/v1/namespaces/kube-system";
const running = () => components.map((component) => processesOf(component, folder));
const uid = async (plane: ControlPlane): Promise<string> => (JSON.parse((await get(plane, path, 5_000)).body) as { metadata: { uid: string } }).metadata.uid;

test("it serves with the certificate and token it gives out, and nobody else gets in", async () => {
  assert.equal((await get(first, path, 5_000)).status, 200);
  assert.equal((await get({ ...first, token: "wrong" }, path, 5_000)).status, 401);
  const version = JSON.parse((await get(first, "/version", 5_000)).body) as { gitVersion: string };
  assert.match(version.gitVersion, /^v1\.36\.\d+$/, "a server built without its version says v0.0.0");
});

test("its files are the user's alone", () => {
  const open = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("etcd") && statSync(join(folder, name)).isFile() && (statSync(join(folder, name)).mode & 0o077) !== 0)
    .filter((name) => !name.endsWith(".crt"));
  assert.deepEqual(open, []);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test("a second start uses what runs", async () => {
  const second = await startControlPlane({ folder, programs });
  assert.equal(second.reused, true);
  assert.deepEqual(second.pids, first.pids);
});

for (const component of components) {
  test(`after ${component} was killed, a start mends it and keeps the data`, async () => {
    const before = await uid(await startControlPlane({ folder, programs }));
    const [pid = 0] = processesOf(component, folder);
    process.kill(pid, "SIGKILL");
    assert.ok(await waitUntil(() => !processesOf(component, folder).includes(pid), 5_000));
    const mended = await startControlPlane({ folder, programs });
    assert.equal(mended.reused, false);
    assert.equal(await uid(mended), before);
    assert.deepEqual(running().map((found) => found.length), [1, 1, 1]);
  });
}

test("when its port was taken meanwhile, it takes another", async () => {
  const port = Number(new URL((await startControlPlane({ folder, programs })).server).port);
  process.kill(processesOf("kube-apiserver", folder)[0] ?? 0, "SIGKILL");
  const squatter = createServer();
  assert.ok(await waitUntil(() => new Promise((resolve) => {
    squatter.once("error", () => resolve(false));
    squatter.listen(port, "127.0.0.1", () => resolve(true));
  }), 5_000));
  try {
    const moved = await startControlPlane({ folder, programs });
    assert.notEqual(Number(new URL(moved.server).port), port);
    assert.equal((await get(moved, path, 5_000)).status, 200);
  } finally {
    squatter.close();
  }
});

test("a program that ends at once is said with its last lines", async () => {
  const other = join(parent, "failing");
  try {
    await assert.rejects(startControlPlane({ folder: other, programs: { ...programs, etcd: "/bin/false" } }), (error: Error) => {
      assert.match(error.message, /^etcd ended\. Its last lines/);
      return true;
    });
  } finally {
    await stopControlPlane(other);
  }
});

test("stopping leaves no process and no file", async () => {
  assert.deepEqual(await stopControlPlane(folder), ["kube-controller-manager", "kube-apiserver", "etcd"]);
  assert.deepEqual(running(), [[], [], []]);
  assert.equal(existsSync(folder), false);
  assert.deepEqual(await stopControlPlane(folder), [], "nothing runs: nothing to do");
});
