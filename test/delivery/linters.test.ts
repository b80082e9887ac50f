/** The workflows, the pipeline and their scripts, as the linters of others see them. test/unit/delivery-*.test.ts have our own rules. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { silentProgress } from "../../local/progress.ts";
import { provideActionlint } from "../../local/toolchain/actionlint.ts";
import { Unavailable } from "../../local/toolchain/cache.ts";
import { providePipelinesSchema } from "../../local/toolchain/pipelines-schema.ts";
import { expand } from "./azure-expand.ts";
import type { Fields } from "./azure-expand.ts";
import { schemaMistakes } from "./pipelines-schema.ts";
import { missingShellcheck } from "../shellcheck.ts";

const noShellcheck = missingShellcheck();
const scripts = globSync("cli/ci/*.sh", { cwd: projectRoot }).sort();
const workflows = globSync(".github/workflows/*.yml", { cwd: projectRoot }).sort();

test("shellcheck: the scripts", { skip: noShellcheck ?? false }, () => {
  const check = (input?: string) => spawnSync("shellcheck", input === undefined ? scripts : ["-"], { cwd: projectRoot, encoding: "utf8", input });
  const { status, stdout } = check();
  assert.equal(status, 0, stdout);
  assert.notEqual(check('#!/bin/bash\necho $1\n').status, 0, "the check itself finds what is wrong");
});

/** Also looks into the workflows' own scripts where shellcheck is there, at the inputs of known actions, and at expressions. */
test("actionlint: the workflows", async () => {
  const actionlint = await provideActionlint({ progress: silentProgress });
  const check = (files: string[], input?: string) => spawnSync(actionlint, ["-no-color", ...files], { cwd: projectRoot, encoding: "utf8", input });
  const { status, stdout } = check(workflows);
  assert.equal(status, 0, stdout);
  const planted = check(["-"], "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v6\n        with: { fetch-dept: 2 }\n      - run: echo ${{ github.event.pull_request.title }}\n");
  assert.match(planted.stdout, /fetch-dept/);
  assert.match(planted.stdout, /potentially untrusted/);
});

describe("the official schema: the pipeline", async () => {
  const schema = await providePipelinesSchema({ progress: silentProgress }).catch((error: unknown) => {
    if (error instanceof Unavailable) return undefined;
    throw error;
  });
  const skip = schema === undefined ? "the schema is not on this machine, and cannot be downloaded" : false;
  const mistakes = (pipeline: Fields): string => schemaMistakes(schema!, pipeline).join("\n");

  for (const repository of ["github", "azureRepos"]) {
    test(`of a repository at ${repository}`, { skip }, () => assert.equal(mistakes(expand(projectRoot, "azure-pipelines.yml", { repository })), ""));
  }

  test("with a mistake is refused", { skip }, () => {
    const planted = (change: (stages: Fields[]) => void): string => {
      const pipeline = structuredClone(expand(projectRoot, "azure-pipelines.yml"));
      change(pipeline.stages as Fields[]);
      return mistakes(pipeline);
    };
    const up = (stages: Fields[]): Fields[] => ((stages[3]!.jobs as Fields[])[0]!.strategy as { runOnce: { deploy: { steps: Fields[] } } }).runOnce.deploy.steps;
    assert.match(planted((stages) => (stages[3]!.lockBehavior = "oneAtATime")), /lockBehavior/);
    assert.match(planted((stages) => ((up(stages)[4]!.inputs as Fields).scriptKind = "bash")), /^\/stages\/3\/.*\/steps\/4\/inputs/);
    assert.match(planted((stages) => (stages[3]!.approval = "prod")), /approval/);
    assert.notEqual(planted((stages) => ((stages[3]!.jobs as Fields[])[0]!.when = "always")), "");
  });
});
