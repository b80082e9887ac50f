/**
 * Runs the tests: `node test/run.ts` for types, lint, unit, program and conformance tests at once, `node test/run.ts e2e` for those
 * that need the engine, an API server or a browser. What failed is shown in full; what passed in a line.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";

interface Job {
  name: string;
  command: string[];
}

const root = join(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules/.bin", name);
const runner = (folders: string[], options: string[] = []) => [
  process.execPath,
  "--test",
  "--test-reporter=spec",
  ...options,
  ...folders.flatMap((folder) => globSync(`test/${folder}/*.test.ts`, { cwd: root }).sort()),
];

/** A file with an engine, an API server and the program takes up to 2 GiB at a time. */
const engines = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 ** 32)));

const jobs: Job[] = process.argv[2] === "e2e"
  ? [{ name: "engine, isolation, browser and delivery", command: runner(["engine", "isolation", "browser", "delivery"], [`--test-concurrency=${engines}`]) }]
  : [
      { name: "types", command: [process.execPath, bin("../typescript/bin/tsc")] },
      { name: "lint", command: [process.execPath, bin("../eslint/bin/eslint.js"), "--max-warnings", "0", "."] },
      { name: "unit, program, conformance and scaffold", command: runner(["unit", "program", "conformance", "scaffold"], [`--test-concurrency=${availableParallelism()}`]) },
    ];

const started = performance.now();
const results = await Promise.all(jobs.map(run));
const seconds = ((performance.now() - started) / 1000).toFixed(0);
// The tests' own summary comes last.
for (const { output } of results) process.stdout.write(output);
const failed = results.filter(({ code }) => code !== 0).map(({ name }) => name);
console.log(failed.length === 0 ? `All passed in ${seconds} s: ${jobs.map(({ name }) => name).join(", ")}.` : `Failed after ${seconds} s: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Several jobs print one after the other; a single one prints as it goes. */
function run({ name, command: [program, ...args] }: Job): Promise<{ name: string; code: number; output: string }> {
  const child = spawn(program!, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (jobs.length === 1 ? process.stdout.write(text) : (output += text)));
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ name, code: code ?? 1, output })));
}
