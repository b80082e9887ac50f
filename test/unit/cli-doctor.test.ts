import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { isAtLeast } from "../../cli/doctor/finding.ts";
import type { Execution } from "../../cli/execute.ts";
import { execute } from "../../cli/execute.ts";
import { emptyAz, installAz } from "../az-standin.ts";
import type { AzState } from "../az-standin.ts";
import { faults, findings, group, healthy, registered, role, root, stackFile, subscription, tenant } from "../doctor.ts";

test("a machine on which everything is right", async () => {
  assert.deepEqual(await findings(), [
    "ok       settings: Pulumi.test.yaml",
    "ok       Node 24.21.0",
    "ok       Pulumi CLI 3.259.0",
    "ok       Azure CLI 2.79.0",
    "ok       kubelogin",
    "ok       Azure login: me@acme.example, in the tenant and subscription of the settings",
    "ok       rights: Owner on the subscription",
    `ok       administrators of the cluster: a member of ${group}`,
    "ok       resource providers: registered",
    "ok       GitHub token: has repo",
    "ok       GitHub owner: acme",
    "ok       state: azblob://state?storage_account=x",
    "ok       stack test: has a secrets provider",
  ]);
});

test("nothing is changed in Azure", async () => {
  const az = healthy();
  await findings({ az });
  assert.deepEqual(az.writes, []);
});

describe("tools", () => {
  test("an old Node, here and outside the project", async () => {
    assert.match((await faults({ nodeVersion: "24.18.0" }))[0] ?? "", /^missing {2}Node 24\.18\.0; install Node 24\.21\.0 or newer/);
    const folder = join(root, "old");
    rmSync(folder, { recursive: true, force: true });
    spawnSync("mkdir", ["-p", join(folder, "node_modules/.bin")]);
    for (const file of ["node", "node_modules/.bin/node"]) {
      writeFileSync(join(folder, file), "");
      chmodSync(join(folder, file), 0o755);
    }
    const old = { programs: { [`${join(folder, "node")} --version`]: "v20.20.2\n" }, env: { GITHUB_TOKEN: "x", PATH: `${folder}/node_modules/.bin:${folder}` } };
    assert.deepEqual(await faults(old), ["warning  the Node outside the project is v20.20.2, too old for a bare `pulumi up`; write `npx pulumi up`"]);
  });

  test("a Pulumi CLI that is too old, or cannot be had", async () => {
    assert.match((await faults({ programs: { "pulumi version": "v3.100.0\n" } }))[0] ?? "", /^missing {2}Pulumi CLI 3\.100\.0, which is older than 3\.255\.0/);
    assert.match((await faults({ programs: { "pulumi version": { code: 1, stderr: "pulumi: download failed\n" } } }))[0] ?? "", /^missing {2}Pulumi CLI: pulumi: download failed; run `npm install`/);
  });

  test("no kubelogin, or another program of that name", async () => {
    assert.match((await faults({ programs: { "kubelogin get-token": { failure: "not found" } } }))[0] ?? "", /^missing {2}kubelogin: it is not on the PATH; install Azure's/);
    assert.match((await faults({ programs: { "kubelogin get-token": "--oidc-issuer-url" } }))[0] ?? "", /^missing {2}kubelogin: the one on the PATH is not Azure's/);
  });
});

describe("Azure", () => {
  const azFaults = (changes: Partial<AzState>) => faults({ az: { ...healthy(), ...changes } });

  test("nobody signed in: the rest is not asked", async () => {
    assert.deepEqual(await azFaults({ account: undefined }), [
      `missing  Azure login: Please run 'az login' to setup account.; run \`az login --tenant ${tenant}\`; rights, groups and registrations are checked after that`,
    ]);
  });

  test("another tenant, another subscription", async () => {
    const account = { id: subscription, tenantId: tenant, user: { name: "me", type: "user" } };
    assert.deepEqual(await azFaults({ account: { ...account, tenantId: group } }), [`missing  Azure login: me is in tenant ${group}, the settings name ${tenant}; run \`az login --tenant ${tenant}\``]);
    assert.deepEqual(await azFaults({ account: { ...account, id: group } }), [`missing  Azure login: the subscription is ${group}, the settings name ${subscription}; run \`az account set --subscription ${subscription}\``]);
  });

  test("rights: what is enough, and what is not", async () => {
    const rights = async (...assignments: AzState["assignments"]) => (await findings({ az: { ...healthy(), assignments } })).find((line) => line.includes(" rights: "));
    assert.match((await rights()) ?? "", /^missing {2}rights: no role on the subscription; `up` needs Owner, or Contributor with/);
    assert.match((await rights(role("Contributor"), role("Reader"))) ?? "", /^missing {2}rights: Contributor, Reader on the subscription/);
    assert.match((await rights(role("Role Based Access Control Administrator"))) ?? "", /^missing/);
    assert.equal(await rights(role("Contributor"), role("User Access Administrator")), "ok       rights: Contributor and User Access Administrator on the subscription");
    assert.match((await rights(role("Contributor"), role("Role Based Access Control Administrator", "@Request"))) ?? "", /^ok .*with a condition/);
  });

  test("a member of no group of administrators", async () => {
    assert.match((await azFaults({ memberOf: [] }))[0] ?? "", new RegExp(`^missing {2}administrators of the cluster: .*az ad group member add --group ${group} --member-id me`));
  });

  test("a directory that may not be read is a warning", async () => {
    assert.deepEqual(await azFaults({ person: undefined }), ["warning  rights and groups: not checked, the directory does not say who is signed in (Insufficient privileges to complete the operation.)"]);
  });

  test("a service principal is asked for as one", async () => {
    const az = { ...healthy(), account: { id: subscription, tenantId: tenant, user: { name: "app-id", type: "servicePrincipal" } } };
    assert.deepEqual(await faults({ az }), []);
    assert.ok(az.calls.some((call) => call.join(" ").includes("ad sp show --id app-id")));
    assert.ok(az.calls.some((call) => call.join(" ").includes("/servicePrincipals/me/checkMemberGroups")));
  });

  test("resource providers that are not registered, or not yet", async () => {
    assert.match((await azFaults({ providers: { ...registered, "Microsoft.Network": "NotRegistered" } }))[0] ?? "", /^missing {2}resource providers: Microsoft\.Network not registered; `npm run bootstrap -- test` registers/);
    assert.match((await azFaults({ providers: { ...registered, "Microsoft.Network": "Registering" } }))[0] ?? "", /^warning {2}resource providers: Microsoft\.Network still being registered/);
  });
});

describe("GitHub", () => {
  const githubFaults = (user: { status: number; scopes?: string }, env: NodeJS.ProcessEnv = { GITHUB_TOKEN: "ghp_secret" }) => faults({ env, github: { "/user": user, "/users/acme": { status: 200 } } });

  test("no token; gh's is taken where it has one", async () => {
    assert.match((await faults({ env: {} }))[0] ?? "", /^missing {2}GitHub token: none; set GITHUB_TOKEN, or run `gh auth login`/);
    assert.deepEqual(await faults({ env: {}, programs: { "gh auth": "gho_x\n" } }), []);
  });

  test("a token that may not do what the settings ask for: each scope with what it is for; a wider one is enough", async () => {
    const yaml = `${stackFile}  mooring:tenants: {orders: {owners: [${group}], repository: {scaffold: kustomize, teams: {orders: push}}}}\n`;
    const scoped = (scopes: string) => faults({ yaml, github: { "/user": { status: 200, scopes }, "/users/acme": { status: 200 } } });
    assert.deepEqual(await scoped("repo"), [
      "missing  GitHub token: has repo; add workflow (the workflows of a template), delete_repo (a template that no team starts from any more), read:org (the teams of the settings)",
    ]);
    assert.deepEqual(await scoped("repo, workflow, delete_repo, admin:org"), []);
    assert.deepEqual(await faults({ yaml: yaml.replace("owner: acme}", "owner: acme, managedBy: dev}").replace(", teams: {orders: push}", ""), github: { "/user": { status: 200, scopes: "repo" }, "/users/acme": { status: 200 } } }), []);
  });

  test("an Enterprise Server is asked itself, and an App for no token", async () => {
    const asked: string[] = [];
    const stack = (more: string) => stackFile.replace("{owner: acme}", `{owner: acme, ${more}}`);
    const server = stack('enterpriseServer: {host: git.acme.example, hostKeys: ["git.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf"]}');
    assert.deepEqual(await faults({ yaml: server, github: { "/api/v3/user": { status: 200, scopes: "repo" }, "/api/v3/users/acme": { status: 200 } }, asked }), []);
    assert.deepEqual([...new Set(asked.map((address) => new URL(address).host))], ["git.acme.example"]);
    const app = await findings({ yaml: stack("app: {id: 4711, installationId: 1, key: github-app}"), env: {}, github: { "/users/acme": { status: 200 } } });
    assert.ok(app.some((line) => /^ok {7}GitHub: as the App 4711, which needs Administration/.test(line)), app.join("\n"));
  });

  test("a token that is refused, without the scope, or that does not tell", async () => {
    assert.match((await githubFaults({ status: 401 }))[0] ?? "", /^missing {2}GitHub token: refused/);
    assert.match((await githubFaults({ status: 200, scopes: "read:org" }))[0] ?? "", /^missing {2}GitHub token: has read:org; add repo \(repositories, their keys/);
    assert.match((await githubFaults({ status: 200, scopes: "" }))[0] ?? "", /^missing {2}GitHub token: has no scope/);
    assert.match((await githubFaults({ status: 200 }, { GITHUB_TOKEN: "github_pat_x" }))[0] ?? "", /^warning {2}GitHub token: accepted; what it may do cannot be read/);
  });

  test("an owner that does not exist", async () => {
    const github = { "/user": { status: 200, scopes: "repo" }, "/users/acme": { status: 404 } };
    assert.deepEqual(await faults({ github }), ["missing  GitHub owner: there is no organisation or person acme; correct mooring:github.owner"]);
  });

  test("no network is a warning that says so", async () => {
    const github = Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } });
    assert.deepEqual(await faults({ github }), [
      "warning  GitHub token: cannot be checked (api.github.com cannot be reached: ENOTFOUND)",
      "warning  GitHub owner: cannot be checked (api.github.com cannot be reached: ENOTFOUND)",
    ]);
  });

  test("the token is never shown", async () => {
    for (const status of [200, 401, 500]) assert.ok(!(await githubFaults({ status })).join("\n").includes("ghp_secret"));
  });
});

describe("state, stack and secrets", () => {
  test("no backend, one that does not answer, and one on this machine alone", async () => {
    const whoami = (answer: string | Partial<Execution>) => faults({ programs: { "pulumi whoami": answer } });
    assert.match((await whoami({ code: 255, stderr: "error: PULUMI_ACCESS_TOKEN must be set\n" }))[0] ?? "", /^missing {2}state: not logged in to a backend \(PULUMI_ACCESS_TOKEN must be set\); .*npx pulumi login 'azblob:/);
    assert.match((await whoami({ failure: "too slow" }))[0] ?? "", /^warning {2}state: the backend does not answer/);
    assert.match((await whoami('{"url": "file://~"}'))[0] ?? "", /^warning {2}state: kept on this machine alone/);
  });

  test("a stack without a secrets provider", async () => {
    assert.match((await faults({ yaml: stackFile.replace(/^secretsprovider.*\n/, "") }))[0] ?? "", /^warning {2}stack test: .*npx pulumi stack init test --secrets-provider azurekeyvault:/);
  });

  test("a secret that is named and not set is missing: `up` refuses it", async () => {
    const yaml = `${stackFile}  mooring:tenants: {shop: {notify: [{slack: "#shop", secret: shop-slack}]}}\n`;
    assert.match((await faults({ yaml }))[0] ?? "", /^missing {2}secrets: mooring:tenants\.shop\.notify\[0\]\.secret: the secret shop-slack is not set/);
    assert.equal((await findings({ yaml: `${yaml}  secret:shop-slack: {secure: AAAB}\n` })).at(-1), "ok       secrets: 1 secret set");
  });

  test("wrong settings: what does not depend on them is still checked", async () => {
    const lines = await findings({ yaml: stackFile.replace("acme\n", "ACME\n") });
    assert.deepEqual(lines.map((line) => line.slice(0, 18)), ["missing  settings:", "ok       Node 24.2", "ok       Pulumi CL", "ok       Azure CLI", "ok       kubelogin"]);
  });
});

describe("other programs", () => {
  test("are ended when they take too long; what they started is not waited for", async () => {
    const started = performance.now();
    assert.equal((await execute("sh", ["-c", "sleep 10 & sleep 10"], { seconds: 0.2 })).failure, "too slow");
    assert.ok(performance.now() - started < 9_000);
  });

  test("are not found, fail, or answer", async () => {
    assert.equal((await execute("no-such-program", [])).failure, "not found");
    assert.deepEqual(await execute("sh", ["-c", "echo out; echo err >&2; exit 3"]), { code: 3, stdout: "out\n", stderr: "err\n" });
  });
});

test("versions are compared by their numbers", () => {
  assert.ok(isAtLeast("24.21.0", "24.21.0") && isAtLeast("v24.100.0", "24.21.0") && isAtLeast("25.0.0", "24.21.0") && isAtLeast("3.259.0-alpha.1", "3.255.0"));
  assert.ok(!isAtLeast("24.9.0", "24.21.0") && !isAtLeast("20.99.99", "24.21.0"));
});

describe("the command", () => {
  const run = (path: string, ...argv: string[]) =>
    spawnSync(process.execPath, [join(projectRoot, "cli/doctor.ts"), ...argv], { encoding: "utf8", env: { PATH: path, HOME: root } });

  test("exits with 1 and counts what is missing, with the tools of the PATH", () => {
    const bin = mkdtempSync(join(root, "bin-"));
    installAz(bin, emptyAz());
    writeFileSync(join(bin, "pulumi"), "#!/bin/sh\n[ \"$1\" = version ] && echo v3.259.0 || echo '{\"url\": \"azblob://state\"}'\n");
    chmodSync(join(bin, "pulumi"), 0o755);
    const { status, stdout, stderr } = run(`${bin}:/bin`, "staging");
    assert.equal(stderr, "");
    assert.equal(status, 1);
    assert.match(stdout, /^ok {7}Pulumi CLI 3\.259\.0$/m);
    assert.match(stdout, /^ok {7}Azure CLI 2\.79\.0$/m);
    assert.match(stdout, /^missing {2}kubelogin: it is not on the PATH/m);
    assert.match(stdout, /^missing {2}Azure login: Please run 'az login'/m);
    assert.match(stdout, /^ok {7}state: azblob:\/\/state$/m);
    assert.match(stdout, /\n3 missing\.\n$/);
  });

  test("no stack: the usage; a stack that does not exist: one line", () => {
    const usage = run("/bin");
    assert.deepEqual([usage.status, usage.stderr], [2, "name a stack\nusage: npm run doctor -- <stack>\n"]);
    const none = run("/bin", "nowhere");
    assert.deepEqual([none.status, none.stdout], [1, ""]);
    assert.match(none.stderr, /^stack nowhere: there is no file Pulumi\.nowhere\.yaml; there are [^\n]*\n$/);
  });
});
