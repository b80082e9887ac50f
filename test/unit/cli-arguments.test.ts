import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { fromCaller, projectRoot, readArguments, UsageError } from "../../cli/arguments.ts";
import type { Command } from "../../cli/arguments.ts";

const command: Command = { name: "example", usage: ["<stack> [--out DIR]"], target: "stack or file", options: { out: { type: "string" }, quick: { type: "boolean" } } };

const refused = (argv: string[], message: RegExp, of = command) => assert.throws(() => readArguments(of, argv), (error) => error instanceof UsageError && message.test(error.message));

describe("arguments", () => {
  test("a stack, with options before and after", () => {
    assert.deepEqual({ ...readArguments(command, ["--quick", "staging", "--out", "x"]).options }, { quick: true, out: "x" });
    assert.equal(readArguments(command, ["--quick", "staging"]).stack, "staging");
  });

  test("a file instead of a stack, never both", () => {
    assert.equal(readArguments(command, ["--config", "a.yaml"]).file, resolve("a.yaml"));
    refused(["staging", "--config", "a.yaml"], /either the stack staging or --config/);
    refused(["staging", "--config", "a.yaml"], /^Unknown option '--config'$/, { ...command, target: "stack" });
  });

  test("several stacks, or none, where the command takes that", () => {
    const many: Command = { ...command, target: "stacks" };
    assert.deepEqual(readArguments(many, ["staging", "--quick", "prod"]), { stacks: ["staging", "prod"], options: Object.assign(Object.create(null), { quick: true }) });
    assert.deepEqual(readArguments(many, []).stacks, []);
    refused(["staging", "../x"], /is not a stack's name/, many);
    refused(["staging", "--config", "a.yaml"], /^Unknown option '--config'$/, many);
  });

  test("what is no way to call the command", () => {
    refused([], /name a stack/);
    refused(["staging", "prod"], /one stack at a time/);
    refused(["--nonsense", "staging"], /^Unknown option '--nonsense'$/);
    refused(["--config"], /--config/);
    refused(["--config="], /--config needs a file/);
    refused(["staging"], /no argument/, { ...command, target: "none" });
  });

  test("a stack's name never leads out of the project", () => {
    for (const name of ["../x", "a/b", "", "a b"]) refused([name], /is not a stack's name/);
    refused(["./Pulumi.staging.yaml"], /is a file; name the stack: staging/);
  });
});

test("a path means what it meant where npm was called, in the command's own script", () => {
  const environment = { npm_lifecycle_event: "example", INIT_CWD: "/elsewhere" };
  assert.equal(fromCaller("example", "a.yaml", environment), "/elsewhere/a.yaml");
  assert.equal(fromCaller("example", "/b/a.yaml", environment), "/b/a.yaml");
  assert.equal(fromCaller("other", "a.yaml", environment), resolve("a.yaml"));
  assert.equal(fromCaller("example", "a.yaml", {}), resolve("a.yaml"));
});

describe("exit codes", () => {
  const check = (...argv: string[]) => spawnSync(process.execPath, [join(projectRoot, "cli/check.ts"), ...argv], { encoding: "utf8" });

  test("2 and the usage for a wrong call, on the error output", () => {
    const { status, stdout, stderr } = check("--nonsense");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(stderr, "Unknown option '--nonsense'\nusage: npm run check -- <stack>\n       npm run check -- --config FILE\n");
  });

  test("0 and the usage for --help", () => {
    const { status, stdout } = check("--help");
    assert.equal(status, 0);
    assert.match(stdout, /^usage: npm run check/);
  });
});
