/** Stands in for GitHub's command line, for one repository whose branches are those of `origin`. Sources: cli.github.com/manual, docs.github.com/rest, read in November 2026. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { options, Refusal, standIn } from "./world.ts";
import type { World } from "./world.ts";

const unknown = (flag: string): Refusal => new Refusal(`unknown flag: ${flag}`);

function branches(): string[] {
  const { stdout } = spawnSync("git", ["ls-remote", "--heads", "origin"], { encoding: "utf8" });
  return stdout.split("\n").map((line) => line.replace(/^.*refs\/heads\//, "")).filter((name) => name !== "");
}

function filtered(value: unknown, filter: string | undefined): string {
  if (filter === undefined) return JSON.stringify(value);
  const { status, stdout, stderr } = spawnSync("jq", ["--raw-output", filter], { input: JSON.stringify(value), encoding: "utf8" });
  if (status !== 0) throw new Refusal(stderr);
  return stdout.trimEnd();
}

const fileOf = (given: Map<string, string[]>): string => readFileSync(given.get("--body-file")?.[0] ?? "/nonexistent", "utf8");

function pr(command: string | undefined, args: string[], world: World): string | undefined {
  const known = { "--head": 1, "--base": 1, "--state": 1, "--json": 1, "--jq": 1, "--title": 1, "--body-file": 1 } as const;
  const { given, rest } = options(args, known, unknown);
  const one = (flag: keyof typeof known): string => given.get(flag)?.[0] ?? "";
  const open = world.pullRequests.filter((each) => each.open);
  if (command === "list") return filtered(open.filter(({ head, base }) => head === one("--head") && base === one("--base")).map(({ url }) => ({ url })), one("--jq") || undefined);
  if (command === "edit") {
    const found = open.find(({ url }) => url === rest[0]);
    if (found === undefined) throw new Refusal(`no pull requests found for ${rest[0]}`);
    Object.assign(found, { title: one("--title"), body: fileOf(given) });
    return found.url;
  }
  if (command !== "create") throw new Refusal(`unknown command "${command}" for "gh pr"`);
  if (!branches().includes(one("--head"))) throw new Refusal(`pull request create failed: GraphQL: Head sha can't be blank, Head ref must be a branch (createPullRequest)`);
  if (open.some(({ head }) => head === one("--head"))) throw new Refusal(`a pull request for branch "${one("--head")}" into branch "main" already exists`);
  const url = `https://github.com/acme/orders/pull/${world.pullRequests.length + 1}`;
  world.pullRequests.push({ head: one("--head"), base: one("--base"), title: one("--title"), body: fileOf(given), url, open: true });
  return url;
}

function api(args: string[], world: World): string {
  const { given, rest } = options(args, { "--method": 1, "--paginate": 0, "--jq": 1, "--field": 1 }, unknown);
  const path = rest[0] ?? "";
  const method = given.get("--method")?.[0] ?? (given.has("--field") ? "POST" : "GET");
  const jq = given.get("--jq")?.[0];
  const field = given.get("--field")?.[0] ?? "";
  const body = field.startsWith("body=@") ? readFileSync(field.slice(6), "utf8") : undefined;
  const [, commit] = /^repos\/\{owner\}\/\{repo\}\/commits\/([0-9a-f]{40})\/statuses\?per_page=100$/.exec(path) ?? [];
  if (commit !== undefined && method === "GET") {
    // The latest first, and with --paginate one document a page.
    const all = (world.statuses[commit] ?? []).map(({ creator = "acme-flux", ...status }, index) => ({ id: 9000 + index, ...status, creator: { login: creator } })).reverse();
    return [all.slice(0, 1), ...(given.has("--paginate") ? [all.slice(1)] : [])].map((page) => filtered(page, jq)).join("");
  }
  const [, number] = /^repos\/\{owner\}\/\{repo\}\/issues\/(\d+)\/comments$/.exec(path) ?? [];
  if (number !== undefined) {
    const all = (world.comments[number] ??= []);
    if (method === "GET") return filtered(all, jq);
    if (body === undefined) throw new Refusal("gh: Validation Failed (HTTP 422)");
    const comment = { id: 100 + all.length, body, user: { type: "Bot" } };
    all.push(comment);
    return JSON.stringify(comment);
  }
  const [, id] = /^repos\/\{owner\}\/\{repo\}\/issues\/comments\/(\d+)$/.exec(path) ?? [];
  const found = Object.values(world.comments).flat().find((comment) => String(comment.id) === id);
  if (method !== "PATCH" || found === undefined || body === undefined) throw new Refusal(`gh: Not Found (HTTP 404)`);
  found.body = body;
  return JSON.stringify(found);
}

standIn("gh", ([group, ...args], world) => {
  if ((process.env.GH_TOKEN ?? "") === "") throw new Refusal("gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.", 4);
  if (group === "pr") return pr(args[0], args.slice(1), world);
  if (group === "api") return api(args, world);
  if (group === "workflow" && args[0] === "run") {
    const { given, rest } = options(args.slice(1), { "--ref": 1 }, unknown);
    const file = `.github/workflows/${rest[0]}`;
    if (!existsSync(file)) throw new Refusal(`could not find any workflows named ${rest[0]}`);
    if (!/^ {2}workflow_dispatch:/m.test(readFileSync(file, "utf8"))) throw new Refusal("could not create workflow dispatch event: HTTP 422: Workflow does not have 'workflow_dispatch' trigger");
    if (!branches().includes(given.get("--ref")?.[0] ?? "")) throw new Refusal(`could not create workflow dispatch event: HTTP 422: No ref found for: ${given.get("--ref")?.[0]}`);
    return "";
  }
  throw new Refusal(`unknown command "${group}" for "gh"`);
});
