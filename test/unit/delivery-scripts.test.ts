/** The scripts of cli/ci with stand-ins for what they call on the PATH; each records its arguments, a word a line. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { workflows } from "../delivery/facts.ts";

const scratch = mkdtempSync(join(tmpdir(), "mooring-ci-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
const [project, bin, temporary] = ["project", "bin", "tmp"].map((name) => join(scratch, name)) as [string, string, string];
const calls = (): string[] => (existsSync(join(scratch, "calls")) ? readFileSync(join(scratch, "calls"), "utf8").trim().split("\n") : []);

beforeEach(() => {
  rmSync(scratch, { recursive: true });
  for (const folder of [bin, temporary, join(project, "cli/ci")]) mkdirSync(folder, { recursive: true });
  for (const file of globSync("cli/ci/*.sh", { cwd: projectRoot })) copyFileSync(join(projectRoot, file), join(project, file));
  for (const stack of ["local", "prod", "staging"]) writeFileSync(join(project, `Pulumi.${stack}.yaml`), "");
});

/** A program on the PATH; `$*` is what it is called with. */
function install(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/bash\necho "${name} $*" >>'${scratch}/calls'\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

function run(script: string, args: string[], env: Record<string, string> = {}) {
  return spawnSync("bash", [join(project, "cli/ci", script), ...args], { cwd: scratch, encoding: "utf8", env: { PATH: `${bin}:${process.env.PATH}`, RUNNER_TEMP: temporary, ...env } });
}

const report = (name: string): string => join(temporary, "reports", name);

describe("run.sh", () => {
  const writes = "for ((i = 1; i <= $#; i++)); do if [[ ${!i} == --out || ${!i} == --markdown ]]; then j=$((i + 1)); echo \"# ${!j##*/}\" >\"${!j}\"; fi; done";

  test("diff: every stack but local, checked and compared with what it is merged into, told in the summary", () => {
    install("npm", writes);
    const summary = join(scratch, "summary");
    const { status, stderr } = run("run.sh", ["diff"], { GITHUB_STEP_SUMMARY: summary });
    assert.equal(status, 0, stderr);
    assert.deepEqual(calls(), ["prod", "staging"].flatMap((stack) => [
      `npm run --silent check -- ${stack}`, `npm run --silent diff -- ${stack} --base HEAD^1 --install --out ${report(`diff-${stack}.md`)}`,
    ]));
    assert.equal(readFileSync(summary, "utf8"), "# diff-prod.md\n# diff-staging.md\n");
  });

  test("diff: a stack with mistakes does not keep the others from being told", () => {
    install("npm", `${writes}; [[ "$*" != *"check -- prod"* ]]`);
    const { status, stdout } = run("run.sh", ["diff"], { TF_BUILD: "True" });
    assert.equal(status, 1);
    assert.equal(calls().length, 4);
    assert.match(stdout, new RegExp(`##vso\\[task\\.uploadsummary\\]${report("diff-staging.md")}`));
  });

  test("preview and drift: exit code and report are kept, names that may be lost passed on", () => {
    install("npm", `${writes}; exit 1`);
    assert.equal(run("run.sh", ["preview", "prod"], { ACCEPT: " vault  mooring-cluster " }).status, 1);
    assert.equal(run("run.sh", ["drift", "prod"]).status, 1);
    assert.deepEqual(calls(), [
      `npm run --silent preview -- prod --accept vault --accept mooring-cluster --markdown ${report("preview-prod.md")}`,
      `npm run --silent preview -- prod --drift --markdown ${report("drift-prod.md")}`,
    ]);
    assert.equal(readFileSync(report("drift-prod.exit"), "utf8"), "1\n");
  });

  test("up and stop take the script's place, as a signal needs it", () => {
    install("node", `echo "parent $PPID, self $$"`);
    const up = run("run.sh", ["up", "staging"], { ACCEPT: "vault; rm -rf /" });
    assert.equal(up.stdout.trim(), `parent ${process.pid}, self ${up.pid}`);
    assert.equal(run("run.sh", ["stop", "staging"], { SECONDS_TO_STOP: "1500" }).status, 0);
    assert.deepEqual(calls(), [
      "node --import ./cli/preload.mjs cli/up.ts staging --accept vault; --accept rm --accept -rf --accept /",
      "node --import ./cli/preload.mjs cli/up.ts staging --stop --seconds 1500",
    ]);
  });

  test("signs in at GitHub where the environment names an App, and not at all when that fails", () => {
    install("npm", 'if [[ "$*" == *github-token* ]]; then echo ghs_token; else echo "$GITHUB_TOKEN" >"$RUNNER_TEMP/seen"; fi');
    const env = { MOORING_GITHUB_APP: "Iv23li", MOORING_GITHUB_KEY: "k", MOORING_GITHUB_OWNER: "acme" };
    const { stdout, stderr } = run("run.sh", ["preview", "prod"], env);
    assert.equal(readFileSync(join(temporary, "seen"), "utf8"), "ghs_token\n", stderr);
    assert.doesNotMatch(stdout + stderr, /ghs_token/);
    assert.equal(calls()[0], "npm run --silent github-token -- --owner acme --host github.com");
    rmSync(join(scratch, "calls"));
    install("npm", "exit 1");
    assert.equal(run("run.sh", ["preview", "prod"], env).status, 1);
    assert.equal(calls().length, 1, "no preview without the token");
  });

  test("comment: each report by its name, also after one that fails", () => {
    install("npm", '[[ "$*" != *diff-prod* ]]');
    mkdirSync(join(temporary, "reports"));
    for (const name of ["diff-prod.md", "diff-staging.md", "preview-prod.md", "drift-prod.md"]) writeFileSync(report(name), "x");
    assert.equal(run("run.sh", ["comment"]).status, 1);
    assert.deepEqual(calls(), ["diff-prod", "diff-staging", "preview-prod"].map((key) => `npm run --silent comment -- --body ${report(`${key}.md`)} --key ${key}`));
  });

  test("another word is refused", () => assert.equal(run("run.sh", ["destroy", "prod"]).status, 2));
});

describe("kubelogin.sh", () => {
  const fake = "while (($#)); do if [[ $1 == --output ]]; then printf planted >\"$2\"; fi; shift; done";

  test("takes nothing but what has its checksum", () => {
    install("curl", fake);
    const { status, stderr } = run("kubelogin.sh", [], { GITHUB_PATH: join(scratch, "path") });
    assert.notEqual(status, 0);
    assert.match(stderr, /did NOT match/);
    assert.ok(!existsSync(join(scratch, "path")) && !existsSync(join(temporary, "kubelogin/kubelogin")));
    assert.match(calls()[0]!, /^curl --fail .*https:\/\/github\.com\/Azure\/kubelogin\/releases\/download\/v\d+\.\d+\.\d+\/kubelogin-linux-amd64\.zip$/);
  });

  test("what has it is put on the PATH, in both services", () => {
    install("curl", fake);
    install("sha256sum", "cat >/dev/null");
    install("unzip", 'while (($#)); do if [[ $1 == -d ]]; then echo kubelogin >"$2/kubelogin"; fi; shift; done');
    const { status, stdout, stderr } = run("kubelogin.sh", [], { GITHUB_PATH: join(scratch, "path"), TF_BUILD: "True" });
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(scratch, "path"), "utf8"), `${temporary}/kubelogin\n`);
    assert.match(stdout, new RegExp(`##vso\\[task\\.prependpath\\]${temporary}/kubelogin`));
  });
});

describe("tell.sh", () => {
  const env = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/platform", GITHUB_RUN_ID: "1" };
  /** `gh` with these open issues of ours, by title. */
  const gh = (issues: Record<string, number>): void =>
    install("gh", `if [[ "$2" == list ]]; then case $TITLE in ${Object.entries(issues).map(([title, number]) => `"${title}") echo ${number} ;;`).join(" ")} esac; fi`);
  const told = (): string[] => calls().filter((line) => !line.startsWith("gh issue list"));
  const drift = (stack: string, exit: string): void => {
    mkdirSync(join(temporary, "reports"), { recursive: true });
    writeFileSync(report(`drift-${stack}.md`), "# drift");
    writeFileSync(report(`drift-${stack}.exit`), `${exit}\n`);
  };

  test("makes an issue, brings it up to date, and closes it", () => {
    drift("staging", "1");
    drift("prod", "0");
    gh({});
    assert.equal(run("tell.sh", ["staging", "prod"], env).status, 0);
    assert.deepEqual(told(), [`gh issue create --title Drift in staging --body-file ${report("drift-staging.md")}`]);
    rmSync(join(scratch, "calls"));
    gh({ "Drift in staging": 5, "Drift in prod": 6 });
    assert.equal(run("tell.sh", ["staging", "prod"], env).status, 0);
    assert.deepEqual(told(), [`gh issue edit 5 --body-file ${report("drift-staging.md")}`, "gh issue close 6 --comment Nothing differs any more."]);
    assert.ok(calls().every((line) => !line.startsWith("gh issue list") || line.includes("--author app/github-actions")), "somebody else's issue is left alone");
  });

  test("a check that did not come to an end is told as that, not as no drift", () => {
    gh({ "Drift in prod": 6 });
    assert.equal(run("tell.sh", ["prod"], env).status, 0);
    assert.deepEqual(told(), [`gh issue edit 6 --body-file ${report("drift-prod.md")}`]);
    assert.match(readFileSync(report("drift-prod.md"), "utf8"), /not known.*https:\/\/github\.com\/acme\/platform\/actions\/runs\/1/);
  });
});

test("every script is one to bash", () => {
  const scripts = globSync("cli/ci/*.sh", { cwd: projectRoot });
  assert.ok(scripts.length >= 3);
  const check = (input: string) => spawnSync("bash", ["-n"], { input, encoding: "utf8" });
  for (const file of scripts) assert.equal(check(readFileSync(join(projectRoot, file), "utf8")).status, 0, file);
  const inline = [...JSON.stringify(workflows()).matchAll(/"run":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(text!) as string);
  for (const text of inline) assert.equal(check(text).status, 0, text);
  assert.ok(inline.length > 5 && check("if true; then").status !== 0);
});
