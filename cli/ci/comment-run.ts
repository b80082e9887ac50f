/**
 * Puts the reports of a finished run on its pull request: `comment-run.ts FOLDER`, in a workflow on `workflow_run`.
 *
 * The run of a pull request from a fork may not comment, so this one does, from the base branch's code. Everything of that run
 * is somebody else's word: its reports, and whatever it may say about where they belong. So the pull request is asked of GitHub, a
 * report is a file of a known name and a bounded size, and one of a fork is shown as plain text, in which nothing is a
 * mention, a link, an image or another comment's mark.
 */
import { spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, projectRoot } from "../arguments.ts";
import { stackNames } from "../stack-file.ts";

/** Of the event `workflow_run` (docs.github.com/webhooks/webhook-events-and-payloads#workflow_run). */
export interface WorkflowRun {
  event: string;
  head_sha: string;
  head_branch: string;
  head_repository: { full_name: string; owner: { login: string } };
  repository: { full_name: string };
}

/** Bytes. A report is at most 65,000 characters; what is larger was not written by our commands. */
const LARGEST = 300_000;
/** Characters of plain text, so that the comment stays below GitHub's 65,536. */
const LONGEST = 60_000;

export interface Report {
  key: string;
  body: string;
}

export function fromFork({ head_repository, repository }: WorkflowRun): boolean {
  return head_repository.full_name !== repository.full_name;
}

/**
 * The open pull request whose head is the run's commit. The event names none for a fork (github/docs#22501), and what the run
 * says of itself does not count. `undefined` when there is none any more: it was closed, or a newer commit is its head.
 */
export async function pullRequestOf(run: WorkflowRun, api: string, token: string): Promise<number | undefined> {
  const query = new URLSearchParams({ state: "open", head: `${run.head_repository.owner.login}:${run.head_branch}`, per_page: "100" });
  const headers = { accept: "application/vnd.github+json", authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28", "user-agent": "mooring" };
  const response = await fetch(`${api}/repos/${run.repository.full_name}/pulls?${query}`, { headers, signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Failure(`GitHub does not list the pull requests: ${response.status}`);
  const found = (await response.json()) as { number: number; head: { sha: string; repo: { full_name: string } | null } }[];
  return found.find(({ head }) => head.sha === run.head_sha && head.repo?.full_name === run.head_repository.full_name)?.number;
}

/** The reports in `folder`; of a fork those that need no credentials alone, since it cannot have others. */
export function reportsIn(folder: string, stacks: readonly string[], run: WorkflowRun): Report[] {
  const fork = fromFork(run);
  const kinds = fork ? ["diff"] : ["diff", "preview"];
  return kinds.flatMap((kind) => stacks.map((stack) => `${kind}-${stack}`)).flatMap((key) => {
    const text = read(join(folder, `${key}.md`));
    return text === undefined ? [] : [{ key, body: fork ? plain(text, run) : text }];
  });
}

/** `undefined` for what is no file; a link could lead anywhere. */
function read(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile() || found.size > LARGEST) throw new Failure(`${path} is no report: ${found.isFile() ? `${found.size} bytes` : "no plain file"}`);
  return readFileSync(path, "utf8");
}

/** A block of code that nothing within can end. */
function plain(text: string, { head_sha }: WorkflowRun): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… the rest is in the run's summary` : text;
  const longest = Math.max(2, ...[...cut.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `Said by the code of this pull request, which comes from a fork (${/^[0-9a-f]{40}$/.test(head_sha) ? head_sha.slice(0, 7) : "?"}). Nobody has checked it.\n\n${fence}text\n${cut}\n${fence}\n`;
}

/** @returns the exit code */
export async function commentRun(folder: string, env: NodeJS.ProcessEnv, comment: (report: Report, number: number) => number): Promise<number> {
  const { GITHUB_EVENT_PATH = "", GITHUB_API_URL = "https://api.github.com", GITHUB_TOKEN = "" } = env;
  if (GITHUB_EVENT_PATH === "" || GITHUB_TOKEN === "") throw new Failure("this runs in a workflow on `workflow_run`, with GITHUB_TOKEN");
  const event = JSON.parse(readFileSync(GITHUB_EVENT_PATH, "utf8")) as { workflow_run?: WorkflowRun };
  if (event.workflow_run?.event !== "pull_request") throw new Failure("the run that this one follows is not of a pull request");
  const reports = reportsIn(folder, stackNames(projectRoot), event.workflow_run);
  if (reports.length === 0) {
    process.stdout.write("the run left no reports\n");
    return 0;
  }
  const number = await pullRequestOf(event.workflow_run, GITHUB_API_URL, GITHUB_TOKEN);
  if (number === undefined) {
    process.stdout.write("the run's commit is not the head of an open pull request any more\n");
    return 0;
  }
  return Math.max(...reports.map((report) => comment(report, number)));
}

/** `npm run comment`, which finds the repository by itself. */
function comment({ key, body }: Report, number: number): number {
  const folder = mkdtempSync(join(tmpdir(), "mooring-comment-"));
  try {
    const file = join(folder, "body.md");
    writeFileSync(file, body);
    const args = ["--import", "./cli/preload.mjs", "cli/comment.ts", "--body", file, "--key", key, "--pull-request", String(number)];
    return spawnSync(process.execPath, args, { cwd: projectRoot, stdio: "inherit" }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    const [folder = ""] = process.argv.slice(2);
    process.exitCode = await commentRun(folder, process.env, comment);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
