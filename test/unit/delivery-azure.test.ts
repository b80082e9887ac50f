/** azure-pipelines.yml, expanded, by rules; and each rule by a pipeline that breaks it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { brokenRules } from "../delivery/azure-rules.ts";
import { expand } from "../delivery/azure-expand.ts";
import type { Fields, Node } from "../delivery/azure-expand.ts";
import { facts } from "../delivery/facts.ts";

const file = "azure-pipelines.yml";
const stages = (pipeline: Fields): Fields[] => pipeline.stages as Fields[];

for (const repository of ["github", "azureRepos"]) {
  test(`the pipeline of a repository at ${repository} breaks no rule`, () => {
    const pipeline = expand(projectRoot, file, { repository });
    assert.deepEqual(brokenRules(pipeline, facts), []);
    assert.deepEqual(stages(pipeline).map(({ stage }) => stage), ["difference", "preview_staging", "preview_prod", "staging", "plan", "prod", "drift_staging", "drift_prod"]);
    assert.equal(JSON.stringify(pipeline).includes("platform-comment"), repository === "github", "Azure Repos takes the build's own token");
  });
}

test("the expansion refuses what the service would", () => {
  assert.throws(() => expand(projectRoot, file, { repository: "gitlab" }), /repository is gitlab, not one of azureRepos, github/);
  assert.throws(() => expand(projectRoot, file, { repo: "github" }), /takes no repo/);
  assert.throws(() => expand(projectRoot, ".azure/stack.yml"), /needs what/);
});

const own = expand(projectRoot, file);

/** The pipeline with one change; numbers in `path` count from 0. */
function changed(path: string, value: Node | undefined): Fields {
  const copy = structuredClone(own);
  const steps = path.split("/");
  let place = copy as Record<string, Node>;
  for (const step of steps.slice(0, -1)) place = place[step] as Record<string, Node>;
  if (value === undefined) delete place[steps.at(-1)!];
  else place[steps.at(-1)!] = value;
  return copy;
}

describe("each rule is broken by", () => {
  const up = "stages/3/jobs/0";
  const upSteps = `${up}/strategy/runOnce/deploy/steps`;
  const mutations: [what: string, path: string, value: Node | undefined, message: RegExp][] = [
    ["a key that the service does not know", "stages/3/approval", "prod", /the stage has approval/],
    ["a password among the variables", "variables", [{ name: "adminPassword", value: "hunter2" }], /a variable holds a secret/],
    ["a secret of a variable group in a script", `${upSteps}/4/env/GITHUB_TOKEN`, "$(githubToken)", /\$\(githubToken\) may be a secret/],
    ["a branch's name in a script", "stages/0/jobs/1/steps/2/bash", "echo $(System.PullRequest.SourceBranch)", /somebody else's text/],
    ["a stage without a condition", "stages/3/condition", undefined, /runs for any reason/],
    ["an `up` of any branch", "stages/3/condition", "in(variables['Build.Reason'], 'Manual')", /runs what is not on main/],
    ["a stage after one that is not there", "stages/4/dependsOn", "stagging", /there is no stage stagging/],
    ["no lock", "stages/5/lockBehavior", undefined, /two `up` of a stack/],
    ["a lock that drops what waits", "stages/5/lockBehavior", "runLatest", /two `up` of a stack/],
    ["production after staging alone", "stages/5/dependsOn", "staging", /does not wait for its plan/],
    ["a preview for forks", "stages/1/condition", "and(succeeded(), eq(variables['Build.Reason'], 'PullRequest'))", /preview_staging: a fork's code gets an identity/],
    ["comments for forks", "stages/0/jobs/2/condition", "always()", /comment_difference: a fork's code gets an identity/],
    ["comments by the pull request's own code", "stages/0/jobs/2/steps/1/bash", "true", /comments with the pull request's own code/],
    ["the identity of `up` for a preview", "stages/1/jobs/0/environment", "platform-staging", /not platform-staging-preview/],
    ["a connection that no environment guards", "stages/0/jobs/1/steps/2", { task: "AzureCLI@2", inputs: { azureSubscription: "platform-prod", scriptType: "bash", scriptLocation: "inlineScript", inlineScript: "az account show" } }, /signs in as platform-prod outside/],
    ["no environment", `${up}/environment`, undefined, /as platform-staging in undefined/],
    ["no timeout", "stages/0/jobs/0/timeoutInMinutes", undefined, /has no timeout/],
    ["no wait for a cancelled run", `${upSteps}/5/condition`, undefined, /is not waited for/],
    ["a job that ends before the wait does", `${up}/cancelTimeoutInMinutes`, "5", /is not waited for/],
    ["a stack that is not there", `${upSteps}/4/env/STACK`, "stagging", /there is no stack stagging/],
    ["a task that is not there", `${upSteps}/4/task`, "AzureCli@2", /there is no task AzureCli@2/],
    ["an input that the task does not take", `${upSteps}/4/inputs/subscription`, "x", /AzureCLI@2 has subscription/],
    ["a checkout that keeps its token", `${upSteps}/0/persistCredentials`, "true", /checkout has persistCredentials/],
    ["a script of npm that is not there", "stages/0/jobs/0/steps/2/bash", "npm run tests", /npm run tests does not exist/],
    ["a word that run.sh does not take", "stages/0/jobs/1/steps/2/bash", "exec cli/ci/run.sh difference", /run\.sh takes no difference/],
  ];
  for (const [what, path, value, message] of mutations) {
    test(what, () => assert.match(brokenRules(changed(path, value), facts).join("\n"), message));
  }
});
