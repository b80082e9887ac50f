/** What the workflows must and must not do, as rules over their text; each answers with what breaks it, a line each. */
import type { Fields, Node } from "./azure-expand.ts";
import { missingCommands } from "./facts.ts";
import type { Facts } from "./facts.ts";

interface Job {
  /** `.github/workflows/drift.yml: tell` */
  name: string;
  file: string;
  events: string[];
  fields: Fields;
  steps: Fields[];
}

/** Who else writes what a job runs. */
const thirdParties = /^(actions\/[a-z-]+|azure\/login)@v\d+$/;
/** The one condition that keeps a fork out of a job of `pull_request`. */
const ownRepository = "github.event.pull_request.head.repo.full_name == github.repository";

export function brokenRules(files: Record<string, Fields>, facts: Facts): string[] {
  const jobs = Object.entries(files).flatMap(([file, content]) => jobsOf(file, content));
  return [
    ...Object.entries(files).flatMap(([file, content]) => wholeFile(file, content)),
    ...jobs.flatMap((job) => ofJob(job, facts).map((broken) => `${job.name}: ${broken}`)),
  ];
}

function jobsOf(file: string, content: Fields): Job[] {
  const events = eventsOf(content.on);
  if (content.runs !== undefined) return [{ name: file, file, events, fields: {}, steps: (content.runs as Fields).steps as Fields[] }];
  return Object.entries((content.jobs ?? {}) as Record<string, Fields>).map(([name, fields]) => ({ name: `${file}: ${name}`, file, events, fields, steps: (fields.steps ?? []) as Fields[] }));
}

function eventsOf(on: Node | undefined): string[] {
  return typeof on === "string" ? [on] : Array.isArray(on) ? (on as string[]) : Object.keys(on ?? {});
}

function wholeFile(file: string, content: Fields): string[] {
  const text = JSON.stringify(content);
  return [
    ...[...text.matchAll(/\bsecrets\b(?!\.GITHUB_TOKEN\b)/g)].map(() => `${file}: uses a stored secret`),
    ...(text.includes("pull_request_target") ? [`${file}: runs on pull_request_target`] : []),
    ...(content.jobs !== undefined && content.permissions === undefined ? [`${file}: leaves the permissions of its jobs to the repository's settings`] : []),
  ];
}

function ofJob(job: Job, facts: Facts): string[] {
  return [...permissionsOf(job), ...callOf(job, facts), ...job.steps.flatMap((step) => ofStep(step, job, facts))];
}

/** A right to write is bound to where it is needed: an identity to an environment, comments to `workflow_run`, issues to a schedule. */
function permissionsOf({ fields, events, file }: Job): string[] {
  const permissions = fields.permissions ?? {};
  if (typeof permissions !== "object" || Array.isArray(permissions)) return [`permissions: ${String(permissions)}`];
  const writes = Object.entries(permissions ?? {}).filter(([, level]) => level === "write").map(([name]) => name);
  const called = fields.uses === "./.github/workflows/stack.yml";
  const allowed: Record<string, boolean> = {
    "id-token": called || fields.environment !== undefined,
    "pull-requests": events.join() === "workflow_run",
    issues: events.every((event) => ["schedule", "workflow_dispatch"].includes(event)),
  };
  return [
    ...writes.filter((name) => allowed[name] !== true).map((name) => `may write ${name}`),
    ...(writes.length > 1 ? [`holds ${writes.join(" and ")} together`] : []),
    ...(writes.includes("id-token") && events.includes("pull_request") && fields.if !== ownRepository ? ["a fork's code gets an identity"] : []),
    ...(fields.steps !== undefined && fields["timeout-minutes"] === undefined ? ["has no timeout"] : []),
    ...(file.endsWith("/stack.yml") ? lock(fields) : []),
  ];
}

/** One `up` of a stack at a time, never ended by the next. */
function lock({ concurrency }: Fields): string[] {
  const { group = "", "cancel-in-progress": cancels } = (concurrency ?? {}) as Record<string, string>;
  return group.includes("inputs.what == 'up' && format('up-{0}', inputs.stack)") && cancels === "false" ? [] : ["two `up` of a stack may run at once, or one ends the other"];
}

/** What is given to stack.yml. */
function callOf({ fields, events }: Job, { stacks }: Facts): string[] {
  if (fields.uses === undefined) return [];
  if (fields.uses !== "./.github/workflows/stack.yml") return [`uses ${String(fields.uses)}`];
  const { what, stack = "", environment = "" } = (fields.with ?? {}) as Record<string, string>;
  const matrix = ((fields.strategy as Fields | undefined)?.matrix as Fields | undefined)?.stack as string[] | undefined;
  const named = stack === "${{ matrix.stack }}" ? (matrix ?? []) : [stack];
  const wanted = { up: stack, drift: `${stack}-read`, preview: events.includes("pull_request") ? `${stack}-preview` : `${stack}-read` }[what ?? ""];
  const onMain = fields.if === "github.ref == 'refs/heads/main'" || fields.needs !== undefined || events.includes("pull_request");
  return [
    ...named.filter((name) => !stacks.includes(name)).map((name) => `there is no stack ${name}`),
    ...(named.length === 0 ? ["names no stack"] : []),
    ...(environment === wanted ? [] : [`${what} of ${stack} in the environment ${environment}, not ${wanted}`]),
    ...(onMain ? [] : ["runs what is not on main"]),
    ...(what === "up" && stack === "prod" && fields.needs === undefined ? ["production comes before staging"] : []),
  ];
}

function ofStep(step: Fields, { events, file }: Job, facts: Facts): string[] {
  const { uses, run } = step as { uses?: string; run?: string };
  const inputs = (step.with ?? {}) as Record<string, string>;
  const untrusted = events.includes("workflow_run");
  return [
    ...(uses !== undefined && !uses.startsWith("./") && !thirdParties.test(uses) ? [`uses ${uses}`] : []),
    ...(uses?.startsWith("actions/checkout@") === true && inputs["persist-credentials"] !== "false" ? ["the checkout keeps its token"] : []),
    ...(uses?.startsWith("actions/checkout@") === true && untrusted && (inputs.ref !== undefined || inputs.repository !== undefined) ? ["checks out what it follows"] : []),
    ...(uses?.startsWith("actions/download-artifact@") === true && inputs.path !== "${{ runner.temp }}/reports" ? ["reports may take the place of our files"] : []),
    // An expression becomes part of the script, so even one that is harmless today is not written there.
    ...(run?.includes("${{") === true ? [`an expression in a script: ${run}`] : []),
    ...(run === undefined ? [] : missingCommands(run, facts)),
    ...(run === undefined ? [] : [...run.matchAll(/tell\.sh (.+)/g)].flatMap(([, names]) => names!.trim().split(" ").filter((name) => !facts.stacks.includes(name)).map((name) => `there is no stack ${name}`))),
    // bash keeps a signal from what it waits for.
    ...(run?.includes("run.sh") === true && file.endsWith("/stack.yml") && !run.startsWith("exec ") ? ["a cancelled job's signal does not arrive"] : []),
  ];
}
