/** The workflows of `.github` by rules that hold for each of them, and each rule by a workflow that breaks it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Fields, Node } from "../delivery/azure-expand.ts";
import { facts, workflows } from "../delivery/facts.ts";
import { brokenRules } from "../delivery/github-rules.ts";

const own = workflows();

test("the workflows break no rule", () => {
  assert.deepEqual(brokenRules(own, facts), []);
  for (const name of ["comment", "delivery", "drift", "expiry", "preview", "pull-request", "stack"]) assert.ok(`.github/workflows/${name}.yml` in own, name);
  assert.ok(["diff", "preview", "drift", "up", "stop", "comment", "comment-run"].every((verb) => facts.verbs.includes(verb)), facts.verbs.join());
});

/** The workflow with one change: `path` leads to what is put there, `undefined` removes it. */
function changed(name: string, path: string, value: Node | undefined): Record<string, Fields> {
  const copy = structuredClone(own);
  const steps = path.split("/");
  let place = copy[`.github/${name}`] as Record<string, Node>;
  for (const step of steps.slice(0, -1)) place = place[step] as Record<string, Node>;
  if (value === undefined) delete place[steps.at(-1)!];
  else place[steps.at(-1)!] = value;
  return copy;
}

describe("each rule is broken by", () => {
  const mutations: [what: string, name: string, path: string, value: Node | undefined, message: RegExp][] = [
    ["a stored secret", "workflows/stack.yml", "jobs/run/env/ARM_CLIENT_SECRET", "${{ secrets.ARM_CLIENT_SECRET }}", /uses a stored secret/],
    ["secrets that are passed on", "workflows/delivery.yml", "jobs/prod/secrets", "inherit", /uses a stored secret/],
    ["pull_request_target", "workflows/preview.yml", "on", { pull_request_target: null }, /runs on pull_request_target/],
    ["no permissions of the workflow", "workflows/pull-request.yml", "permissions", undefined, /leaves the permissions/],
    ["all permissions of a job", "workflows/drift.yml", "jobs/tell/permissions", "write-all", /permissions: write-all/],
    ["an identity without an environment", "workflows/stack.yml", "jobs/run/environment", undefined, /may write id-token/],
    ["a job for pull requests that may comment", "workflows/pull-request.yml", "jobs/difference/permissions", { "pull-requests": "write" }, /may write pull-requests/],
    ["a job that may push", "workflows/drift.yml", "jobs/tell/permissions/contents", "write", /may write contents/],
    ["a job that comments and signs in", "workflows/comment.yml", "jobs/comment/permissions/id-token", "write", /may write id-token/],
    ["a preview without a condition", "workflows/preview.yml", "jobs/preview/if", undefined, /a fork's code gets an identity/],
    ["a preview of whatever is labelled", "workflows/preview.yml", "jobs/preview/if", "contains(github.event.pull_request.labels.*.name, 'preview')", /a fork's code gets an identity/],
    ["a preview in an environment without reviewers", "workflows/preview.yml", "jobs/preview/with/environment", "${{ matrix.stack }}-read", /not \$\{\{ matrix\.stack \}\}-preview/],
    ["production as staging", "workflows/delivery.yml", "jobs/prod/with/environment", "staging", /up of prod in the environment staging, not prod/],
    ["production at once", "workflows/delivery.yml", "jobs/prod/needs", undefined, /production comes before staging/],
    ["an `up` of any branch", "workflows/delivery.yml", "jobs/staging/if", undefined, /runs what is not on main/],
    ["a stack that is not there", "workflows/delivery.yml", "jobs/staging/with/stack", "stagging", /there is no stack stagging/],
    ["a stack that is not there, in a matrix", "workflows/drift.yml", "jobs/drift/strategy/matrix/stack", ["staging", "production"], /there is no stack production/],
    ["a stack that is not there, in a script", "workflows/drift.yml", "jobs/tell/steps/2/run", "exec cli/ci/tell.sh staging production", /there is no stack production/],
    ["a lock that ends a run", "workflows/stack.yml", "jobs/run/concurrency/cancel-in-progress", "true", /one ends the other/],
    ["no lock", "workflows/stack.yml", "jobs/run/concurrency", undefined, /two `up` of a stack/],
    ["no timeout", "workflows/comment.yml", "jobs/comment/timeout-minutes", undefined, /has no timeout/],
    ["somebody else's action", "workflows/pull-request.yml", "jobs/test/steps/1/uses", "someone/setup@v1", /uses someone\/setup@v1/],
    ["a token left in the checkout", "workflows/pull-request.yml", "jobs/test/steps/0/with/persist-credentials", "true", /keeps its token/],
    ["a checkout of the fork where comments are written", "workflows/comment.yml", "jobs/comment/steps/0/with/ref", "${{ github.event.workflow_run.head_sha }}", /checks out what it follows/],
    ["reports within the checkout", "workflows/comment.yml", "jobs/comment/steps/2/with/path", ".", /take the place of our files/],
    ["a title in a script", "workflows/pull-request.yml", "jobs/test/steps/2/run", "echo ${{ github.event.pull_request.title }}", /an expression in a script/],
    ["a script of npm that is not there", "workflows/pull-request.yml", "jobs/test/steps/2/run", "npm run tests", /npm run tests does not exist/],
    ["a word that run.sh does not take", "workflows/pull-request.yml", "jobs/difference/steps/2/run", "cli/ci/run.sh difference", /run\.sh takes no difference/],
    ["a file that is not there", "actions/prepare/action.yml", "runs/steps/1/run", "cli/ci/kubectl.sh", /cli\/ci\/kubectl\.sh does not exist/],
    ["a shell between the runner and the command", "workflows/stack.yml", "jobs/run/steps/3/run", 'cli/ci/run.sh "$WHAT" "$STACK"', /signal does not arrive/],
  ];
  for (const [what, name, path, value, message] of mutations) {
    test(what, () => assert.match(brokenRules(changed(name, path, value), facts).join("\n"), message));
  }
});
