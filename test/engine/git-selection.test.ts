/** Which commit Flux takes of a repository, and whether our deploy keys open it: source-controller's Git client over SSH. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { commitFile, git, initBare } from "../../local/standins/github/git.ts";
import { describeKey } from "../../local/standins/tls.ts";
import { FluxLogic } from "../flux-logic.ts";

const key = (): { identity: string; publicKey: string } => {
  const { privateKeyOpenssh, publicKeyOpenssh } = describeKey(generateKeyPairSync("ed25519").privateKey).outputs;
  return { identity: privateKeyOpenssh as string, publicKey: publicKeyOpenssh as string };
};
const reader = key();
const stranger = key();
const repository = "contoso/orders.git";

let flux: FluxLogic;
let root: string;
let bare: string;
let server: { address: string; knownHosts: string };
const commits: Record<string, string> = {};

before(async () => {
  flux = await FluxLogic.open();
  root = mkdtempSync(join(tmpdir(), "mooring-git-"));
  bare = join(root, repository);
  for (const one of [repository, "contoso/billing.git"]) {
    mkdirSync(dirname(join(root, one)), { recursive: true });
    await initBare(join(root, one), "main");
  }
  let parent: string | undefined;
  for (const name of ["v1.3.9", "v1.4.0", "v1.4.2", "v1.4.10", "v1.4.11-rc.1", "v1.5.0", "2.0.0", "orders/v1.4.99", "release-1.4.50", "v1.4"]) {
    ({ commit: parent } = await commitFile(bare, { branch: "main", parent, file: "deploy/version", content: name, message: name }));
    commits[name] = parent;
    await git(["--git-dir", bare, "tag", name, parent]);
  }
  commits.main = parent!;
  commits.fix = (await commitFile(bare, { branch: "fix", parent: commits["v1.4.2"], file: "deploy/fix", content: "x", message: "fix" })).commit;
  server = await flux.serveGit(root, [
    { publicKey: reader.publicKey, repository },
    { publicKey: stranger.publicKey, repository: "contoso/billing.git" },
  ]);
});
after(async () => {
  await flux.close();
  rmSync(root, { recursive: true, force: true });
});

const clone = (ref: object, secret: Record<string, string> = {}, path: string = repository) => flux.gitRef({
  spec: { url: `ssh://git@${server.address}/${path}`, interval: "1m", ref },
  secret: { identity: reader.identity, "identity.pub": reader.publicKey, known_hosts: server.knownHosts, ...secret },
});

const table: [string, object, string, string][] = [
  ["a branch", { branch: "main" }, "main", "refs/heads/main"],
  ["another branch", { branch: "fix" }, "fix", "refs/heads/fix"],
  ["a tag", { tag: "v1.4.2" }, "v1.4.2", "refs/tags/v1.4.2"],
  ["the tag of one service of several", { tag: "orders/v1.4.99" }, "orders/v1.4.99", "refs/tags/orders/v1.4.99"],
  ["the highest patch by number, and neither a pre-release nor a tag that is no version", { semver: "1.4.x" }, "v1.4.10", "refs/tags/v1.4.10"],
  ["the highest release", { semver: ">=1.0.0" }, "2.0.0", "refs/tags/2.0.0"],
  ["a pre-release where the range has one", { semver: ">=1.4.0-0 <1.5.0-0" }, "v1.4.11-rc.1", "refs/tags/v1.4.11-rc.1"],
  ["the version rather than the branch, with both", { semver: "1.3.x", branch: "main" }, "v1.3.9", "refs/tags/v1.3.9"],
];

for (const [what, ref, name, reference] of table) {
  test(`takes ${what}: ${JSON.stringify(ref)}`, async () => {
    const taken = await clone(ref);
    assert.deepEqual([taken.commit, taken.reference], [commits[name], reference]);
    assert.ok(taken.files.includes("deploy/version"));
  });
}

for (const later of ["3.0.0", "v3.0.0"]) {
  test(`takes, of two tags with one version, that of the later commit: ${later}`, async (t) => {
    for (const name of ["3.0.0", "v3.0.0"]) {
      const seconds = Date.parse(name === later ? "2030-01-02" : "2030-01-01") / 1000;
      const dated = (await git(["--git-dir", bare, "cat-file", "commit", commits.main!])).replace(/^(committer .*>) .*$/m, `$1 ${seconds} +0000`);
      await git(["--git-dir", bare, "tag", name, (await git(["--git-dir", bare, "hash-object", "-t", "commit", "-w", "--stdin"], { input: dated })).trim()]);
    }
    t.after(() => git(["--git-dir", bare, "tag", "--delete", "3.0.0", "v3.0.0"]));
    assert.equal((await clone({ semver: "3.x" })).reference, `refs/tags/${later}`);
  });
}

const otherHost = (): string => server.knownHosts.replace(/ ssh-ed25519 .*$/, ` ${key().publicKey.trim()}`);

const refusals: [string, () => Promise<unknown>, RegExp][] = [
  ["another repository's key", () => clone({ branch: "main" }, { identity: stranger.identity }), /[Rr]epository not found/],
  ["a key that nobody registered", () => clone({ branch: "main" }, { identity: key().identity }), /unable to authenticate/],
  ["a server with another key", () => clone({ branch: "main" }, { known_hosts: otherHost() }), /knownhosts: key mismatch/],
  ["a Secret without known_hosts", () => clone({ branch: "main" }, { known_hosts: "" }), /'known_hosts' is required/],
  ["a Secret without a key", () => clone({ branch: "main" }, { identity: "" }), /'identity' is required/],
  ["a range without a tag", () => clone({ semver: "9.x" }), /no match found for semver: 9\.x/],
  ["a branch that is not there", () => clone({ branch: "nowhere" }), /couldn't find remote ref|reference not found/],
  ["a repository that is not there", () => clone({ branch: "main" }, {}, "contoso/none.git"), /[Rr]epository not found/],
];

for (const [what, attempt, reason] of refusals) {
  test(`fails with ${what}`, async () => {
    await assert.rejects(attempt(), reason);
  });
}
