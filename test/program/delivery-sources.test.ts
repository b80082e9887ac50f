/** What Flux fetches for a team: its repository, wherever it is, and further sources of each kind. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { DeployKey } from "../../components/github/deploy-key.ts";
import { githubKnownHosts } from "../../components/github/host-keys.ts";
import type { GitAccess } from "../../components/settings/settings.ts";
import { accessContents } from "../../components/tenant/git-access.ts";
import { keysOf, objectsIn, spec, stackOf } from "../delivered.ts";
import { settings } from "../settings.ts";

const gitlab = "gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf";
const own = "git.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const digest = `sha256:${"a".repeat(64)}`;
const sources = {
  tools: { git: "https://github.com/acme/tools.git", tag: "v1.0.0", secret: "tools", username: "flux", ignore: "*.md", submodules: true, interval: "1h" },
  config: { git: "ssh://git@github.com/acme/config.git", branch: "main", secret: "config" },
  lab: { git: "ssh://git@gitlab.com/acme/lab.git", semver: "1.x", secret: "lab", hostKeys: [gitlab] },
  open: { git: "https://github.com/acme/open", branch: "main" },
  api: { oci: "/orders/charts/api", semver: "1.4.x" },
  manifests: { oci: "/orders/manifests", tag: "stable", ignore: "*.md" },
  mirror: { oci: "oci://ghcr.io/acme/mirror", digest, secret: "mirror", username: "robot", verify: { provider: "cosign", secret: "cosign" } },
  keyless: { oci: "oci://ghcr.io/acme/keyless", tag: "v1", chart: true, verify: { provider: "cosign", identities: [{ issuer: "^i$", subject: "^s$" }] } },
  notary: { oci: "oci://ghcr.io/acme/notary", tag: "v1", verify: { provider: "notation", secret: "notary", trustPolicy: { version: "1.0" } } },
  charts: { helm: "https://charts.acme.example/stable", secret: "charts", username: "reader" },
  public: { helm: "https://charts.acme.example/open" },
  assets: { bucket: "assets", endpoint: "s3.acme.example", region: "eu", prefix: "manifests", secret: "assets", username: "key", ignore: "*.md" },
  files: { bucket: "files", endpoint: "s3.acme.example:9000" },
};
const app = { id: 42, installationId: 4242, secret: "app" };
const secrets = ["tools", "config", "lab", "mirror", "cosign", "notary", "charts", "assets", "team", "token", "app", "ssh", "https"];
const tenants = {
  orders: { sources, releases: { api: { source: "api" } } },
  key: { repository: { ignore: "/*\n!/deploy", submodules: true }, deploy: { branch: "release", interval: "3m" } },
  tag: { deploy: { tag: "v1" } },
  range: { deploy: { semver: "2.x" } },
  token: { repository: { token: { secret: "token", username: "robot" } } },
  app: { repository: { app } },
  ssh: { git: { url: "ssh://git@gitlab.com/acme/ssh.git", secret: "ssh", hostKeys: [gitlab], ignore: "*.md" } },
  https: { git: { url: "https://dev.azure.com/acme/shop/_git/https", secret: "https", submodules: true } },
  nobody: { git: { url: "https://git.example/open.git" } },
};
const charts = ["https://charts.acme.example", "oci://ghcr.io/acme", "https://s3.acme.example", "https://s3.acme.example:9000"];
const program = await stackOf(tenants, { tenancy: { charts } }, { secrets });
const source = (tenant: string, kind = "GitRepository", name = tenant) => spec(program, kind, `${tenant}-flux`, name);
const secretsOf = (tenant: string) => objectsIn(program, `${tenant}-flux`, /^Secret$/).map((name) => name.replace("Secret ", ""));

describe("the team's repository", () => {
  test("is read with a deploy key, at the branch, tag or range of the settings", () => {
    const url = (name: string) => `ssh://git@github.com/acme/${name}.git`;
    const common = { interval: "10m", secretRef: { name: "deploy-key" } };
    assert.deepEqual(source("key"), { ...common, url: url("key"), ref: { branch: "release" }, interval: "3m", ignore: "/*\n!/deploy", recurseSubmodules: true });
    assert.deepEqual(source("tag"), { ...common, url: url("tag"), ref: { tag: "v1" } });
    assert.deepEqual(source("range"), { ...common, url: url("range"), ref: { semver: "2.x" } });
    assert.deepEqual([secretsOf("key"), keysOf(program, "key-flux", "deploy-key")], [["deploy-key"], ["identity", "identity.pub", "known_hosts"]]);
  });

  test("is read with a token, or as an app of the team's own", () => {
    const common = { interval: "10m", ref: { branch: "main" }, secretRef: { name: "repository-access" } };
    assert.deepEqual(source("token"), { ...common, url: "https://github.com/acme/token.git" });
    assert.deepEqual(source("app"), { ...common, url: "https://github.com/acme/app.git", provider: "github" });
    assert.deepEqual(keysOf(program, "token-flux", "repository-access"), ["password", "username"]);
    assert.deepEqual(keysOf(program, "app-flux", "repository-access"), ["githubAppID", "githubAppInstallationID", "githubAppPrivateKey"]);
    assert.deepEqual([secretsOf("token"), secretsOf("app")], [["repository-access"], ["repository-access"]]);
  });

  test("on another server is read with what the team gave, or openly", () => {
    const common = { interval: "10m", ref: { branch: "main" } };
    const secretRef = { name: "repository-access" };
    assert.deepEqual(source("ssh"), { ...common, secretRef, url: tenants.ssh.git.url, ignore: "*.md" });
    assert.deepEqual(source("https"), { ...common, secretRef, url: tenants.https.git.url, recurseSubmodules: true });
    assert.deepEqual(source("nobody"), { ...common, url: tenants.nobody.git.url });
    assert.deepEqual([keysOf(program, "ssh-flux", "repository-access"), keysOf(program, "https-flux", "repository-access")], [["identity", "known_hosts"], ["password", "username"]]);
    assert.deepEqual(secretsOf("nobody"), []);
    assert.equal((program.outputs.tenants as Record<string, { repository: string }>).https!.repository, tenants.https.git.url);
  });

  test("waits for the Secret, and for GitHub to know the key", () => {
    assert.deepEqual(program.needs(program.one("GitRepository", "key-source")), ["key-control", "key-deploy-key", "key-deploy-key"]);
    assert.deepEqual(program.needs(program.one("GitRepository", "ssh-source")), ["ssh-control", "ssh-repository-access"]);
    assert.deepEqual(program.needs(program.one("GitRepository", "nobody-source")), ["nobody-control"]);
  });
});

describe("a further source", () => {
  const of = (kind: string, name: string) => source("orders", kind, name);

  test("in Git", () => {
    assert.deepEqual(of("GitRepository", "tools"), { url: sources.tools.git, ref: { tag: "v1.0.0" }, interval: "1h", secretRef: { name: "source-tools" }, ignore: "*.md", recurseSubmodules: true });
    assert.deepEqual(of("GitRepository", "config"), { url: sources.config.git, ref: { branch: "main" }, interval: "10m", secretRef: { name: "source-config" } });
    assert.deepEqual(of("GitRepository", "lab"), { url: sources.lab.git, ref: { semver: "1.x" }, interval: "10m", secretRef: { name: "source-lab" } });
    assert.deepEqual(of("GitRepository", "open"), { url: sources.open.git, ref: { branch: "main" }, interval: "10m" });
  });

  test("in a registry: of the environment's own as the team's identity, else with what the team gave; a chart stays packed", () => {
    const host = "oci://cracmestaging<mooring-registry-suffix.result>.azurecr.io";
    const identity = { provider: "azure", serviceAccountName: "reconciler" };
    const chart = { layerSelector: { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", operation: "copy" } };
    assert.deepEqual(of("OCIRepository", "api"), { url: `${host}/orders/charts/api`, ref: { semver: "1.4.x" }, interval: "10m", ...identity, ...chart });
    assert.deepEqual(of("OCIRepository", "manifests"), { url: `${host}/orders/manifests`, ref: { tag: "stable" }, interval: "10m", ...identity, ignore: "*.md" });
    assert.deepEqual(of("OCIRepository", "mirror"), {
      url: sources.mirror.oci,
      ref: { digest },
      interval: "10m",
      secretRef: { name: "source-mirror" },
      verify: { provider: "cosign", secretRef: { name: "verify-mirror" } },
    });
    assert.deepEqual(of("OCIRepository", "keyless"), { url: sources.keyless.oci, ref: { tag: "v1" }, interval: "10m", ...chart, verify: { provider: "cosign", matchOIDCIdentity: [{ issuer: "^i$", subject: "^s$" }] } });
    assert.deepEqual(of("OCIRepository", "notary").verify, { provider: "notation", secretRef: { name: "verify-notary" } });
  });

  test("of Helm charts, and a bucket", () => {
    assert.deepEqual(of("HelmRepository", "charts"), { url: sources.charts.helm, interval: "10m", secretRef: { name: "source-charts" } });
    assert.deepEqual(of("HelmRepository", "public"), { url: sources.public.helm, interval: "10m" });
    const bucket = { provider: "generic", interval: "10m" };
    assert.deepEqual(of("Bucket", "assets"), { ...bucket, bucketName: "assets", endpoint: "s3.acme.example", region: "eu", prefix: "manifests", ignore: "*.md", secretRef: { name: "source-assets" } });
    assert.deepEqual(of("Bucket", "files"), { ...bucket, bucketName: "files", endpoint: "s3.acme.example:9000" });
  });

  test("signs in with a Secret in the form that its kind reads, and there is no other", () => {
    const expected = {
      ...{ "source-assets": ["accesskey", "secretkey"], "source-charts": ["password", "username"], "source-tools": ["password", "username"] },
      ...{ "source-config": ["identity", "known_hosts"], "source-lab": ["identity", "known_hosts"], "source-mirror": [".dockerconfigjson"] },
      ...{ "verify-mirror": ["cosign.pub"], "verify-notary": ["certificate.pem", "trustpolicy.json"], "deploy-key": ["identity", "identity.pub", "known_hosts"] },
    };
    assert.deepEqual(Object.fromEntries(secretsOf("orders").map((name) => [name, keysOf(program, "orders-flux", name)])), expected);
    const types = program.all("Secret").filter(({ inputs }) => inputs.type !== undefined).map(({ inputs }) => [(inputs.metadata as { name: string }).name, inputs.type]);
    assert.deepEqual(types, [["source-mirror", "kubernetes.io/dockerconfigjson"]]);
    for (const { inputs } of program.all("Secret")) for (const value of Object.values(inputs.stringData as object)) assert.equal(value, "[secret]");
  });

  test("waits for its Secrets, and the team's root for it", () => {
    assert.deepEqual(program.needs(program.one("OCIRepository", "orders-source/mirror")), ["orders-control", "orders-source/mirror", "orders-verify/mirror"]);
    const root = program.one("Kustomization", "orders-sync");
    for (const name of Object.keys(sources)) {
      const registered = program.registrations.find((one) => one.name === `orders-source/${name}` && one.type !== "kubernetes:core/v1:Secret")!;
      assert.ok(program.dependsOn(root, registered), name);
    }
  });
});

describe("on an Enterprise Server", async () => {
  const github = { owner: "acme", enterpriseServer: { host: "git.acme.example", hostKeys: [own] } };
  const config = { git: "ssh://git@git.acme.example/acme/config.git", branch: "main", secret: "config" };
  const teams = { key: {}, app: { repository: { app } }, more: { sources: { config } }, lab: { git: { url: "ssh://git@gitlab.com/acme/lab.git", secret: "lab", hostKeys: [gitlab] } } };
  const server = await stackOf(teams, { github }, { secrets: ["app", "config", "lab"] });

  test("repositories have its addresses", () => {
    assert.equal(spec(server, "GitRepository", "key-flux", "key").url, "ssh://git@git.acme.example/acme/key.git");
    assert.equal(spec(server, "GitRepository", "app-flux", "app").url, "https://git.acme.example/acme/app.git");
    assert.equal(spec(server, "GitRepository", "more-flux", "config").url, config.git);
  });

  test("Flux is told its keys, and those of another server where a repository is there", async () => {
    const secret = (name: string) => pulumi.secret(`the value of ${name}`);
    const all = settings({ github, tenants: teams }, { secrets: { app: true, config: true, lab: true } });
    const stack = { github: all.github, secrets: { app: secret("app"), config: secret("config"), lab: secret("lab") } };
    const contents = async (access: GitAccess, deployKey?: DeployKey) => ((await written(accessContents(access, stack, deployKey) ?? {})) as Record<string, string>);
    const of = (name: string) => all.tenants.find((tenant) => tenant.name === name)!;
    const key = { privateKey: secret("key"), publicKey: pulumi.output("public") } as DeployKey;
    assert.deepEqual(await contents(of("key").git.access, key), { identity: "the value of key", "identity.pub": "public", known_hosts: own });
    assert.deepEqual(await contents(of("lab").git.access), { identity: "the value of lab", known_hosts: gitlab });
    const [source] = of("more").sources;
    assert.deepEqual(await contents(source!.kind === "git" ? source!.access : { kind: "none" }), { identity: "the value of config", known_hosts: own });
    const apiUrl = { githubAppBaseURL: "https://git.acme.example/api/v3" };
    assert.deepEqual(await contents(of("app").git.access), { githubAppID: "42", githubAppInstallationID: "4242", githubAppPrivateKey: "the value of app", ...apiUrl });
  });

  test("of github.com they are those that GitHub publishes", async () => {
    const { known_hosts: hosts } = (await written(accessContents({ kind: "ssh", secret: "s", hostKeys: [] }, { github: settings().github, secrets: { s: pulumi.output("x") } }, undefined)!)) as Record<string, string>;
    assert.equal(hosts, githubKnownHosts);
  });
});

const written = <T>(value: pulumi.Input<T>): Promise<T> => (pulumi.output(value) as unknown as { promise(): Promise<T> }).promise();
