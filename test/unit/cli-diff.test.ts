/** `npm run diff`: comparing renderings, the page, and how the base is had. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../cli/arguments.ts";
import { compare } from "../../cli/diff/compare.ts";
import { compared } from "../../cli/diff/compared.ts";
import { diffMarkdown } from "../../cli/diff/markdown.ts";
import type { Rendering } from "../../cli/diff/rendered.ts";
import { renderFiles } from "../../cli/render/files.ts";
import { readStackFile } from "../../cli/stack-file.ts";
import { commentLimit } from "../../cli/comment/fit.ts";
import { Program } from "../evaluate.ts";
import { outsideOfCode } from "./markdown-spans.ts";

const folder = mkdtempSync(join(tmpdir(), "mooring-diff-test-"));
after(() => rmSync(folder, { recursive: true }));

type Config = Record<string, Record<string, unknown>>;

/** What `render` writes for the stack `staging` with some settings changed. */
async function renderingWith(change: (config: Config) => void = () => {}): Promise<Rendering> {
  const source = parse(readFileSync(join(projectRoot, "Pulumi.staging.yaml"), "utf8")) as { config: Config };
  change(source.config);
  const file = join(folder, "Pulumi.staging.yaml");
  writeFileSync(file, stringify(source, { version: "1.1" }));
  const { configuration, mistakes } = readStackFile({ root: projectRoot, file });
  assert.deepEqual(mistakes, []);
  return renderFiles((await Program.of(configuration!)).registrations);
}

const tenants = (config: Config): Record<string, Record<string, unknown>> => config["mooring:tenants"] as Record<string, Record<string, unknown>>;

describe("two renderings of the real program", () => {
  let whole: Rendering;
  before(async () => {
    whole = await renderingWith();
  });
  const page = (differences: ReturnType<typeof compare>, more: object = {}) => diffMarkdown("staging", { commit: "0123456789abcdef", isNew: false, isGone: false, ...differences, ...more });

  test("that are the same have nothing to say", () => {
    const same = compare(whole, new Map(whole));
    assert.deepEqual(same, { differences: [], files: [] });
    assert.equal(page(same), "### What `staging` declares: nothing differs\n\nCompared with `0123456789ab`, by the settings alone: what exists only a preview can tell.\n");
  });

  test("differ in exactly what a setting changes, by its path, and say where it belongs", async () => {
    const { differences } = compare(whole, await renderingWith((config) => (tenants(config).orders!.quota = { cpu: "16", memory: "24Gi", pods: 80 })));
    assert.deepEqual(differences.map(({ part, type, name, verb, fields }) => [part.kind, part.name, type, name, verb, fields.map(({ path, before, after, fixed }) => [path, before, after, fixed])]), [
      ["tenant", "orders", "v1:ResourceQuota", "orders/tenant", "change", [['spec.hard["limits.cpu"]', "12", "16", false], ['spec.hard["requests.cpu"]', "12", "16", false]]],
    ]);
  });

  test("have a tenant that is removed first, by what it holds, and one that is added", async () => {
    const differences = compare(whole, await renderingWith((config) => {
      const { operations, ...others } = tenants(config);
      (config as Record<string, unknown>)["mooring:tenants"] = { ...others, shop: { ...operations, description: "Shop" } };
    }));
    const of = (verb: string) => differences.differences.filter((difference) => difference.verb === verb);
    const perTenant = of("add").filter(({ part }) => part.name === "shop").length;
    assert.ok(perTenant >= 12);
    assert.deepEqual(of("remove").filter(({ part }) => part.kind === "tenant").map(({ part }) => part.name), Array.from({ length: perTenant }, () => "operations"));
    const text = page(differences);
    assert.match(text, /#### Removed \(\d+\)\n\n(- .*, which holds .*\n)+- `/);
    assert.match(text, /^- `Namespace` `operations`, which holds what runs in it, its volumes and its secrets$/m);
    assert.match(text, new RegExp(`^\\| tenant \`shop\` \\|  \\|(  \\|)? ${perTenant} \\| `, "m"));
  });

  test("name what cannot be changed in place", async () => {
    const differences = compare(whole, await renderingWith((config) => {
      (config["mooring:cluster"]!.pools as Record<string, object>).batch = { max: 3, vmSize: "Standard_E4ds_v5", taints: ["workload=batch:NoSchedule"] };
    }));
    const [pool] = differences.differences.filter(({ type }) => type.endsWith(":AgentPool"));
    assert.deepEqual(pool!.fields.map(({ path, fixed }) => [path, fixed]).sort(), [["maxCount", false], ["vmSize", true]]);
    assert.match(page(differences), /#### Cannot be changed in place \(1\)\n\n- `AgentPool` `mooring-cluster-batch`: `vmSize` `"Standard_D4ds_v5"` → `"Standard_E4ds_v5"`\n\nEach is replaced/);
  });

  test("one of which is not there differ in everything", () => {
    const all = compare(undefined, whole).differences;
    assert.deepEqual([...new Set(all.map(({ verb }) => verb))], ["add"]);
    assert.equal(all.length, Number(/(\d+) resources in/.exec(whole.get("tree.txt")!)![1]));
    assert.match(page({ differences: all, files: [] }, { isNew: true }), /The base has no such stack: all of it is new\./);
    assert.match(page(compare(whole, undefined), { isGone: true }), /\*\*The stack's file is gone\.\*\*/);
  });

  test("of a thousand tenants that all change fit into a comment, alike ones together", () => {
    const tree = Array.from({ length: 1000 }, (_, index) => `  mooring:tenant:Tenant team-${index}  (1: Repository)`).join("\n");
    const github = (topics: string[]) => JSON.stringify(Array.from({ length: 1000 }, (_, index) => ({ type: "github:index/repository:Repository", name: `r-${index}`, parent: `team-${index}`, inputs: { topics, name: `r-${index}` } })));
    const of = (topics: string[]): Rendering => new Map([["tree.txt", `mooring:index:Platform mooring\n${tree}`], ["github.json", github(topics)]]);
    const text = page(compare(of(["a"]), of(["b"])));
    assert.ok(text.length < 2000);
    assert.match(text, /^\| 1000 tenants: `team-0`, .* and 995 more \| 1 each \| 1 `Repository` \|$/m);
    assert.match(text, /^- `Repository` `r-0`, `r-1`, `r-10` and 997 more: `topics\[0\]` `"a"` → `"b"`$/m);
    assert.ok(page(compare(of(["a"]), new Map())).length <= commentLimit);
  });

  test("show nothing of what others chose outside of code spans", () => {
    const nasty = "</details>\n# `x` @all | [y](https://evil.example)";
    const entry = (value: string) => new Map([["azure.json", JSON.stringify([{ type: `a:b:${nasty}`, name: nasty, parent: nasty, inputs: { [nasty]: value } }])], [`${nasty}.txt`, value]]);
    const outside = outsideOfCode(page(compare(entry(nasty), entry("2"))));
    assert.doesNotMatch(outside, /@|evil|\[/);
    assert.equal(outside.match(/<\/details>/g)?.length, outside.match(/<details>/g)?.length);
  });

  test("list files of another kind, and none that are made from the others", () => {
    const of = (text: string): Rendering => new Map([["tree.txt", text], ["tenants.html", text], ["tenants.md", text], ["flux-values.yaml", text], ["azure.json", "[]"], ["fleet/README.md", text]]);
    assert.deepEqual(compare(of("a"), of("b")), { differences: [], files: ["fleet/README.md"] });
  });
});

describe("the base", () => {
  const git = (cwd: string, ...args: string[]) => execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", ...args], { cwd, encoding: "utf8" }).trim();

  /** A repository with a project whose `render` writes its stack's name, its own version and its environment. */
  function project(): string {
    const root = mkdtempSync(join(folder, "project-"));
    mkdirSync(join(root, "cli"));
    mkdirSync(join(root, "node_modules/kept"), { recursive: true });
    writeFileSync(join(root, ".gitignore"), "node_modules\n");
    writeFileSync(join(root, "package.json"), JSON.stringify({ name: "p", type: "module" }));
    writeFileSync(join(root, "package-lock.json"), "1");
    writeFileSync(join(root, "cli/preload.mjs"), "");
    program(root, "one");
    writeFileSync(join(root, "Pulumi.staging.yaml"), "config: {}\n");
    git(root, "init", "-q");
    git(root, "add", ".");
    git(root, "commit", "-q", "-m", "first");
    return root;
  }

  function program(root: string, version: string, first = ""): void {
    writeFileSync(join(root, "cli/render.ts"), `
      ${first}
      import { existsSync, mkdirSync, writeFileSync } from "node:fs";
      const [stack, , out] = process.argv.slice(2);
      if (!existsSync(new URL("../node_modules/kept", import.meta.url))) throw new Error("no packages");
      mkdirSync(out!, { recursive: true });
      writeFileSync(out + "/program.txt", stack + " ${version}");
      ${first === "" ? "" : 'writeFileSync(new URL("../ended", import.meta.url), "");'}
      if ("SECRET_TOKEN" in process.env) writeFileSync(out + "/" + "${version}-saw-a-token.txt", "");
    `);
  }

  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("mooring-diff-") && !name.startsWith("mooring-diff-test-"));

  test("is rendered by its own program, with the checkout's packages and without the job's credentials, and leaves nothing behind", async () => {
    const root = project();
    program(root, "two");
    writeFileSync(join(root, "cli/staged.ts"), "");
    git(root, "add", "cli/staged.ts");
    const [status, had] = [git(root, "status", "--porcelain"), left()];
    process.env.SECRET_TOKEN = "x";
    const { files, differences } = await compared(root, "staging", "HEAD", false).finally(() => delete process.env.SECRET_TOKEN);
    assert.deepEqual([files, differences], [["program.txt"], []]);
    assert.equal(git(root, "status", "--porcelain"), status, "neither files nor index of the checkout are touched");
    assert.deepEqual(left().filter((name) => !had.includes(name)), []);
    assert.equal(git(root, "worktree", "list").split("\n").length, 1);
  });

  test("is where the histories part: what others merged meanwhile is no difference", async () => {
    const root = project();
    const first = git(root, "rev-parse", "HEAD");
    git(root, "checkout", "-q", "-b", "work");
    git(root, "checkout", "-q", "main");
    program(root, "others");
    git(root, "commit", "-q", "-a", "-m", "others");
    git(root, "checkout", "-q", "work");
    assert.deepEqual(await compared(root, "staging", "main", false), { commit: first, isNew: false, isGone: false, differences: [], files: [] });
  });

  test("may lie in a folder of its repository", async () => {
    const root = project();
    const outer = mkdtempSync(join(folder, "outer-"));
    cpSync(root, join(outer, "infra"), { recursive: true, filter: (path) => !path.endsWith("/.git") });
    git(outer, "init", "-q");
    git(outer, "add", ".");
    git(outer, "commit", "-q", "-m", "first");
    program(join(outer, "infra"), "two");
    assert.deepEqual((await compared(join(outer, "infra"), "staging", "HEAD", false)).files, ["program.txt"]);
  });

  test("with other packages says what is to be done", async () => {
    const root = project();
    writeFileSync(join(root, "package-lock.json"), "2");
    await assert.rejects(compared(root, "staging", "HEAD", false), /package-lock\.json is not the same in HEAD, whose program needs its own packages: add --install/);
  });

  test("with other packages gets them where that is allowed, and no script of theirs runs", async () => {
    const root = project();
    const ran = join(root, "ran");
    writeFileSync(join(root, "package.json"), JSON.stringify({ name: "p", type: "module", scripts: { preinstall: `echo > ${ran}` }, dependencies: { kept: "file:./kept" } }));
    writeFileSync(join(root, "package-lock.json"), JSON.stringify({ name: "p", lockfileVersion: 3, requires: true, packages: {
      "": { name: "p", dependencies: { kept: "file:./kept" } }, kept: { version: "1.0.0" }, "node_modules/kept": { resolved: "kept", link: true },
    } }));
    mkdirSync(join(root, "kept"));
    writeFileSync(join(root, "kept/package.json"), JSON.stringify({ name: "kept", version: "1.0.0", scripts: { install: `echo > ${ran}` } }));
    git(root, "add", ".");
    git(root, "commit", "-q", "-m", "packages");
    writeFileSync(join(root, "package-lock.json"), "2");
    assert.deepEqual((await compared(root, "staging", "HEAD", true)).files, []);
    assert.equal(existsSync(ran), false);
  });

  test("may have no such stack, or be the only one that has it", async () => {
    const root = project();
    writeFileSync(join(root, "Pulumi.prod.yaml"), "config: {}\n");
    rmSync(join(root, "Pulumi.staging.yaml"));
    const ofProd = await compared(root, "prod", "HEAD", false);
    const ofStaging = await compared(root, "staging", "HEAD", false);
    assert.deepEqual([ofProd.isNew, ofProd.isGone, ofStaging.isNew, ofStaging.isGone], [true, false, false, true]);
    await assert.rejects(compared(root, "dev", "HEAD", false), /there is no file Pulumi\.dev\.yaml, neither in the working tree nor in HEAD/);
  });

  test("must be a commit, whatever it looks like", async () => {
    const root = project();
    for (const ref of ["no-such", "--output=/tmp/x", "HEAD~99", "-h"]) await assert.rejects(compared(root, "staging", ref, false), /there is no such commit here/, ref);
  });

  test("that cannot be rendered is told with what its program says, and so is a head", async () => {
    const root = project();
    writeFileSync(join(root, "cli/render.ts"), 'process.stderr.write("warning: x\\nmooring:tier: wrong\\n"); process.exit(1);');
    await assert.rejects(compared(root, "staging", "HEAD", false), { message: "the working tree cannot be rendered: mooring:tier: wrong" });
    git(root, "commit", "-q", "-a", "-m", "broken");
    // The other one takes longer; what it writes must not outlive the command.
    program(root, "mended", "await new Promise((resolve) => setTimeout(resolve, 500));");
    const had = left();
    await assert.rejects(compared(root, "staging", "HEAD", false), { message: "the base HEAD cannot be rendered: mooring:tier: wrong" });
    assert.ok(existsSync(join(root, "ended")), "the slower one was waited for");
    assert.deepEqual(left().filter((name) => !had.includes(name)), []);
  });
});

describe("npm run diff", () => {
  /** A copy of this project as a repository of its own, with one commit. */
  const root = join(folder, "copy");
  before(() => {
    mkdirSync(root);
    for (const name of readdirSync(projectRoot)) {
      if (!["node_modules", ".git", ".mooring", "rendered", "test"].includes(name)) cpSync(join(projectRoot, name), join(root, name), { recursive: true });
    }
    symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
    for (const args of [["init", "-q"], ["add", "cli", "components", "local", "*.ts", "*.yaml", "package*.json"], ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "first"]]) execFileSync("git", args, { cwd: root });
  });
  const called = (...args: string[]) => spawnSync(process.execPath, ["--import", "./cli/preload.mjs", "cli/diff.ts", ...args], { cwd: root, encoding: "utf8" });
  const stackFile = join(root, "Pulumi.staging.yaml");

  test("prints the page, or writes it, and ends with 0 whatever differs", () => {
    const nothing = called("staging", "--base", "HEAD");
    assert.deepEqual([nothing.status, nothing.stdout.split("\n")[0], nothing.stderr], [0, "### What `staging` declares: nothing differs", ""]);
    writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace('cpu: "12"', 'cpu: "16"'));
    const { status, stdout } = called("staging", "--base", "HEAD", "--out", "diff.md");
    assert.deepEqual([status, stdout], [0, "staging: 0 removed, 1 changed, 0 added\n"]);
    assert.match(readFileSync(join(root, "diff.md"), "utf8"), /^### What `staging` declares: 1 changed\n/);
  });

  test("writes why there is no page, and ends with 1", () => {
    writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace("tier: nonproduction", "tier: nonsense"));
    rmSync(join(root, "diff.md"), { force: true });
    const { status, stderr } = called("staging", "--base", "HEAD", "--out", "diff.md");
    assert.equal(status, 1);
    assert.match(stderr, /^the working tree cannot be rendered: mooring:tier: "nonsense" is not one of/);
    assert.match(readFileSync(join(root, "diff.md"), "utf8"), /^### What `staging` declares: no difference could be made\n\n#### Because\n\n- `the working tree cannot be rendered: mooring:tier: "nonsense"/);
  });

  test("ends with 2 when no base is named", () => {
    const { status, stderr } = called("staging");
    assert.deepEqual([status, /--base is missing/.test(stderr), existsSync(join(root, "true"))], [2, true, false]);
  });
});
