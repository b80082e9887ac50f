/** What the expanded pipeline must and must not do; each rule answers with what breaks it, a line each. */
import type { Fields } from "./azure-expand.ts";
import { missingCommands } from "./facts.ts";
import type { Facts } from "./facts.ts";

interface Job {
  /** `staging/up_staging` */
  name: string;
  stage: Fields;
  fields: Fields;
  steps: Fields[];
}

const noFork = "ne(variables['System.PullRequest.IsFork'], 'True')";
const pullRequest = "eq(variables['Build.Reason'], 'PullRequest')";
const main = "eq(variables['Build.SourceBranch'], 'refs/heads/main')";

/** Majors and inputs: learn.microsoft.com/azure/devops/pipelines/tasks/reference. */
const tasks: Record<string, readonly string[]> = {
  "AzureCLI@2": ["azureSubscription", "scriptType", "scriptLocation", "inlineScript", "keepAzSessionActive", "visibleAzLogin"],
  "DownloadPipelineArtifact@2": ["itemPattern", "targetPath"],
};

/** What may stand where; the editors' schema (microsoft/azure-pipelines-vscode, August 2026) has more, that is not used here. */
const keys = {
  pipeline: ["trigger", "pr", "schedules", "parameters", "variables", "pool", "stages"],
  stage: ["stage", "displayName", "dependsOn", "condition", "lockBehavior", "jobs"],
  job: ["job", "displayName", "dependsOn", "condition", "timeoutInMinutes", "variables", "steps"],
  deployment: ["deployment", "displayName", "environment", "timeoutInMinutes", "cancelTimeoutInMinutes", "variables", "strategy"],
  checkout: ["checkout", "fetchDepth"],
  download: ["download"],
  publish: ["publish", "displayName", "artifact", "condition"],
  bash: ["bash", "displayName", "condition", "env"],
  task: ["task", "displayName", "inputs", "env", "condition"],
} as const;

export function brokenRules(pipeline: Fields, facts: Facts): string[] {
  const stages = pipeline.stages as Fields[];
  const jobs = stages.flatMap((stage) => (stage.jobs as Fields[]).map((fields): Job => {
    const deploy = (fields.strategy as { runOnce?: { deploy?: Fields } } | undefined)?.runOnce?.deploy;
    return { name: `${String(stage.stage)}/${String(fields.job ?? fields.deployment)}`, stage, fields, steps: (fields.steps ?? deploy?.steps ?? []) as Fields[] };
  }));
  return [
    ...unknown("the pipeline", pipeline, keys.pipeline),
    ...secrets(pipeline),
    ...stages.flatMap((stage) => ofStage(stage, stages).map((broken) => `${String(stage.stage)}: ${broken}`)),
    ...jobs.flatMap((job) => ofJob(job, facts).map((broken) => `${job.name}: ${broken}`)),
  ];
}

function unknown(what: string, fields: Fields, known: readonly string[]): string[] {
  return Object.keys(fields).filter((key) => !known.includes(key)).map((key) => `${what} has ${key}`);
}

/** Federation alone: what a run is given is no secret, except the token that the run itself brings. */
function secrets(pipeline: Fields): string[] {
  const text = JSON.stringify(pipeline);
  const variables = (JSON.stringify(pipeline.variables ?? []).match(/"(?:name|value)":"[^"]*(?:password|secret|token)[^"]*"/gi) ?? []).map((found) => `a variable holds a secret: ${found}`);
  const macros = [...text.matchAll(/\$\(([^()]+)\)/g)].map(([, name]) => name!).filter((name) => !["System.AccessToken", "System.JobAttempt", "Agent.TempDirectory"].includes(name));
  return [...variables, ...macros.map((name) => `$(${name}) may be a secret, or somebody else's text`)];
}

function ofStage(stage: Fields, stages: readonly Fields[]): string[] {
  const condition = String(stage.condition ?? "");
  const before = [stage.dependsOn ?? []].flat() as string[];
  const runsUp = JSON.stringify(stage).includes('"WHAT":"up"');
  return [
    ...unknown("the stage", stage, keys.stage),
    ...before.filter((name) => !stages.some((one) => one.stage === name)).map((name) => `there is no stage ${name}`),
    // Without one, a stage runs for every reason for which the pipeline does.
    ...(condition.includes("Build.Reason") || before.some((name) => condition.includes(`dependencies.${name}.result`)) ? [] : ["runs for any reason"]),
    ...(condition.includes(pullRequest) || condition.includes(main) || condition.includes("dependencies.") ? [] : ["runs what is not on main"]),
    ...(runsUp && stage.lockBehavior !== "sequential" ? ["two `up` of a stack may run at once"] : []),
    ...(stage.stage === "prod" && before.join() !== "plan" ? ["production does not wait for its plan"] : []),
  ];
}

function ofJob({ stage, fields, steps }: Job, facts: Facts): string[] {
  const conditions = `${String(stage.condition)} ${String(fields.condition)}`;
  const forPullRequests = String(stage.condition).includes(pullRequest);
  const connections = steps.flatMap(({ inputs }) => ((inputs as Record<string, string> | undefined)?.azureSubscription ?? []));
  const signedIn = connections.length > 0 || JSON.stringify(steps).includes("System.AccessToken");
  const environment = fields.environment as string | undefined;
  const wanted = steps.flatMap(({ env }) => (env as Record<string, string> | undefined)?.WHAT ?? [])[0];
  const stack = steps.flatMap(({ env }) => (env as Record<string, string> | undefined)?.STACK ?? [])[0];
  const identity = wanted === undefined ? undefined : `platform-${stack}${wanted === "up" ? "" : forPullRequests ? "-preview" : "-read"}`;
  const comments = JSON.stringify(steps).includes("run.sh comment");
  const isFirst = (text: string): boolean => JSON.stringify(steps[1] ?? {}).includes(text);
  return [
    ...unknown("the job", fields, fields.deployment === undefined ? keys.job : keys.deployment),
    ...(fields.timeoutInMinutes === undefined ? ["has no timeout"] : []),
    ...(signedIn && forPullRequests && !conditions.includes(noFork) ? ["a fork's code gets an identity"] : []),
    ...(comments && !isFirst("git checkout --quiet --detach HEAD^1") ? ["comments with the pull request's own code"] : []),
    ...(stack !== undefined && !facts.stacks.includes(stack) ? [`there is no stack ${stack}`] : []),
    ...(identity !== undefined && (environment !== identity || connections.join() !== identity) ? [`${wanted} of ${stack} as ${connections.join()} in ${environment}, not ${identity}`] : []),
    ...(identity === undefined && connections.some((name) => name !== "platform-comment") ? [`signs in as ${connections.join()} outside of any environment`] : []),
    ...(wanted === "up" ? graceful(fields, steps) : []),
    ...steps.flatMap((step) => ofStep(step, facts)),
  ];
}

/** The last step waits for Pulumi, and the job for the last step. */
function graceful({ cancelTimeoutInMinutes }: Fields, steps: readonly Fields[]): string[] {
  const stop = steps.find(({ bash }) => String(bash).includes("run.sh stop"));
  const seconds = Number((stop?.env as Record<string, string> | undefined)?.SECONDS_TO_STOP ?? Number.NaN);
  return String(stop?.condition).includes("canceled()") && seconds < Number(cancelTimeoutInMinutes) * 60 ? [] : ["a cancelled run is not waited for"];
}

function ofStep(step: Fields, facts: Facts): string[] {
  const [kind = ""] = Object.keys(step);
  const known = (keys as Record<string, readonly string[]>)[kind];
  if (known === undefined) return [`there is no step ${kind}`];
  const inputs = (step.inputs ?? {}) as Record<string, string>;
  const script = String(step.bash ?? inputs.inlineScript ?? "");
  const task = String(step.task ?? "");
  return [
    ...unknown(kind, step, known),
    ...(step.task === undefined ? [] : tasks[task] === undefined ? [`there is no task ${task}`] : unknown(task, inputs, tasks[task])),
    ...missingCommands(script, facts),
  ];
}
