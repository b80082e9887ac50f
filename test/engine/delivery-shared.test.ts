/**
 * Two environments, one repository: staging makes it, production adds its key and its folder. Cloned and pushed to over SSH with the
 * keys that stand in the clusters, and read as Flux reads it. Each test goes on where the one before ended.
 */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { GitServerPrograms } from "../../local/git-server/programs.ts";
import { startGitServer } from "../../local/git-server/server.ts";
import type { GitServer } from "../../local/git-server/server.ts";
import { mapAt } from "../../local/standins/kubernetes/object.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import { FluxLogic } from "../flux-logic.ts";
import type { GitRefInput } from "../flux-logic.ts";
import { provideSshd } from "../git-server.ts";
import { Clone } from "./delivery/clone.ts";
import { Forge } from "./delivery/forge.ts";
import { secretsIn } from "./delivery/secrets.ts";
import { Environment } from "./environment.ts";

const provided = provideSshd();
const skip = "missing" in provided ? provided.missing : false;

const owners = ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"];
const github = { owner: "acme", plan: "enterprise", teams: { platform: "maintain" }, rules: { branches: ["prod"] } };
const orders = { owners, repository: { scaffold: "kustomize" }, images: [{ name: "orders-api", follow: { branch: "main" } }] };

let staging: Environment;
let prod: Environment;
let forge: Forge;

const configured = (environment: Environment, settings: object): void =>
  environment.configure((config) => {
    delete config.pipelines;
    Object.assign(config, { fleet: {}, ...settings });
  });

before(async () => {
  staging = await Environment.open("staging");
  prod = await Environment.open("prod");
  mkdirSync(staging.repositories, { recursive: true });
  symlinkSync(staging.repositories, prod.repositories);
  forge = new Forge(staging.repositories, "acme");
  configured(staging, { github, tenants: { orders }, webhooks: { host: "flux.staging.acme.example", ingress: { class: "nginx" } }, tenancy: { domain: "staging.acme.example", ingressNamespace: "ingress" } });
  configured(prod, { github: { owner: "acme", plan: "enterprise", managedBy: "staging" }, tenants: { orders: { owners, repository: { scaffold: "kustomize" }, deploy: { semver: "1.4.x" } } } });
});
after(async () => {
  await staging?.close();
  await prod?.close();
});

const ordinary = async (environment: Environment): Promise<string[]> => (await environment.state()).map(({ type }) => type).filter((type) => !/^(pulumi:|mooring:index:)/.test(type));

describe("production first", () => {
  for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
    test(`${args[0]} says in one line what must go before, and makes nothing`, async () => {
      const { code, stdout, stderr } = await prod.run([...args, "--stack", "prod", "--config-file", prod.stackFile]);
      assert.notEqual(code, 0);
      // The engine tells it twice: beside the stack, and at the end.
      const lines = (stdout + stderr).split("\n").filter((line) => line.includes("not exist yet")).map((line) => line.replace(/^.*error: /, "error: "));
      const wanted = "error: acme/fleet, acme/orders do not exist yet, or this login cannot see it: bring up the environment that owns the repositories first (github.managedBy: staging)";
      assert.deepEqual([...new Set(lines)], [wanted], stdout + stderr);
      assert.doesNotMatch(stdout + stderr, /\.ts:\d+|at async/);
      assert.deepEqual(await ordinary(prod), []);
    });
  }
});

describe("after staging, production", () => {
  let ofStaging: unknown;
  const partsOfStaging = (): unknown => {
    const { keys, hooks, teams, rulesets, variables, secrets } = forge.parts("orders");
    const own = <T extends { environment?: string; title?: string }>(all: T[]): T[] => all.filter(({ environment, title }) => !/prod/.test(environment ?? title ?? ""));
    return { repository: forge.repository("orders"), hooks, teams, rulesets, keys: own(keys), variables: own(variables), secrets: own(secrets) };
  };
  const content = (): string[] => forge.files("orders").map((path) => `${path}\n${forge.content("orders", path)}`).filter((file) => !file.startsWith("deploy/prod/"));
  let files: string[];

  before(async () => {
    await staging.up();
    ofStaging = partsOfStaging();
    files = content();
    await prod.up();
  });

  test("adds its own key, environment and folder, and changes nothing of staging's", () => {
    assert.deepEqual(forge.parts("orders").keys.map(({ title, readOnly }) => [title, readOnly]), [["Flux acme-staging", false], ["Flux acme-prod", true]]);
    assert.deepEqual(forge.parts("orders").environments, ["staging", "prod"]);
    assert.deepEqual(forge.files("orders").filter((path) => /^deploy\/(staging|prod)\//.test(path)), ["deploy/prod/kustomization.yaml", "deploy/staging/kustomization.yaml"]);
    assert.deepEqual(forge.files("fleet").filter((path) => path.startsWith("environments/")), ["environments/README.md", "environments/prod/kustomization.yaml", "environments/staging/kustomization.yaml"]);
    assert.deepEqual([partsOfStaging(), content()], [ofStaging, files]);
  });

  test("is complete, and so is staging: neither sees the other's parts as a difference", async () => {
    assert.deepEqual([await staging.preview(), await prod.preview()], [[], []]);
    const { code, stdout, stderr } = await staging.operate("preview", ["--refresh", "--expect-no-changes"]);
    assert.equal(code, 0, stdout + stderr);
  });

  test("where there is no Gateway, an Ingress leads to Flux", async () => {
    const ingress = await staging.kubernetes.get(`${collectionPath("networking.k8s.io/v1", "ingresses", "flux-system")}/flux-webhooks`);
    const { rules, tls } = mapAt(ingress!, "spec") as unknown as { rules: { host: string; http: { paths: { path: string; backend: { service: { name: string } } }[] } }[]; tls: { hosts: string[] }[] };
    assert.deepEqual([rules[0]!.host, rules[0]!.http.paths.map(({ path, backend }) => [path, backend.service.name]), tls[0]!.hosts], ["flux.staging.acme.example", [["/hook/", "webhook-receiver"]], ["flux.staging.acme.example"]]);
  });

  describe("over SSH", { skip }, () => {
    let server: GitServer;
    let flux: FluxLogic;
    const secretOf = async (environment: Environment, namespace: string, name: string): Promise<Record<string, string>> => (await secretsIn(environment, namespace))[name]!;
    const cloned = async (environment: Environment, namespace: string, name: string, repository: string): Promise<Clone> => {
      const { identity } = await secretOf(environment, namespace, name);
      return Clone.of(join(staging.folder, `clone-${namespace}-${environment.stack}`), { url: server.url("acme", repository), identity: identity!, knownHosts: server.knownHosts });
    };
    /** What Flux would fetch in production, with the GitRepository and the Secret of the cluster; only where the server is, is another. */
    const fetched = async (): Promise<string> => {
      const { url, ref } = mapAt((await prod.kubernetes.get(`${collectionPath("source.toolkit.fluxcd.io/v1", "gitrepositories", "orders-flux")}/orders`))!, "spec") as unknown as GitRefInput["spec"];
      assert.equal(url, "ssh://git@github.com/acme/orders.git");
      assert.deepEqual(ref, { semver: "1.4.x" });
      const secret = { ...(await secretOf(prod, "orders-flux", "deploy-key")), known_hosts: server.knownHosts };
      return (await flux.gitRef({ spec: { url: server.url("acme", "orders"), interval: "10m", ref }, secret })).revision;
    };
    const tag = (name: string): string => {
      forge.git("orders", "tag", name, "refs/heads/main");
      return forge.git("orders", "rev-parse", "refs/heads/main").trim();
    };

    before(async () => {
      server = await startGitServer({ folder: join(staging.folder, "git-server"), repositories: staging.repositories, programs: (provided as { programs: GitServerPrograms }).programs });
      flux = await FluxLogic.open();
    });
    after(async () => {
      await flux?.close();
      await server?.stop();
    });

    test("the key in the cluster clones the repository, with this environment's folder in it", async () => {
      const clone = await cloned(prod, "orders-flux", "deploy-key", "orders");
      assert.match(clone.read("deploy/prod/kustomization.yaml"), /kind: Kustomization/);
      assert.match((await secretOf(prod, "orders-flux", "deploy-key")).known_hosts!, /^github\.com ssh-ed25519 /);
    });

    test("a key that only reads cannot push, nor open another repository", async () => {
      for (const [environment, namespace, name, repository] of [[prod, "orders-flux", "deploy-key", "orders"], [staging, "flux-system", "fleet-deploy-key", "fleet"]] as const) {
        const clone = environment === prod ? Clone.at(join(staging.folder, "clone-orders-flux-prod")) : await cloned(environment, namespace, name, repository);
        const before = forge.git(repository, "rev-parse", "refs/heads/main");
        clone.commit("deploy/base/more.yaml", "more: true\n");
        assert.match(clone.push("HEAD:main"), /marked as read only/);
        assert.match(clone.push("HEAD:refs/heads/side"), /marked as read only/);
        assert.equal(forge.git(repository, "rev-parse", "refs/heads/main"), before);
        assert.match(clone.git("ls-remote", server.url("acme", repository === "orders" ? "fleet" : "orders")), /Repository not found/);
      }
    });

    test("the automation's key writes to main, and neither to release tags nor to what production may follow", async () => {
      const clone = await cloned(staging, "orders-flux", "deploy-key", "orders");
      clone.commit("deploy/staging/kustomization.yaml", clone.read("deploy/staging/kustomization.yaml").replace(/newTag: \S+/, "newTag: main-abcdef0-1790000000"));
      const pushed = clone.push("HEAD:main");
      assert.equal(forge.git("orders", "rev-parse", "refs/heads/main").trim(), clone.head(), pushed);
      assert.match(forge.content("orders", "deploy/staging/kustomization.yaml"), /main-abcdef0-1790000000/);
      for (const ref of ["refs/tags/v1.4.9", "refs/tags/api/v1.0.0", "refs/tags/9.9.9", "refs/tags/release/9.9.9", "refs/heads/prod"]) assert.match(clone.push(`HEAD:${ref}`), /GH013: Repository rule violations/, ref);
      for (const wrong of [["--force", "HEAD~1:main"], [":main"]]) assert.match(clone.push(...wrong), /GH013: Repository rule violations/, wrong.join(" "));
      assert.deepEqual(forge.git("orders", "for-each-ref", "--format=%(refname)").trim().split("\n"), ["refs/heads/main"]);
    });

    test("nor does it change what pipelines run, on no branch", async () => {
      const clone = Clone.at(join(staging.folder, "clone-orders-flux-staging"));
      for (const path of [".github/workflows/ci.yml", ".github/CODEOWNERS", "ci/lib.sh", "build.sh", "azure-pipelines.yml", "services.json"]) {
        assert.equal(clone.git("reset", "--quiet", "--hard", "origin/main"), "");
        clone.commit(path, `${clone.read(path)}\n`);
        for (const ref of ["main", "refs/heads/mooring/staging-images"]) assert.match(clone.push(`HEAD:${ref}`), new RegExp(`GH013[^]*File path is restricted: ${path}`), `${path} to ${ref}`);
      }
      clone.git("reset", "--quiet", "--hard", "origin/main");
    });

    test("what it pushes there for production is nothing that production fetches: only a release is", async () => {
      const released = tag("v1.4.0");
      assert.equal(await fetched(), `v1.4.0@sha1:${released}`);
      const clone = Clone.at(join(staging.folder, "clone-orders-flux-staging"));
      assert.equal(clone.git("reset", "--quiet", "--hard"), "");
      clone.git("pull", "--quiet", "origin", "main");
      clone.commit("deploy/prod/kustomization.yaml", `${clone.read("deploy/prod/kustomization.yaml")}# sneaked in\n`);
      clone.push("HEAD:main");
      assert.match(forge.content("orders", "deploy/prod/kustomization.yaml"), /sneaked in/);
      assert.equal(await fetched(), `v1.4.0@sha1:${released}`);
      // Another minor version, and something before a release, are outside of 1.4.x.
      for (const name of ["v1.5.0", "v1.4.1-rc.1"]) tag(name);
      assert.equal(await fetched(), `v1.4.0@sha1:${released}`);
      const next = tag("v1.4.1");
      assert.equal(await fetched(), `v1.4.1@sha1:${next}`);
    });
  });

  test("destroyed leaves the repository and all of staging's in it, and its own folder, which is the team's", async () => {
    const refs = forge.git("orders", "for-each-ref");
    const before = partsOfStaging();
    await prod.unprotect();
    await prod.destroy();
    assert.deepEqual([partsOfStaging(), forge.git("orders", "for-each-ref")], [before, refs]);
    assert.deepEqual(forge.parts("orders").keys.map(({ title }) => title), ["Flux acme-staging"]);
    assert.deepEqual(forge.parts("orders").environments, ["staging"]);
    assert.deepEqual(forge.parts("fleet").keys.map(({ title }) => title), ["Flux acme-staging"]);
    assert.deepEqual(await staging.preview(), []);
  });
});
