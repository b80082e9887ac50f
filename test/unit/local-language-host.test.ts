import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { configurationFor, runProgram } from "../../local/language-host/program.ts";
import { splitWords } from "../../local/language-host/words.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "mooring-host-")));
after(() => rmSync(folder, { recursive: true }));

/** In the SDK's place: tells what it was started with, then does what the entry point says. */
const sdk = `
  const { PULUMI_CONFIG, PULUMI_NODEJS_TYPESCRIPT } = process.env;
  console.log(JSON.stringify({ cwd: process.cwd(), config: PULUMI_CONFIG, typescript: PULUMI_NODEJS_TYPESCRIPT, preloaded: globalThis.preloaded, args: process.argv.slice(2) }));
  const entry = process.argv.at(-1);
  if (entry === "wait") { process.on("SIGINT", () => { console.log("interrupted"); process.exit(3); }); console.log("waiting"); setInterval(() => {}, 1000); }
  else process.exitCode = Number(entry);
`;
mkdirSync(join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run"), { recursive: true });
writeFileSync(join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run", "index.js"), sdk);
writeFileSync(join(folder, "preload.cjs"), "globalThis.preloaded = true;");

function request(entryPoint: string, configuration: Record<string, string> = {}) {
  const info = new messages.ProgramInfo().setRootDirectory(folder).setProgramDirectory(folder).setEntryPoint(entryPoint)
    .setOptions(struct.Struct.fromJavaScript({ typescript: false, nodeargs: "--require ./preload.cjs" }));
  const made = new messages.RunRequest().setInfo(info).setProject("p").setStack("s").setMonitorAddress("127.0.0.1:1").setDryrun(true).setParallel(4);
  for (const [key, value] of Object.entries(configuration)) made.getConfigMap().set(key, value);
  return made;
}

async function run(entryPoint: string, configuration?: Record<string, string>, onLine?: (line: string, stop: AbortController) => void) {
  const lines: string[] = [];
  const stop = new AbortController();
  const log = { info: (line: string) => { lines.push(line); onLine?.(line, stop); return Promise.resolve(); } };
  const response = await runProgram(request(entryPoint, configuration), { engineAddress: "127.0.0.1:2", log, environment: process.env, signal: stop.signal });
  return { lines, error: response.getError(), bail: response.getBail() };
}

test("the program gets its options, arguments and configuration, in the project's folder", async () => {
  const { lines, error, bail } = await run("0", { "mooring:tier": "production" });
  assert.deepEqual({ error, bail }, { error: "", bail: false });
  assert.deepEqual(JSON.parse(lines[0] ?? ""), {
    cwd: folder,
    config: '{"mooring:config:tier":"production"}',
    preloaded: true,
    args: ["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2", "--project", "p", "--root-directory", folder, "--stack", "s", "--pwd", folder, "--parallel", "4", "--dry-run", "0"],
  });
});

test("the engine learns how the program ended", async () => {
  assert.deepEqual((({ error, bail }) => ({ error, bail }))(await run("7")), { error: "the program ended with exit code 7", bail: false });
  assert.deepEqual((({ error, bail }) => ({ error, bail }))(await run("32")), { error: "", bail: true }, "it has said itself what is wrong");
});

test("a cancelled program is interrupted and waited for", async () => {
  const { lines, error } = await run("wait", {}, (line, stop) => { if (line === "waiting") stop.abort(); });
  assert.equal(lines.at(-1), "interrupted");
  assert.equal(error, "the program ended with exit code 3");
});

test("a configuration that one environment variable cannot carry is refused with the remedy", async () => {
  const { error, lines } = await run("0", { "mooring:tenants": "x".repeat(121 * 1024) });
  assert.match(error, /has 122 KiB, and at most 120 KiB reach the program\..*mooring:tenantsFolder/);
  assert.deepEqual(lines, [], "the program was not started");
  assert.equal((await run("0", { "mooring:tenants": "x".repeat(119 * 1024) })).error, "");
});

test("configuration keys get the SDK's old form", () => {
  assert.equal(configurationFor([["secret:a:b", "1"]]), '{"secret:config:a:b":"1"}');
});

test("nodeargs are split as a shell does", () => {
  assert.deepEqual(splitWords(`--import ./a.mjs  --title "two words" 'x'\\ y ""`), ["--import", "./a.mjs", "--title", "two words", "x y", ""]);
  assert.throws(() => splitWords(`--title "open`), /a quote is open/);
});
