/** What Flux writes into a team's repository for a new image, done by image-automation-controller's own code: the overlays of ours, and nothing else. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import type { TestContext } from "node:test";
import { helmOverlay } from "../../components/github/scaffold/overlay-helm.ts";
import type { OverlayArgs } from "../../components/github/scaffold/overlay-args.ts";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import type { TenantSettings } from "../../components/settings/settings.ts";
import { automationSpec } from "../../components/tenant/images.ts";
import { git, initBare, objectAt } from "../../local/standins/github/git.ts";
import { describeKey } from "../../local/standins/tls.ts";
import { FluxLogic } from "../flux-logic.ts";

const namespace = "orders-flux";
const host = "contoso.azurecr.io";
const digest = `sha256:${"a".repeat(64)}`;
const tag = "main-1a2b3c4-1763740800";
const tenant = { key: "orders", name: "Orders", state: "active" } as TenantSettings;

const overlay: OverlayArgs = {
  tenant: "orders", environment: "staging", controlNamespace: namespace, namespaces: ["orders"], registryHost: host, allowed: ["mcr.microsoft.com"], interval: "5m", ref: { branch: "main" },
  images: [{ name: "orders-api", follow: { branch: "main" }, digest: true }, { name: "worker", follow: { branch: "main" } }],
};

const policy = (name: string, latestRef: object | undefined, within = namespace): object => ({
  apiVersion: "image.toolkit.fluxcd.io/v1", kind: "ImagePolicy", metadata: { name, namespace: within },
  spec: { imageRepositoryRef: { name }, policy: { alphabetical: {} } }, ...(latestRef && { status: { latestRef } }),
});
const api = policy("orders-api", { name: `${host}/orders/orders-api`, tag, digest });
const worker = policy("worker", { name: `${host}/orders/worker`, tag: "main-0000000-1763740801" });

const automation = (path: string, push = "main"): object => ({
  apiVersion: "image.toolkit.fluxcd.io/v1", kind: "ImageUpdateAutomation", metadata: { name: "orders", namespace },
  spec: automationSpec(tenant, { base: "main", push, path, interval: "5m" }, "staging"),
});

let flux: FluxLogic;
before(async () => { flux = await FluxLogic.open(); });
after(() => flux.close());

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "mooring-images-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A repository's files: the template, two environments, and a marker of another tenant's. */
function scaffolded(t: TestContext): string {
  const folder = temporary(t);
  cpSync(join(import.meta.dirname, "../../scaffold/kustomize/deploy"), join(folder, "deploy"), { recursive: true });
  write(folder, kustomizeOverlay(overlay).path, kustomizeOverlay(overlay).content);
  write(folder, "deploy/prod/kustomization.yaml", kustomizeOverlay({ ...overlay, environment: "prod" }).content);
  write(folder, "deploy/staging/other.yaml", 'kind:   Foreign\nimage:   one:1 # {"$imagepolicy": "billing-flux:orders-api"}\n');
  return folder;
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const contents = (folder: string): Record<string, string> => Object.fromEntries(
  readdirSync(folder, { recursive: true, encoding: "utf8" }).sort().filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]));

/** Lines of the second text that are not the first's at their place, with their numbers. */
const changedLines = (before: string, after: string): [number, string][] => {
  const old = before.split("\n");
  const now = after.split("\n");
  assert.equal(now.length, old.length);
  return now.flatMap((line, at): [number, string][] => line === old[at] ? [] : [[at + 1, line]]);
};

test("writes name, tag and digest into the overlay of its environment, and touches no other line or file", async (t) => {
  const folder = scaffolded(t);
  const before = contents(folder);
  const { changes, message } = await flux.setImages(folder, [automation("./deploy/staging"), api, worker]);
  const { "deploy/staging/kustomization.yaml": old = "", ...others } = before;
  const { "deploy/staging/kustomization.yaml": now = "", ...othersNow } = contents(folder);
  assert.deepEqual(othersNow, others);
  assert.deepEqual(changedLines(old, now).map(([, line]) => line), [
    `    newName: ${host}/orders/orders-api # {"$imagepolicy": "orders-flux:orders-api:name"}`,
    `    newTag: "${tag}" # {"$imagepolicy": "orders-flux:orders-api:tag"}`,
    `    digest: "${digest}" # {"$imagepolicy": "orders-flux:orders-api:digest"}`,
    `    newName: ${host}/orders/worker # {"$imagepolicy": "orders-flux:worker:name"}`,
    '    newTag: "main-0000000-1763740801" # {"$imagepolicy": "orders-flux:worker:tag"}',
  ]);
  assert.deepEqual(changes.map(({ file, setter, newValue }) => [file, setter, newValue]), [
    ["kustomization.yaml", "orders-flux:orders-api:digest", digest],
    ["kustomization.yaml", "orders-flux:orders-api:name", `${host}/orders/orders-api`],
    ["kustomization.yaml", "orders-flux:orders-api:tag", tag],
    ["kustomization.yaml", "orders-flux:worker:name", `${host}/orders/worker`],
    ["kustomization.yaml", "orders-flux:worker:tag", "main-0000000-1763740801"],
  ]);
  assert.match(message, /^Update images of Orders in staging\n/);
  for (const { oldValue, newValue } of changes) assert.ok(message.includes(`${oldValue} -> ${newValue}`), `${newValue} is not in\n${message}`);
  assert.deepEqual(await flux.setImages(folder, [automation("./deploy/staging"), api, worker]), { changes: [], message: "" }, "twice");
});

test("writes into the replacements of a chart's overlay", async (t) => {
  const folder = temporary(t);
  const { path, content } = helmOverlay(overlay);
  write(folder, path, content);
  await flux.setImages(folder, [automation("./deploy/staging"), api]);
  const written = changedLines(content, readFileSync(join(folder, path), "utf8")).map(([, line]) => line.replace(/^[ -]*/, ""));
  assert.deepEqual(written, [
    `sourceValue: "${tag}" # {"$imagepolicy": "orders-flux:orders-api:tag"}`,
    `sourceValue: "${digest}" # {"$imagepolicy": "orders-flux:orders-api:digest"}`,
  ]);
});

test("writes nothing for an image that nobody has pushed, and nothing for another tenant's policy", async (t) => {
  const folder = scaffolded(t);
  const before = contents(folder);
  const foreign = policy("orders-api", { name: "evil.example/orders-api", tag: "1.0.0" }, "billing-flux");
  assert.deepEqual(await flux.setImages(folder, [automation("./deploy/staging"), policy("orders-api", undefined), foreign]), { changes: [], message: "" });
  assert.deepEqual(contents(folder), before);
});

test("stays inside the repository, whatever its path says", async (t) => {
  const folder = scaffolded(t);
  const outside = scaffolded(t);
  const before = contents(outside);
  const path = `../${outside.split("/").at(-1)}/deploy/staging`;
  await assert.rejects(flux.setImages(folder, [automation(path), api]), /no such file or directory/);
  assert.deepEqual(contents(outside), before);
});

const key = (): { identity: string; publicKey: string } => {
  const { privateKeyOpenssh, publicKeyOpenssh } = describeKey(generateKeyPairSync("ed25519").privateKey).outputs;
  return { identity: privateKeyOpenssh as string, publicKey: publicKeyOpenssh as string };
};

/** A server with the scaffolded repository, and the objects of a tenant whose deploy key may or may not write. */
async function served(t: TestContext, { write, push = "main" }: { write: boolean; push?: string }) {
  const root = temporary(t);
  const bare = join(root, "contoso/orders.git");
  mkdirSync(dirname(bare), { recursive: true });
  await initBare(bare, "main");
  const work = scaffolded(t);
  await git(["-C", work, "init", "--quiet", "--initial-branch=main"]);
  await git(["-C", work, "add", "."]);
  await git(["-C", work, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=first"]);
  await git(["-C", work, "push", "--quiet", bare, "main"]);
  const { identity, publicKey } = key();
  const { address, knownHosts } = await flux.serveGit(root, [{ publicKey, repository: "contoso/orders.git", write }]);
  const repository = {
    apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", metadata: { name: "orders", namespace },
    spec: { url: `ssh://git@${address}/contoso/orders.git`, interval: "1m", ref: { branch: "main" }, secretRef: { name: "orders" } },
  };
  const stringData = { identity, "identity.pub": publicKey, known_hosts: knownHosts };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "orders", namespace }, stringData };
  const objects = [automation("./deploy/staging", push), api, worker, repository, secret];
  const first = await objectAt(bare, "refs/heads/main");
  return { bare, objects, first };
}

test("commits to main with the deploy key, as Flux of this environment", async (t) => {
  const { bare, objects, first } = await served(t, { write: true });
  const result = await flux.automate(objects);
  assert.equal(result.ready, true, result.message);
  const [commit, parent, author, subject] = (await git(["--git-dir", bare, "log", "-1", "--format=%H%n%P%n%an <%ae>%n%s", "main"])).split("\n");
  assert.deepEqual([commit, parent, author, subject], [result.lastPushCommit, first, "Flux staging <flux@mooring.invalid>", "Update images of Orders in staging"]);
  const changed = await git(["--git-dir", bare, "diff", "--name-only", `${first}`, "main"]);
  assert.equal(changed, "deploy/staging/kustomization.yaml\n");
  assert.match(result.events.join("\n"), /pushed commit '[0-9a-f]{7}' to branch 'main'/);
  const again = await flux.automate(objects);
  assert.deepEqual([again.ready, again.lastPushCommit], [true, ""], "nothing is left to write");
});

test("proposes on a branch of its own and leaves main alone, and overwrites its own proposal", async (t) => {
  const { bare, objects, first } = await served(t, { write: true, push: "mooring/prod-images" });
  const proposed = await flux.automate(objects);
  assert.equal(proposed.ready, true, proposed.message);
  assert.equal(await objectAt(bare, "refs/heads/main"), first);
  assert.equal(await objectAt(bare, "refs/heads/mooring/prod-images"), proposed.lastPushCommit);
  const newer = policy("orders-api", { name: `${host}/orders/orders-api`, tag: "main-2222222-1763740900", digest });
  const second = await flux.automate(objects.map((object) => object === api ? newer : object));
  assert.equal(second.ready, true, second.message);
  assert.match(await git(["--git-dir", bare, "show", "mooring/prod-images:deploy/staging/kustomization.yaml"]), /newTag: "main-2222222-1763740900"/);
  assert.equal(await objectAt(bare, "refs/heads/main"), first);
});

test("pushes nothing with a key that may only read, and says so", async (t) => {
  const { bare, objects, first } = await served(t, { write: false });
  const result = await flux.automate(objects);
  assert.deepEqual([result.ready, result.reason, result.lastPushCommit], [false, "GitOperationFailed", ""]);
  assert.match(result.message, /marked as read only/);
  assert.equal(await objectAt(bare, "refs/heads/main"), first);
});
