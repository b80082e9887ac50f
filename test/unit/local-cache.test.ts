import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cacheFolder, inspect, Missing, provide, Unavailable } from "../../local/toolchain/cache.ts";
import type { Source, Tool } from "../../local/toolchain/cache.ts";
import { checksumIn, downloadFile, downloadText, withoutLoopbackProxy } from "../../local/toolchain/download.ts";
import { goModFor } from "../../local/toolchain/kubernetes.ts";
import { explain } from "../../local/toolchain/toolchain.ts";
import { silentProgress } from "../../local/progress.ts";

const folder = mkdtempSync(join(tmpdir(), "mooring-cache-"));
after(() => rmSync(folder, { recursive: true }));
const context = { progress: silentProgress };

function source(title: string, content: string, calls: string[]): Source {
  return {
    title,
    fill(target) {
      calls.push(title);
      mkdirSync(join(target, "bin"));
      writeFileSync(join(target, "bin", "program"), content);
      return Promise.resolve();
    },
  };
}

function failing(title: string, error: Error): Source {
  return {
    title,
    fill(target) {
      writeFileSync(join(target, "half"), "");
      return Promise.reject(error);
    },
  };
}

test("the first source that works is taken, once, and nothing of a failed one stays", async () => {
  const calls: string[] = [];
  const tool: Tool = { title: "tool 1", folder: join(folder, "tool", "1"), sources: [failing("release", new Error("out of reach")), source("build", "x", calls)] };
  const [path] = await Promise.all([provide(tool, context), provide(tool, context)]);
  assert.equal(path, tool.folder);
  assert.equal(readFileSync(join(path, "bin", "program"), "utf8"), "x");
  assert.equal(existsSync(join(path, "half")), false);
  await provide(tool, context);
  assert.deepEqual(calls, ["build"]);
  assert.equal(existsSync(`${tool.folder}.lock`), false);
});

test("a cached copy that was cut off, changed, or is without its record is made anew", async () => {
  const calls: string[] = [];
  const tool: Tool = { title: "tool 2", folder: join(folder, "tool", "2"), sources: [source("build", "content", calls)] };
  await provide(tool, context);
  const program = join(tool.folder, "bin", "program");
  const damages: [string, () => void, RegExp][] = [
    ["cut off", () => truncateSync(program, 3), /has 3 bytes, not 7/],
    ["changed", () => writeFileSync(program, "CONTENT"), /was changed/],
    ["lost", () => rmSync(program), /is missing/],
    ["without record", () => rmSync(join(tool.folder, "manifest.json")), /no record/],
    ["with a broken record", () => writeFileSync(join(tool.folder, "manifest.json"), "{"), /not readable/],
  ];
  for (const [what, damage, says] of damages) {
    damage();
    assert.match(await inspect(tool.folder), says, what);
    const before = calls.length;
    await provide(tool, context);
    assert.equal(calls.length, before + 1, what);
    assert.equal(await inspect(tool.folder), "whole", what);
  }
});

test("what an interrupted run left is removed", async () => {
  const tool: Tool = { title: "tool 3", folder: join(folder, "tool", "3"), sources: [source("build", "x", [])] };
  mkdirSync(`${tool.folder}.partial-1.module`, { recursive: true });
  mkdirSync(`${tool.folder}.partial-1`, { recursive: true });
  writeFileSync(join(`${tool.folder}.partial-1`, "half"), "");
  writeFileSync(`${tool.folder}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, started: "then" }));
  await provide(tool, context);
  assert.equal(existsSync(`${tool.folder}.partial-1.module`), false);
  assert.equal(existsSync(`${tool.folder}.partial-1`), false);
  assert.equal(existsSync(join(tool.folder, "half")), false);
});

test("when no source works, one message names each source with its reason and what to install", async () => {
  const tool: Tool = {
    title: "tool 4", folder: join(folder, "tool", "4"),
    sources: [failing("release", new Error("getaddrinfo ENOTFOUND example.test")), failing("its Go module", new Missing("Go is not installed"))],
  };
  const error = await provide(tool, context).then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof Unavailable);
  assert.equal(explain([error]), [
    "These tools can be neither downloaded nor built:",
    "  tool 4",
    "    from release: getaddrinfo ENOTFOUND example.test",
    "    from its Go module: Go is not installed",
    "Let this machine reach those servers, or install Go 1.26 or newer (https://go.dev/dl) to build them here; then run again.",
  ].join("\n"));
  assert.equal(await inspect(tool.folder), "missing");
});

test("a full disk is said as such, and the other sources are not tried", async () => {
  const calls: string[] = [];
  const full = Object.assign(new Error("write failed"), { code: "ENOSPC" });
  const tool: Tool = { title: "tool 5", folder: join(folder, "tool", "5"), sources: [failing("release", full), source("build", "x", calls)] };
  await assert.rejects(provide(tool, context), /tool 5: no space is left on the disk/);
  assert.deepEqual(calls, []);
});

test("the cache is where the user says, else where caches belong", () => {
  assert.equal(cacheFolder({ MOORING_CACHE: "/a" }), "/a");
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/b" }), "/b/mooring");
  assert.match(cacheFolder({}), /\/\.cache\/mooring$/);
});

test("a download is refused when its checksum differs from the published one", async () => {
  const body = "a release";
  const server = createServer((request, response) => {
    if (request.url === "/missing") response.writeHead(404);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const right = createHash("sha256").update(body).digest("hex");
    await downloadFile(`${base}/release`, join(folder, "release"), right);
    assert.equal(readFileSync(join(folder, "release"), "utf8"), body);
    await assert.rejects(downloadFile(`${base}/release`, join(folder, "release"), "0".repeat(64)), /has the SHA-256 .*, but 0+ is published/);
    await assert.rejects(downloadText(`${base}/missing`), /answers 404/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("a checksum is taken from the line of exactly this file", () => {
  const sums = `${"a".repeat(64)}  etcd-v1-linux-amd64.tar.gz.asc\n${"b".repeat(64)}  *./etcd-v1-linux-amd64.tar.gz\n`;
  assert.equal(checksumIn(sums, "etcd-v1-linux-amd64.tar.gz"), "b".repeat(64));
  assert.throws(() => checksumIn(sums, "etcd-v1-darwin-arm64.zip"), /no checksum/);
});

test("programs do not ask a proxy for this machine's own addresses", () => {
  const { NO_PROXY, no_proxy } = withoutLoopbackProxy({ HTTPS_PROXY: "http://proxy.test", NO_PROXY: "corp.test,localhost" });
  assert.equal(NO_PROXY, "corp.test,localhost,127.0.0.1,::1");
  assert.equal(no_proxy, NO_PROXY);
});

test("Kubernetes is built with the released staging modules of its own version", () => {
  const original = "module k8s.io/kubernetes\n\ngo 1.26.0\n\ngodebug default=go1.26\n\nreplace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n\tk8s.io/other => k8s.io/other v1.0.0\n)\n";
  assert.equal(goModFor(original), [
    "module mooring.local/build", "go 1.26.0", "godebug default=go1.26",
    "require k8s.io/kubernetes v1.36.3", "replace k8s.io/api => k8s.io/api v0.36.3", "",
  ].join("\n"));
});
