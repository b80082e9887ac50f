/** The git server's decisions, without a server: who may do what, and what sshd is told. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decide } from "../../local/git-server/command.ts";
import type { Login } from "../../local/git-server/command.ts";
import { configText, knownHostsLine, passwdText, shellWord } from "../../local/git-server/config.ts";
import { hearsPushes, signed } from "../../local/git-server/deliver.ts";
import { authorizedLine, findKey } from "../../local/git-server/keys.ts";
import { cloneLines, firstSource } from "../../local/git-server/words.ts";
import { scratch } from "./standin-driver.ts";

const repository = { owner: "acme", name: "orders", formerNames: ["shop"], archived: false, htmlUrl: "https://github.com/acme/orders", rulesets: [] };

function answer(asked: string | undefined, more: Partial<Login> = {}): string {
  const decision = decide({ repository, mayWrite: true, asked, ...more });
  return "program" in decision ? decision.program : decision.error;
}

test("a key opens its repository by each of its names, and nothing else", () => {
  for (const path of ["acme/orders.git", "/acme/orders.git", "Acme/Orders", "acme/shop.git"]) assert.equal(answer(`git-upload-pack '${path}'`), "upload-pack", path);
  for (const path of ["acme/other.git", "globex/orders.git", "acme/orders.git/..", "acme/orders.git.git", "../acme/orders.git", "orders"]) assert.equal(answer(`git-upload-pack '${path}'`), "ERROR: Repository not found.", path);
  assert.equal(answer("git-upload-pack 'acme/orders.git'", { repository: undefined }), "ERROR: Repository not found.");
});

test("who may write, and to what", () => {
  const push = "git-receive-pack 'acme/orders.git'";
  assert.equal(answer(push), "receive-pack");
  assert.match(answer(push, { mayWrite: false }), /marked as read only/);
  assert.match(answer(push, { repository: { ...repository, archived: true } }), /archived so it is read-only/);
  assert.equal(answer("git-upload-pack 'acme/orders.git'", { mayWrite: false, repository: { ...repository, archived: true } }), "upload-pack");
});

test("only git's two programs run, with one argument", () => {
  assert.match(answer(undefined), /Hi acme\/orders! .*does not provide shell access/);
  for (const asked of ["", "id", "git-upload-archive 'acme/orders.git'", "git-upload-pack 'acme/orders.git' --x", "git-upload-pack 'acme/orders.git'; id", "git-shell", "git-upload-pack", "x git-upload-pack 'acme/orders.git'"]) {
    assert.match(answer(asked), /^(Invalid command|ERROR: Repository not found)/, asked);
  }
});

test("a key is found in the repository that it belongs to", (context) => {
  const folder = scratch(context);
  const put = (owner: string, name: string, keys: object[]): void => {
    mkdirSync(join(folder, owner, name), { recursive: true });
    writeFileSync(join(folder, owner, name, "mooring-deploy-keys.json"), JSON.stringify(keys));
  };
  writeFileSync(join(folder, "github.json"), "{}");
  put("acme", "orders.git", [{ id: 1, title: "flux", key: "ssh-ed25519 AAAAorders me@here", readOnly: true }]);
  put("globex", "shop.git", [{ id: 2, title: "flux", key: "ssh-ed25519 AAAAshop", readOnly: false }]);
  put("acme", "orders.git.left-1", [{ id: 3, title: "old", key: "ssh-ed25519 AAAAold", readOnly: false }]);
  assert.equal(findKey(folder, "ssh-ed25519", "AAAAorders")?.folder, join(folder, "acme", "orders.git"));
  assert.equal(findKey(folder, "ssh-ed25519", "AAAAshop")?.readOnly, false);
  for (const [type, data] of [["ssh-ed25519", "AAAAold"], ["ssh-rsa", "AAAAorders"], ["ssh-ed25519", "AAAA"], ["ssh-ed25519", ""]] as const) assert.equal(findKey(folder, type, data), undefined, data);
});

test("the key's line restricts it to one command, whatever the folder is called", () => {
  const key = { id: 1, title: "flux", key: "ssh-ed25519 AAAA some \"comment\"", readOnly: true, folder: `/tmp/it's a "folder"/acme/orders.git` };
  const line = authorizedLine(key, ["/bin/echo", "a b"]);
  assert.match(line, /^restrict,command="/);
  assert.match(line, / ssh-ed25519 AAAA$/);
  // As sshd takes it apart, and then a shell.
  const command = /command="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') ?? "";
  assert.equal(execFileSync("sh", ["-c", command], { encoding: "utf8" }), `a b ${key.folder} read\n`);
  assert.match(authorizedLine({ ...key, readOnly: false }, ["x"]), /'write'"/);
});

test("sshd takes keys alone, on one address, and opens nothing else", () => {
  const text = configText({ folder: "/srv/100%", repositories: "/srv/git hub", address: "127.0.0.1", port: 4022, node: "/opt/node", path: "/usr/bin" });
  const lines = text.trim().split("\n");
  for (const line of ["ListenAddress 127.0.0.1", "Port 4022", "AuthenticationMethods publickey", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "UsePAM no", "DisableForwarding yes", "PermitTTY no", "PermitUserEnvironment no", "PermitUserRC no", "AuthorizedKeysFile none", "AllowUsers git", "PermitRootLogin forced-commands-only"]) {
    assert.ok(lines.includes(line), line);
  }
  assert.match(text, /^HostKey "\/srv\/100%%\/host_ed25519"$/m);
  assert.match(text, /^AuthorizedKeysCommand \/usr\/bin\/env "NODE_COMPILE_CACHE=.*" "\/opt\/node" ".*authorize\.ts" "\/srv\/git hub" ".*" %t %k$/m);
  assert.equal(passwdText({ uid: 7, gid: 8, folder: "/a:b" }).split("\n")[0], "git:x:7:8::/ab:/bin/sh");
});

test("known hosts name the port, except the usual one", () => {
  assert.equal(knownHostsLine("127.0.0.1", 4022, "ssh-ed25519 AAAA comment\n"), "[127.0.0.1]:4022 ssh-ed25519 AAAA");
  assert.equal(knownHostsLine("192.0.2.1", 22, "ssh-ed25519 AAAA"), "192.0.2.1 ssh-ed25519 AAAA");
  assert.equal(execFileSync("sh", ["-c", `printf %s ${shellWord("it's $HOME")}`], { encoding: "utf8" }), "it's $HOME");
});

test("webhooks are signed over what is sent, in either form", () => {
  const hmac = (body: string): string => `sha256=${createHmac("sha256", "s").update(body).digest("hex")}`;
  const json = signed({ url: "", contentType: "json", secret: "s" }, `{"a":1}`);
  assert.deepEqual([json.body, json.headers["content-type"], json.headers["x-hub-signature-256"]], [`{"a":1}`, "application/json", hmac(`{"a":1}`)]);
  const form = signed({ url: "", secret: "s" }, `{"a":1}`);
  assert.deepEqual([form.body, form.headers["x-hub-signature-256"]], ["payload=%7B%22a%22%3A1%7D", hmac("payload=%7B%22a%22%3A1%7D")]);
  assert.deepEqual(Object.keys(signed({ url: "" }, "{}").headers), ["content-type"], "without a secret nothing is signed");
  const hook = { id: 1, configuration: { url: "" } };
  assert.deepEqual([["push"], ["*"], ["release"]].map((events) => hearsPushes({ ...hook, active: true, events })), [true, true, false]);
  assert.equal(hearsPushes({ ...hook, active: false, events: ["push"] }), false);
});

test("the farewell says how to clone as Flux does, or what is missing", () => {
  const source = (url: string, more: object = {}): object => ({ type: "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", urn: "u", outputs: { metadata: { namespace: "orders-flux" }, spec: { url, secretRef: { name: "deploy-key" }, ...more } } });
  const exported = (...resources: object[]): string => JSON.stringify({ deployment: { resources } });
  const state = exported(source("https://git.example/a/b.git"), source("ssh://git@github.com/acme/orders.git"));
  assert.deepEqual(firstSource(state), { namespace: "orders-flux", secret: "deploy-key", repository: "acme/orders" });
  assert.equal(firstSource(exported()), undefined);
  const server = { base: "ssh://git@127.0.0.1:4022", url: () => "", knownHosts: "", knownHostsFile: "/p/git-server/known_hosts", stop: () => Promise.resolve() };
  const lines = cloneLines({ server }, state, { kubectl: "kubectl --kubeconfig k", near: (path) => path.slice(3) });
  assert.match(lines[1] ?? "", /kubectl --kubeconfig k -n orders-flux get secret deploy-key .* > 'git-server\/flux-key'\)/);
  assert.match(lines[2] ?? "", /UserKnownHostsFile='git-server\/known_hosts'" git clone ssh:\/\/git@127\.0\.0\.1:4022\/acme\/orders\.git$/);
  assert.equal(cloneLines({ server }, state, { kubectl: undefined, near: (path) => path }).length, 1);
  assert.deepEqual(cloneLines({ missing: "sshd not found" }, state, { kubectl: "kubectl", near: (path) => path }), ["  not over SSH: sshd not found"]);
});
