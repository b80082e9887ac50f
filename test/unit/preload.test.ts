import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const preload = join(import.meta.dirname, "../../cli/preload.mjs");

/** Runs a program after the preload, on a Node that says it is `version`. */
function runOn(version: string): { code: number | null; stdout: string; stderr: string } {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, "--import", preload, "--eval", "console.log('ran')"],
    { encoding: "utf8" },
  );
  return { code: status, stdout, stderr };
}

for (const version of ["20.20.2", "22.22.0", "24.20.1"]) {
  test(`Node ${version} is told to be too old, in two lines, before anything runs`, () => {
    const { code, stdout, stderr } = runOn(version);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`^Mooring needs Node 24\\.21 or newer; this is Node ${version.replaceAll(".", "\\.")} \\(.*\\)\\.\nOn Linux and Windows .*\n$`));
  });
}

for (const version of ["24.21.0", "25.0.0", process.versions.node]) {
  test(`Node ${version} runs the program`, () => {
    assert.deepEqual(runOn(version), { code: 0, stdout: "ran\n", stderr: "" });
  });
}

/** What a program prints that runs after the preload. */
function after(program: string): string {
  return spawnSync(process.execPath, ["--import", preload, "--input-type=commonjs", "--eval", program], { encoding: "utf8", cwd: join(import.meta.dirname, "../..") }).stdout;
}

test("what the SDK loads and the program does not use is put off, and is there for whoever asks for it", () => {
  const loaded = (part: string) => `Object.keys(require.cache).filter((file) => file.includes("${part}")).length`;
  const numbers = after(`
    const pulumi = require("@pulumi/pulumi");
    const before = [${loaded("/@npmcli/")}, ${loaded("/pulumi/automation/")}];
    const { Arborist } = require("@npmcli/arborist");
    console.log(JSON.stringify([...before, ${loaded("/@npmcli/")}, Arborist.name, pulumi.automation.LocalWorkspace.name, ${loaded("/pulumi/automation/")}]));
  `);
  const [resolverAtStart, automationAtStart, resolver, arborist, workspace, automation] = JSON.parse(numbers) as [number, number, number, string, string, number];
  // The one is the placeholder.
  assert.deepEqual([resolverAtStart, automationAtStart], [1, 1]);
  assert.deepEqual([arborist, workspace], ["Arborist", "LocalWorkspace"]);
  assert.ok(resolver > 50 && automation > 5, numbers);
});
