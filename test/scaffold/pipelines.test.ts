/** The pipelines that a repository starts with: what they may do, for whom, and that all they call exists. actionlint looks at the rest, in the engine's tests. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { readScaffold } from "../../components/github/scaffold/reader.ts";

const files = new Map(readScaffold("kustomize").map(({ path, content }) => [path, content]));
const read = (path: string): string => files.get(path) ?? assert.fail(`there is no ${path}`);

interface Step {
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
interface Job {
  if?: string;
  needs?: string | string[];
  outputs?: Record<string, string>;
  environment?: string;
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown> & { push?: { branches?: string[]; tags?: string[] } };
  concurrency: { group: string; "cancel-in-progress": boolean | string };
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const workflows = [...files.keys()].filter((path) => path.startsWith(".github/workflows/"));
const workflow = (path: string): Workflow => parse(read(path)) as Workflow;
const commands = [.../^case \$command in\n([^]*?)^esac/m.exec(read("build.sh"))![1]!.matchAll(/^ {2}([a-z]+)\)/gm)].map(([, name]) => name!);

test("the script has the commands that people are told of", () => {
  assert.deepEqual(commands, ["test", "image", "validate", "version", "push", "notify", "announce", "notes", "promote", "propose", "plan"]);
});

const calls = (line: string): string[] => [...line.matchAll(/bash build\.sh ([a-z]+)/g)].map(([, name]) => name!);

for (const path of workflows) {
  describe(path, () => {
    const { on, permissions, jobs } = workflow(path);
    const steps = Object.values(jobs).flatMap((job) => job.steps);

    test("calls the script alone, with commands that there are", () => {
      for (const { run } of steps) {
        if (run === undefined) continue;
        const [called, ...more] = calls(run);
        assert.ok(called !== undefined && more.length === 0 && commands.includes(called), run);
        assert.match(run, /^bash build\.sh /);
      }
    });

    test("puts nothing that somebody can choose into a line of shell", () => {
      for (const { run = "" } of steps) {
        for (const [, expression] of run.matchAll(/\$\{\{(.*?)\}\}/g)) assert.equal(expression!.trim(), "inputs.rebuild && '--rebuild' || ''", run);
      }
    });

    test("starts with no right but to read, and is never started with secrets for a fork", () => {
      assert.deepEqual(permissions, { contents: "read" });
      assert.ok(!("pull_request_target" in on) && !("workflow_run" in on));
      for (const [name, job] of Object.entries(jobs)) {
        assert.ok(typeof job["timeout-minutes"] === "number", `${name} ends some day`);
        // Whoever asks Azure for a token does so as an environment, which is what Azure trusts.
        assert.equal(job.permissions?.["id-token"] === "write", job.environment !== undefined, name);
        assert.equal(job.steps.some(({ uses }) => uses?.startsWith("azure/login@")), job.environment !== undefined, name);
      }
    });

    test("stores no secret but the receiver's and the channel's", () => {
      const names = new Set([...read(path).matchAll(/secrets\.([A-Z_]+)/g)].map(([, name]) => name));
      for (const name of names) assert.ok(name === "MOORING_RECEIVER_TOKEN" || name === "TEAM_WEBHOOK", name);
      assert.doesNotMatch(read(path), /client-secret|password|creds:/i);
    });

    test("leaves Git's credentials on disk only where it pushes or fetches", () => {
      for (const [name, job] of Object.entries(jobs)) {
        const keeps = job.steps.some(({ uses, with: inputs }) => uses?.startsWith("actions/checkout@") && inputs?.["persist-credentials"] !== false);
        assert.equal(keeps, job.steps.some(({ run = "" }) => /build\.sh (promote|propose)/.test(run)), name);
      }
    });
  });
}

test("environments are named in services.json and nowhere else", () => {
  for (const [path, content] of files) {
    if (/^(build\.sh|ci\/.*|azure-pipelines\.yml|\.github\/workflows\/.*)$/.test(path)) assert.doesNotMatch(content, /\b(staging|prod)\b/, path);
  }
  for (const path of workflows) {
    for (const job of Object.values(workflow(path).jobs)) {
      if (job.environment === undefined) continue;
      const [, needed, output] = /^\$\{\{ needs\.(\w+)\.outputs\.(\w+) \}\}$/.exec(job.environment) ?? assert.fail(job.environment);
      assert.ok([job.needs].flat().includes(needed));
      assert.match(workflow(path).jobs[needed!]!.outputs![output!]!, /^\$\{\{ steps\.plan\.outputs\.(main|release) \}\}$/);
    }
  }
});

test("production's environment, which admits jobs of tags alone, is that of the release; all others act as main's", () => {
  for (const path of workflows) {
    const { on, jobs } = workflow(path);
    for (const job of Object.values(jobs)) {
      if (job.outputs?.environment === undefined) continue;
      const tagged = on.push?.tags !== undefined;
      assert.deepEqual(Object.keys(on).length === 1 && tagged, path.endsWith("/release.yml"), path);
      assert.equal(job.outputs.environment, `\${{ steps.plan.outputs.${tagged ? "release" : "main"} }}`, path);
    }
  }
  assert.deepEqual(workflow(".github/workflows/release.yml").on, { push: { tags: ["v*", "*/v*"] } });
});

test("a release and a promotion fail where an environment is not there, and none is passed over in silence", () => {
  const plan = (name: string): string => Object.values(workflow(`.github/workflows/${name}.yml`).jobs).flatMap(({ steps }) => steps).find(({ run }) => run?.includes("build.sh plan"))!.run!;
  assert.deepEqual(["ci", "promote", "release"].map((name) => /plan(.*) >>/.exec(plan(name))![1]), ["", " main release", " release"]);
  for (const name of ["promote", "release"]) for (const job of Object.values(workflow(`.github/workflows/${name}.yml`).jobs)) assert.equal(job.if, undefined, name);
});

test("no release waits in a place that another one takes, and none is ended", () => {
  const groups = Object.fromEntries(workflows.map((path) => [path.replace(/^.*\/|\.yml$/g, ""), workflow(path).concurrency]));
  // GitHub keeps one waiting run a group (docs.github.com, "Control the concurrency of workflows and jobs").
  assert.deepEqual(groups, {
    ci: { group: "ci-${{ github.ref }}", "cancel-in-progress": "${{ github.event_name == 'pull_request' }}" },
    images: { group: "images-${{ github.ref }}", "cancel-in-progress": true },
    promote: { group: "promote", "cancel-in-progress": false },
    release: { group: "release-${{ github.ref }}", "cancel-in-progress": false },
  });
});

/** Whether a job runs: GitHub's expressions of this kind are JavaScript, but for names, which may have a hyphen. */
function holds(condition: string, context: Record<string, string>): boolean {
  const script = condition.replaceAll(/'[^']*'|[a-z_][\w.-]*/g, (word) => (word.startsWith("'") ? word : `(context[${JSON.stringify(word)}] ?? "")`));
  return Boolean(new Function("context", `return (${script});`)(context));
}

test("what is pushed: main and pull requests of the repository itself, once an environment is declared", () => {
  const condition = workflow(".github/workflows/ci.yml").jobs.push!.if!;
  const ready = { "needs.check.outputs.ready": "true", "needs.check.outputs.pull-request-images": "true", "github.repository": "acme/orders", "github.actor": "ann" };
  const main = { ...ready, "github.event_name": "push", "github.ref": "refs/heads/main" };
  const pull = { ...ready, "github.event_name": "pull_request", "github.ref": "refs/pull/1/merge", "github.event.pull_request.head.repo.full_name": "acme/orders" };
  const pushes: [string, Record<string, string>, boolean][] = [
    ["main", main, true],
    ["main, built anew by hand", { ...main, "github.event_name": "workflow_dispatch" }, true],
    ["the template", { ...main, "needs.check.outputs.ready": "false" }, false],
    ["Flux's branch", { ...main, "github.ref": "refs/heads/mooring/prod-images" }, false],
    ["a branch by hand", { ...main, "github.event_name": "workflow_dispatch", "github.ref": "refs/heads/mooring/promote-prod" }, false],
    ["a pull request", pull, true],
    ["a fork", { ...pull, "github.event.pull_request.head.repo.full_name": "mallory/orders" }, false],
    ["Dependabot", { ...pull, "github.actor": "dependabot[bot]" }, false],
    ["a pull request where the team does not want its images", { ...pull, "needs.check.outputs.pull-request-images": "false" }, false],
  ];
  for (const [title, context, expected] of pushes) assert.equal(holds(condition, context), expected, title);
});

test("Flux is not told of a pull request's image", () => {
  const tells = workflow(".github/workflows/ci.yml").jobs.push!.steps.find(({ run }) => run?.includes("notify"));
  assert.equal(tells?.if, "github.event_name != 'pull_request'");
});

describe("azure-pipelines.yml", () => {
  interface AzureStep { name?: string; bash?: string; task?: string; checkout?: string; inputs?: Record<string, string>; env?: Record<string, string>; condition?: string }
  interface Stage { stage: string; dependsOn?: string | string[]; condition?: string; jobs: { job: string; variables?: { group: string }[]; steps: AzureStep[] }[] }
  const pipeline = parse(read("azure-pipelines.yml")) as { stages: Stage[]; trigger: { batch: boolean } };
  const stages = new Map(pipeline.stages.map((stage) => [stage.stage, stage]));
  const steps = pipeline.stages.flatMap(({ jobs }) => jobs).flatMap((job) => job.steps);

  test("its connections and groups are called by what they are for, since Azure resolves their names before it reads services.json", () => {
    const groups = Object.fromEntries(pipeline.stages.flatMap(({ stage, jobs }) => jobs.map(({ variables }) => [stage, variables?.[0]?.group])));
    assert.deepEqual(groups, { check: undefined, push: "mooring-main", release: "mooring-release", propose: undefined, promote: "mooring-main" });
  });

  test("its stages wait for stages that there are, and call the script alone", () => {
    for (const { stage, dependsOn = [] } of pipeline.stages) for (const other of [dependsOn].flat()) assert.ok(stages.has(other) && other !== stage, `${stage} waits for ${other}`);
    for (const step of steps) {
      if (step.checkout !== undefined) continue;
      assert.ok(step.bash !== undefined || step.task === "AzureCLI@2", JSON.stringify(step));
      const line = step.bash ?? step.inputs!.inlineScript!;
      assert.match(line, /^bash build\.sh /);
      for (const called of calls(line)) assert.ok(commands.includes(called), line);
    }
    for (const command of ["plan", "test", "image", "validate", "push", "notify", "announce", "propose", "promote"]) {
      assert.ok(steps.some((step) => calls(step.bash ?? step.inputs?.inlineScript ?? "").includes(command)), `${command} is called`);
    }
  });

  test("signs in with the connection of the environment whose variables the job has", () => {
    for (const { jobs } of pipeline.stages) {
      for (const job of jobs) {
        for (const { task, inputs } of job.steps) {
          if (task !== undefined) assert.deepEqual(job.variables, [{ group: inputs!.azureSubscription }]);
        }
      }
    }
  });

  test("pushes nothing for a fork, and deploys by tags and by hand alone", () => {
    assert.match(stages.get("push")!.condition!, /ne\(variables\['System\.PullRequest\.IsFork'\], 'True'\)/);
    assert.match(stages.get("release")!.condition!, /startsWith\(variables\['Build\.SourceBranch'\], 'refs\/tags\/'\)/);
    // On another branch the script says why not.
    assert.equal(stages.get("promote")!.condition, "eq('${{ parameters.promote }}', 'True')");
    // What the plan puts out, by the names of stage, job and step.
    const asked = [...stages.get("push")!.condition!.matchAll(/dependencies\.check\.outputs\['check\.plan\.(\w+)'\], 'true'/g)].map(([, name]) => name);
    assert.deepEqual(asked, ["ready", "pull_request_images"]);
    assert.deepEqual(stages.get("check")!.jobs[0]!.steps.filter(({ name }) => name !== undefined).map(({ name, bash }) => [name, bash]), [["plan", "bash build.sh plan"]]);
  });

  test("has no secret but the receiver's, the channel's and the job's own token, and puts no parameter of text into a line of shell", () => {
    const values = steps.flatMap(({ env = {} }) => Object.values(env)).filter((value) => value.startsWith("$("));
    assert.deepEqual([...new Set(values)].sort(), ["$(GH_TOKEN)", "$(MOORING_RECEIVER_TOKEN)", "$(System.AccessToken)", "$(TEAM_WEBHOOK)"]);
    for (const step of steps) assert.doesNotMatch(step.bash ?? step.inputs?.inlineScript ?? "", /parameters\.(version|commit)/);
  });
});
