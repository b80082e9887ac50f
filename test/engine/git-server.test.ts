/** The repositories of the stand-in for GitHub over a real SSH server: who may read, who may write, and what rulesets say of a push. */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { GitServerPrograms } from "../../local/git-server/programs.ts";
import { removeGitServer, startGitServer } from "../../local/git-server/server.ts";
import { startTimeOf, waitUntil } from "../../local/processes.ts";
import type { Values } from "../../local/standins/contract.ts";
import { provideSshd } from "../git-server.ts";
import { Lab, repository, ruleset } from "./git-server/lab.ts";
import type { Ran } from "./git-server/lab.ts";

const provided = provideSshd();
const skip = "missing" in provided ? provided.missing : false;
const { programs } = provided as { programs: GitServerPrograms };

const GH013 = (ref: string): RegExp => new RegExp(`GH013: Repository rule violations found for ${ref}\\.`);

let lab: Lab;

before(async () => {
  if (skip !== false) return;
  lab = await Lab.open(programs);
  for (const name of ["orders", "shop"]) await lab.driver.create(repository, name, { name, autoInit: true });
  for (const [name, of, readOnly] of [["reader", "orders", true], ["writer", "orders", false], ["other", "shop", false]] as const) await lab.addKey(name, of, readOnly);
  lab.newKey("unknown");
  const administrators = { actorType: "OrganizationAdmin", bypassMode: "always" };
  const of = (name: string, target: string, ref: string, rules: Values, keysToo = false): Values => ({
    repository: "orders", name, enforcement: "active", target, rules, conditions: { refName: { includes: [ref], excludes: [] } },
    bypassActors: [administrators, ...(keysToo ? [{ actorType: "DeployKey", bypassMode: "always" }] : [])],
  });
  await lab.driver.create(ruleset, "main", of("main", "branch", "~DEFAULT_BRANCH", { nonFastForward: true, deletion: true, pullRequest: { requiredApprovingReviewCount: 1 } }, true));
  await lab.driver.create(ruleset, "prod", of("prod", "branch", "refs/heads/prod", { creation: true, update: true }));
  await lab.driver.create(ruleset, "tags", of("tags", "tag", "refs/tags/v*", { creation: true, update: true, deletion: true }));
});
after(async () => { await lab?.close(); });

describe("over SSH", { skip }, () => {
  test("a deploy key clones and fetches its repository, by its former names too", async () => {
    const clone = lab.cloned("reader", "reads");
    assert.equal(readFileSync(join(clone, "README.md"), "utf8"), "# orders\n");
    await lab.driver.create("github:index/repositoryFile:RepositoryFile", "new", { repository: "orders", file: "new.txt", content: "new\n" });
    assert.equal(lab.git("reader", "-C", clone, "fetch", "--quiet").code, 0);
    assert.equal(lab.git("reader", "-C", clone, "show", "origin/main:new.txt").out, "new\n");
    const live = await lab.driver.create(repository, "first", { name: "first", autoInit: true });
    await lab.addKey("moved", "first", true);
    await lab.driver.update(live, { name: "second", autoInit: true });
    for (const name of ["first", "second"]) assert.equal(lab.git("moved", "ls-remote", lab.url(name)).code, 0, name);
  });

  test("another repository's key, an unknown one and a password open nothing", () => {
    const refused = lab.git("other", "ls-remote", lab.url("orders"));
    assert.match(refused.out, /ERROR: Repository not found\./);
    assert.notEqual(refused.code, 0);
    for (const path of ["orders", "../acme/orders", "orders.git/../orders", "nothing"]) assert.notEqual(lab.git("other", "ls-remote", `${lab.server.base}/acme/${path}`).code, 0, path);
    assert.match(lab.git("unknown", "ls-remote", lab.url("orders")).out, /Permission denied \(publickey\)/);
    assert.equal(lab.git("other", "ls-remote", lab.url("shop")).code, 0);
  });

  test("a key runs nothing but git on its repository", () => {
    assert.match(lab.login("writer", []).out, /Hi acme\/orders! You've successfully authenticated, but GitHub does not provide shell access\./);
    for (const command of ["id", "sh -c id", "git-upload-pack 'acme/orders.git'; id", "git-upload-pack --upload-pack=id 'acme/orders.git'", "git-upload-archive 'acme/orders.git'"]) {
      const { code, out } = lab.login("writer", [], command);
      assert.notEqual(code, 0, command);
      assert.doesNotMatch(out, /uid=/, command);
    }
    assert.match(lab.login("writer", ["-o", "ExitOnForwardFailure=yes", "-N", "-R", "0:127.0.0.1:9"]).out, /remote port forwarding failed/);
  });

  test("the server is known by its own key alone", () => {
    const [host] = lab.server.knownHosts.split(" ");
    writeFileSync(lab.at("wrong_hosts"), `${host} ${lab.newKey("stranger")}`);
    const { status, stderr } = spawnSync("git", ["ls-remote", lab.url("orders")], { encoding: "utf8", env: lab.environment("reader", lab.at("wrong_hosts")) });
    assert.notEqual(status, 0);
    assert.match(stderr, /Host key verification failed/);
  });

  test("a read-only key cannot push", () => {
    const clone = lab.cloned("reader", "pushes");
    const old = lab.tip("main");
    const { code, out } = lab.git("reader", "-C", clone, "push", "origin", "HEAD:main");
    assert.notEqual(code, 0);
    assert.match(out, /ERROR: The key you are authenticating with has been marked as read only\./);
    assert.equal(lab.tip("main"), old);
  });

  test("a key that may write pushes where a ruleset lets keys by, and is refused elsewhere with the reason", () => {
    const clone = lab.cloned("writer", "writes");
    const push = (...refs: string[]): Ran => lab.git("writer", "-C", clone, "push", "origin", ...refs);
    const allowed = push("HEAD:main");
    assert.equal(allowed.code, 0, allowed.out);
    assert.match(allowed.out, /Bypassed rule violations for refs\/heads\/main:[^]*Changes must be made through a pull request\./);
    assert.equal(lab.tip("main"), lab.git("writer", "-C", clone, "rev-parse", "HEAD").out.trim());
    assert.equal(push("HEAD:mooring/prod-images").code, 0, "no ruleset speaks of this branch");

    const creation = push("HEAD:prod");
    assert.notEqual(creation.code, 0);
    assert.match(creation.out, GH013("refs/heads/prod"));
    assert.match(creation.out, /rules\?ref=refs%2Fheads%2Fprod[^]*- Cannot create ref due to creations being restricted\./);
    assert.equal(lab.tip("refs/heads/prod"), "");

    for (const args of [["tag", "v1.2.3"], ["tag", "-a", "v1.2.4", "-m", "annotated"], ["tag", "w1"]]) lab.git("writer", "-C", clone, ...args);
    for (const tag of ["v1.2.3", "v1.2.4"]) assert.match(push(tag).out, GH013(`refs/tags/${tag}`));
    assert.equal(push("w1").code, 0);

    // The platform makes the branch; the key may still not move it.
    execFileSync("git", ["--git-dir", lab.at("github/acme/orders.git"), "update-ref", "refs/heads/prod", lab.tip("main")]);
    lab.commit("writer", clone, "for production");
    const both = push("HEAD:refs/heads/prod", "HEAD:refs/heads/elsewhere");
    assert.match(both.out, /- Cannot update this protected ref\./);
    assert.equal(lab.tip("refs/heads/elsewhere"), "", "one refused reference refuses the push");
  });

  test("a key changes no file that a push ruleset keeps from it, on no branch, by no commit of several; who may write does", async () => {
    await lab.driver.create(repository, "kept", { name: "kept", autoInit: true, visibility: "private" });
    await lab.addKey("kept", "kept", false);
    await lab.driver.create(ruleset, "kept", {
      repository: "kept", name: "keys", enforcement: "active", target: "push", rules: { filePathRestriction: { restrictedFilePaths: ["ci/**/*", "build.sh"] } },
      bypassActors: [{ actorType: "OrganizationAdmin", bypassMode: "always" }, { actorType: "RepositoryRole", actorId: 4, bypassMode: "always" }],
    });
    const clone = lab.cloned("kept", "keeps-out", "kept");
    const git = (...args: string[]): Ran => lab.git("kept", "-C", clone, ...args);
    const commit = (file: string, text?: string): void => {
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      if (text === undefined) rmSync(join(clone, file));
      else writeFileSync(join(clone, file), text);
      git("add", "--all");
      assert.equal(git("commit", "--quiet", "-m", file).code, 0);
    };
    const refused = (ref: string, files: string): void => {
      const { code, out } = git("push", "origin", `HEAD:${ref}`);
      assert.notEqual(code, 0);
      assert.match(out, GH013(ref));
      assert.match(out, new RegExp(`- File path is restricted: ${files} *$`, "m"));
    };
    const file = (name: string, content: string): Promise<unknown> => lab.driver.create("github:index/repositoryFile:RepositoryFile", name, { repository: "kept", file: name, content });
    for (const name of ["build.sh", "ci/lib.sh"]) await file(name, "echo\n");
    git("fetch", "--quiet");
    git("reset", "--quiet", "--hard", "origin/main");

    commit("deploy/staging/image.yaml", "a\n");
    assert.equal(git("push", "origin", "HEAD:main").code, 0, "what is not closed");
    // Changed, and changed back: the commit between could be run.
    commit("ci/lib.sh", "curl evil\n");
    commit("ci/lib.sh", "echo\n");
    for (const ref of ["refs/heads/main", "refs/heads/side", "refs/tags/w1"]) refused(ref, "ci/lib\\.sh");
    git("reset", "--quiet", "--hard", "origin/main");
    commit("build.sh");
    refused("refs/heads/main", "build\\.sh");
    git("reset", "--quiet", "--hard", "origin/main");
    assert.equal(git("mv", "build.sh", "made.sh").code, 0);
    commit("ci/deep/er/new.sh", "");
    refused("refs/heads/main", "build\\.sh, ci/deep/er/new\\.sh");

    // What people changed comes along with a merge.
    git("reset", "--quiet", "--hard", "origin/main");
    commit("deploy/staging/image.yaml", "b\n");
    await file("ci/of-people.sh", "");
    git("fetch", "--quiet");
    assert.equal(git("merge", "--quiet", "--no-commit", "origin/main").code, 0);
    commit("ci/lib.sh", "hidden in the merge\n");
    refused("refs/heads/main", "ci/lib\\.sh");
    git("reset", "--quiet", "--hard", "HEAD~1");
    assert.equal(git("merge", "--quiet", "--no-edit", "origin/main").code, 0);
    const merged = git("push", "origin", "HEAD:main");
    assert.equal(merged.code, 0, merged.out);
    assert.equal(git("push", "origin", "HEAD:refs/tags/w1").code, 0, "nothing that is new");
  });

  test("without the bypass a push to the default branch needs a pull request, and none is forced or deletes", async () => {
    await lab.driver.create(ruleset, "shop", {
      repository: "shop", name: "main", enforcement: "active", target: "branch",
      conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } }, rules: { nonFastForward: true, deletion: true },
    });
    const clone = lab.cloned("other", "shops", "shop");
    const push = (...args: string[]): Ran => lab.git("other", "-C", clone, "push", "origin", ...args);
    assert.equal(push("HEAD:main").code, 0);
    const old = lab.tip("main", "shop");
    assert.equal(lab.git("other", "-C", clone, "commit", "--quiet", "--amend", "-m", "rewritten").code, 0);
    assert.match(push("--force", "HEAD:main").out, /GH013[^]*- Cannot force-push to this branch/);
    assert.match(push(":main").out, /- Cannot delete this branch/);
    assert.equal(lab.tip("main", "shop"), old);
    assert.equal(push("--force", "HEAD:side").code, 0);
    assert.equal(lab.git("other", "-C", clone, "commit", "--quiet", "--amend", "-m", "again").code, 0);
    assert.equal(push("--force", "HEAD:side").code, 0, "a force push elsewhere is nobody's business");
    assert.equal(push(":side").code, 0);

    await lab.driver.create(ruleset, "asks", {
      repository: "shop", name: "reviews", enforcement: "active", target: "branch",
      conditions: { refName: { includes: ["refs/heads/main"], excludes: [] } }, rules: { pullRequest: {}, requiredStatusChecks: { requiredChecks: [{ context: "build" }] } },
    });
    assert.equal(lab.git("other", "-C", clone, "reset", "--quiet", "--hard", "origin/main").code, 0);
    lab.commit("other", clone, "straight to main");
    assert.match(push("HEAD:main").out, /- Changes must be made through a pull request\.[^]*- Required status check "build" is expected\./);
    assert.equal(push("HEAD:feature").code, 0);
  });

  test("a key that was removed, and an archived repository, are closed at once", async () => {
    const live = await lab.driver.create(repository, "old", { name: "old", autoInit: true });
    const key = await lab.addKey("keeper", "old", false);
    const clone = lab.cloned("keeper", "keeps", "old");
    await lab.driver.update(live, { name: "old", autoInit: true, archived: true });
    assert.match(lab.git("keeper", "-C", clone, "push", "origin", "HEAD:main").out, /ERROR: This repository was archived so it is read-only\./);
    assert.equal(lab.git("keeper", "-C", clone, "fetch").code, 0);
    await lab.driver.update(live, { name: "old", autoInit: true, archived: false });
    await lab.driver.delete(key);
    assert.match(lab.git("keeper", "-C", clone, "fetch").out, /Permission denied/);
  });

  test("a push calls the webhooks, signed with their secret", async () => {
    const calls: { headers: Values; body: string }[] = [];
    const receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (data: Buffer) => { body += data.toString(); });
      request.on("end", () => {
        calls.push({ headers: request.headers as Values, body });
        response.writeHead(202).end();
      });
    });
    await new Promise<void>((listening) => { receiver.listen(0, "127.0.0.1", listening); });
    try {
      await lab.driver.create(repository, "hooked", { name: "hooked", autoInit: true });
      await lab.addKey("hooker", "hooked", false);
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook/abc`;
      for (const [events, active] of [[["push"], true], [["release"], true]] as const) {
        await lab.driver.create("github:index/repositoryWebhook:RepositoryWebhook", events[0], { repository: "hooked", events: [...events], active, configuration: { url, contentType: "json", secret: "s3cret" } });
      }
      const clone = lab.cloned("hooker", "hooks", "hooked");
      // Not spawnSync: this process has to answer the call.
      const push = spawn("git", ["-C", clone, "push", "--quiet", "origin", "HEAD:main"], { env: lab.environment("hooker") });
      const code = await new Promise((ended) => { push.once("close", ended); });
      assert.equal(code, 0);
      assert.equal(calls.length, 1);
      const [{ headers, body }] = calls as [{ headers: Values; body: string }];
      assert.equal(headers["x-github-event"], "push");
      assert.equal(headers["x-hub-signature-256"], `sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}`);
      const payload = JSON.parse(body) as { ref: string; after: string; repository: { full_name: string } };
      assert.deepEqual([payload.ref, payload.after, payload.repository.full_name], ["refs/heads/main", lab.tip("main", "hooked"), "acme/hooked"]);
      assert.match(readFileSync(lab.at("github/acme/hooked.git/mooring-deliveries.jsonl"), "utf8"), /"result":202/);
    } finally {
      receiver.close();
      receiver.closeAllConnections();
    }
  });

  test("a second start finds the server; after a stop the address and the key are the same", async () => {
    const options = { folder: lab.at("lasting"), repositories: lab.at("github"), programs, outlives: true };
    const first = await startGitServer(options);
    const [pid, ...others] = lab.listening("lasting");
    assert.ok(pid !== undefined && others.length === 0);
    const again = await startGitServer(options);
    assert.deepEqual(lab.listening("lasting"), [pid], "not started a second time");
    assert.equal(again.knownHosts, first.knownHosts);
    await first.stop();
    assert.equal(startTimeOf(pid), undefined);
    const third = await startGitServer(options);
    assert.deepEqual([third.knownHosts, third.base], [first.knownHosts, first.base]);
    rmSync(lab.at("lasting"), { recursive: true });
    assert.equal(await removeGitServer(lab.at("lasting")), true, "found although its folder was removed by hand");
    assert.deepEqual(lab.listening("lasting"), []);
    assert.equal(await removeGitServer(lab.at("lasting")), false);
  });

  test("a stop ends what is being served", async () => {
    const one = await startGitServer({ folder: lab.at("busy"), repositories: lab.at("github"), programs });
    const port = new URL(one.base).port;
    writeFileSync(lab.at("busy_hosts"), `${one.knownHosts}\n`);
    const [program, ...options] = lab.ssh("reader", lab.at("busy_hosts"));
    // A client that asks to read and then says nothing.
    const client = spawn(program, [...options, "-p", port, "git@127.0.0.1", "git-upload-pack 'acme/orders.git'"], { stdio: ["pipe", "pipe", "ignore"] });
    await new Promise((answered) => { client.stdout.once("data", answered); });
    try {
      await one.stop();
      assert.ok(await waitUntil(() => client.exitCode !== null, 10_000), "the session has ended");
    } finally {
      client.kill();
    }
  });

  test("the server ends with the process that started it, however that ends", async () => {
    const starter = lab.at("starter.mjs");
    const module = new URL("../../local/git-server/server.ts", import.meta.url).href;
    const options = JSON.stringify({ folder: lab.at("orphan"), repositories: lab.at("github"), programs });
    writeFileSync(starter, `import { startGitServer } from ${JSON.stringify(module)};\nconsole.log((await startGitServer(${options})).base);\nprocess.kill(process.pid, "SIGKILL");\n`);
    const { stdout, signal } = spawnSync(process.execPath, [starter], { encoding: "utf8", timeout: 60_000 });
    assert.match(stdout, /^ssh:/, "it ran");
    assert.equal(signal, "SIGKILL");
    assert.ok(await waitUntil(() => lab.listening("orphan").length === 0, 10_000));
  });
});
