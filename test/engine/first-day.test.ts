/**
 * docs/first-day.md, step by step on the local platform: the page's own settings, the real engine and API server, the scaffold's own build
 * script with stand-ins for docker, the Azure CLI and gh, GitHub's stand-in behind a real SSH server, and Flux's own code on the objects of
 * the cluster. Each test goes on where the one before ended. It catches a step of the page that does not follow from those before it.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { projectRoot } from "../../cli/arguments.ts";
import { check } from "../../cli/check.ts";
import type { GitServerPrograms } from "../../local/git-server/programs.ts";
import { startGitServer } from "../../local/git-server/server.ts";
import type { GitServer } from "../../local/git-server/server.ts";
import { silentProgress } from "../../local/progress.ts";
import { Cloud } from "../../local/standins/azure/cloud.ts";
import { addExisting } from "../../local/standins/azure/existing.ts";
import type { Values } from "../../local/standins/contract.ts";
import { mapAt, nameOf } from "../../local/standins/kubernetes/object.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import { provideKustomize } from "../../local/toolchain/kustomize.ts";
import { FluxLogic } from "../flux-logic.ts";
import { provideSshd } from "../git-server.ts";
import { reconciler } from "../isolation/subjects.ts";
import { Clone } from "./delivery/clone.ts";
import { Forge } from "./delivery/forge.ts";
import { Environment } from "./environment.ts";
import { TenantFlux } from "./first-day/flux.ts";
import { page, settingsOfPage } from "./first-day/page.ts";
import { Team } from "./first-day/team.ts";
import { allowed } from "./world.ts";

const provided = provideSshd();
const skip = "missing" in provided ? provided.missing : false;

const overlay = (environment: string): string => `deploy/${environment}/kustomization.yaml`;

/** Of what the scaffold deploys. */
const plurals: Record<string, string> = { Deployment: "deployments", Service: "services", HorizontalPodAutoscaler: "horizontalpodautoscalers", PodDisruptionBudget: "poddisruptionbudgets" };

describe("a team's first day", { skip }, () => {
  let staging: Environment;
  let prod: Environment;
  let forge: Forge;
  let server: GitServer;
  let logic: FluxLogic;
  let kustomize: string;
  let inStaging: TenantFlux;
  let inProd: TenantFlux;
  let team: Team;

  before(async () => {
    [staging, prod, logic, kustomize] = await Promise.all([Environment.open("staging"), Environment.open("prod"), FluxLogic.open(), provideKustomize({ progress: silentProgress })]);
    mkdirSync(staging.repositories, { recursive: true });
    symlinkSync(staging.repositories, prod.repositories);
    forge = new Forge(staging.repositories, "acme");
    for (const environment of [staging, prod]) environment.configure((config) => Object.assign(config, settingsOfPage(environment.stack)));
    // Each environment has an Azure of its own here; staging's registry is in both.
    const { promoteFrom } = settingsOfPage("prod").registry as { promoteFrom: { name: string; resourceGroup: string; subscription: string } };
    const azure = { folder: prod.platformFolder, subscriptionId: promoteFrom.subscription, tenantId: "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e", location: "westeurope" };
    await addExisting(azure, "azure-native:resources:ResourceGroup", { resourceGroupName: promoteFrom.resourceGroup });
    await addExisting(azure, "azure-native:containerregistry:Registry", { resourceGroupName: promoteFrom.resourceGroup, registryName: promoteFrom.name, sku: { name: "Standard" } });
  });
  after(async () => {
    team?.machine.remove();
    await server?.stop();
    await logic?.close();
    await staging?.close();
    await prod?.close();
  });

  /** What Flux applies of a commit, as the account with which it does; the objects as the API server then has them. */
  async function applied(environment: Environment, commit: string): Promise<Values[]> {
    team.git("switch", "--quiet", "--detach", commit);
    const objects = parseAllDocuments(execFileSync(kustomize, ["build", join(team.machine.folder, "deploy", environment.stack)], { encoding: "utf8" })).map((document) => document.toJS() as Values);
    const { user, groups } = reconciler("orders-flux");
    const stored: Values[] = [];
    for (const object of objects) {
      const path = `${collectionPath(object.apiVersion as string, plurals[object.kind as string]!, "orders")}/${nameOf(object)}`;
      const answer = await environment.kubernetes.as(user, groups).request("PATCH", path, { query: { fieldManager: "kustomize-controller", fieldValidation: "Strict", force: "true" }, body: object, contentType: "application/apply-patch+yaml" });
      assert.ok(answer.status < 300, `${String(object.kind)}: ${answer.text}`);
      stored.push(answer.body);
    }
    team.pull();
    return stored;
  }

  const imageOf = (objects: Values[]): unknown =>
    ((mapAt(mapAt(mapAt(objects.find(({ kind }) => kind === "Deployment")!, "spec"), "template"), "spec").containers as { image: string }[])[0]!).image;

  /** After a push of images: Flux decides, commits and applies. Returns the image that runs. */
  async function deployed(): Promise<string> {
    const newest = await inStaging.decide("orders-api", team.tags("staging", "orders-api"));
    const { ready, message } = await inStaging.automate();
    assert.equal(ready, true, message);
    team.pull();
    const { commit } = await inStaging.fetched();
    assert.equal(commit, team.machine.head());
    const image = imageOf(await applied(staging, commit));
    assert.equal(image, `${team.delivery("staging").registry}/orders/orders-api:${newest}`);
    // What notification-controller tells GitHub of a commit that was applied and is healthy.
    team.machine.world(({ statuses }) => { statuses[commit] = [{ context: "mooring/staging/Kustomization/orders", state: "success", description: "" }]; });
    return newest!;
  }

  /** The pull request of a promotion, merged, and its release. Returns the revision that production then applies. */
  async function released(version: string): Promise<string> {
    await team.job("staging", ["promote", ...(version === "1.0.0" ? [] : ["--version", version])]);
    const request = team.machine.world().pullRequests.at(-1)!;
    assert.deepEqual([request.head, request.base, request.title], ["mooring/promote-prod", "main", `Promote to prod: ${version}`]);
    team.machine.world(({ pullRequests }) => { pullRequests.at(-1)!.open = false; });
    team.merge("mooring/promote-prod");
    return tagged(`v${version}`);
  }

  /** A person who maintains the repository makes the tag; its job runs. */
  async function tagged(tag: string): Promise<string> {
    team.git("tag", tag);
    team.git("push", "--quiet", "origin", tag);
    await team.job("prod", ["push"], { GITHUB_REF: `refs/tags/${tag}` });
    return (await inProd.fetched()).revision;
  }

  test("check takes the page's settings, and names the secrets that are not there yet", async () => {
    const lines = ({ stackFile }: Environment): string[] => check({ root: projectRoot, stack: undefined, file: stackFile }).lines.map((line) => line.replace(stackFile, "…"));
    assert.deepEqual(lines(staging), [
      "warning: mooring:tenants.orders.notify[0].secret: the secret orders-slack is not set; run `pulumi config set --secret secret:orders-slack`",
      "warning: mooring:tenants.orders.notify[1].secret: the secret orders-status is not set; run `pulumi config set --secret secret:orders-status`",
      "… is right, with 2 warnings: nonproduction, Kubernetes 1.35, 1 tenant",
    ]);
    await staging.setSecret("orders-slack", "https://hooks.slack.example/services/T0/B0/x");
    await staging.setSecret("orders-status", "a token of GitHub");
    assert.deepEqual([staging, prod].flatMap(lines), ["… is right: nonproduction, Kubernetes 1.35, 1 tenant", "… is right: production, Kubernetes 1.35, 1 tenant"]);
  });

  test("up makes what the page lists", async () => {
    await staging.up();
    await prod.up();
    server = await startGitServer({ folder: join(staging.folder, "git-server"), repositories: staging.repositories, programs: (provided as { programs: GitServerPrograms }).programs });
    [inStaging, inProd] = [staging, prod].map((environment) => new TenantFlux(environment, logic, server, "orders")) as [TenantFlux, TenantFlux];
    team = new Team(forge, "orders");
    const { keys, hooks, teams, rulesets, environments } = forge.parts("orders");
    assert.deepEqual(keys.map(({ title, readOnly }) => [title, readOnly]), [["Flux acme-staging", false], ["Flux acme-prod", true]]);
    assert.deepEqual([hooks.length, Object.values(teams), environments], [1, ["maintain", "maintain"], ["staging", "prod"]]);
    assert.deepEqual(rulesets.map(({ name }) => name), ["mooring default-branch", "mooring history", "mooring keys", "mooring tags"]);
    assert.deepEqual(forge.files("orders").filter((path) => /^(deploy\/[^/]+\/kust|\.github\/CODE)/.test(path)), [".github/CODEOWNERS", "deploy/base/kustomization.yaml", "deploy/canary/kustomization.yaml", overlay("prod"), overlay("staging")]);
    assert.equal(forge.content("orders", ".github/CODEOWNERS").split("\n")[1], "* @acme/orders @acme/platform");
    const { registry, receiver, promoteFrom } = team.delivery("prod");
    assert.deepEqual({ registry, receiver, promoteFrom }, { registry: "cracmeprod0815.azurecr.io", receiver: null, promoteFrom: { registry: "cracmestaging4711.azurecr.io", name: "cracmestaging4711" } });
    for (const environment of [staging, prod]) {
      // The identity that the pipelines are told of trusts the jobs of this repository's environment, and no one else.
      const identities = new Cloud(environment.platformFolder).all();
      const { id } = identities.find(({ outputs }) => outputs.clientId === team.delivery(environment.stack).clientId)!;
      const trusted = identities.flatMap((each) => (each.id.startsWith(`${id}/federatedIdentityCredentials/`) ? [String(each.inputs.subject)] : []));
      const numbered = `repo:acme@\\d+/orders@${String(forge.repository("orders").repoId)}:environment:${environment.stack}`;
      assert.match(trusted[0] ?? "", new RegExp(`^${numbered}$`));
      assert.deepEqual(trusted.slice(1), environment === staging ? [] : ["repo:acme/orders:environment:prod"]);
      const namespaces = await environment.kubernetes.list(collectionPath("v1", "namespaces"), { labelSelector: "toolkit.fluxcd.io/tenant" });
      assert.deepEqual(namespaces.map(nameOf).sort(), ["orders", "orders-flux"]);
    }
  });

  test("before the first push staging runs the page that stands in, and production nothing", async () => {
    assert.equal(imageOf(await applied(staging, (await inStaging.fetched()).commit)), "mcr.microsoft.com/dotnet/samples:aspnetapp-chiseled");
    await assert.rejects(inProd.fetched(), /no match found for semver: >=1\.0\.0/);
  });

  test("the key in the cluster's Secret clones the repository over SSH", async () => {
    const { identity } = await inStaging.deployKey();
    const clone = Clone.of(join(staging.folder, "clone"), { url: inStaging.address, identity: identity!, knownHosts: server.knownHosts });
    assert.match(clone.read(overlay("staging")), /"\$imagepolicy": "orders-flux:orders-api:tag"/);
    for (const tag of ["v1.0.0", "orders-api/v1.0.0"]) assert.match(clone.push(`HEAD:refs/tags/${tag}`), /GH013: Repository rule violations/, tag);
  });

  let first: string;
  test("a merged change is pushed, Flux is told, commits the tag, and staging runs it", async () => {
    const commit = team.merged("Say hello", { "app/hello.go": "package main\n" });
    assert.equal((await team.machine.build(["test"])).code, 0, "it needs nothing of the platform");
    assert.match(await team.job("staging", ["push"]), new RegExp(`orders/orders-api:main-${commit.slice(0, 7)}-\\d+@sha256:`));
    assert.deepEqual((await told()).requested, ["ImageRepository/orders-flux/orders-api"]);
    first = await deployed();
    assert.match(first, new RegExp(`^main-${commit.slice(0, 7)}-`));
    const changed = team.git("log", "-1", "--format=%an: %s", "--name-only").split("\n");
    assert.deepEqual(changed, ["Flux staging: Update images of orders in staging", "", overlay("staging")]);
  });

  /** `bash build.sh notify`, caught on its way and given to Flux's own webhook server. */
  async function told(): Promise<{ status: number; requested: string[] }> {
    let call: { path: string; headers: IncomingHttpHeaders; body: string } | undefined;
    const catcher = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => { body += part; }).on("end", () => {
        call = { path: request.url!, headers: request.headers, body };
        response.end();
      });
    });
    await new Promise<void>((resolve) => catcher.listen(0, "127.0.0.1", resolve));
    try {
      const delivery = team.delivery("staging");
      const receiver = delivery.receiver!.replace("https://flux.staging.acme.example", `http://127.0.0.1:${(catcher.address() as AddressInfo).port}`);
      const { token } = await inStaging.secret("webhook-token");
      assert.match(await team.job("staging", ["notify"], { MOORING: JSON.stringify({ ...delivery, receiver }), MOORING_RECEIVER_TOKEN: token! }), /Flux was told/);
    } finally {
      catcher.close();
    }
    const { path, headers, body } = call!;
    return inStaging.called("images", path, { "X-Signature": String(headers["x-signature"]) }, body);
  }

  test("promoted, reviewed and tagged, it runs in production: the same image, by digest", async () => {
    const { commit } = await inStaging.fetched();
    const digest = team.digest("staging", "orders-api", first);
    assert.match(await released("1.0.0"), /^v1\.0\.0@sha1:/);
    assert.equal(team.digest("prod", "orders-api", "1.0.0"), digest);
    const inProduction = (await inProd.fetched()).commit;
    assert.notEqual(inProduction, commit);
    assert.equal(imageOf(await applied(prod, inProduction)), `cracmeprod0815.azurecr.io/orders/orders-api:1.0.0@${digest}`);
  });

  test("what is merged or pushed afterwards changes staging alone", async () => {
    team.merged("A change", { "app/hello.go": "package main\n\n// A change.\n" });
    await team.job("staging", ["push"]);
    assert.notEqual(await deployed(), first);
    assert.match((await inProd.fetched()).revision, /^v1\.0\.0@/);
  });

  test("staging goes back by a revert: nothing is built again", async () => {
    const { builds } = team.machine.world();
    team.pull();
    const change = team.git("log", "-1", "--format=%H", "--grep=^A change$");
    team.git("switch", "--quiet", "--force-create", "back");
    team.git("revert", "--no-edit", change);
    team.git("push", "--quiet", "origin", "back");
    team.git("fetch", "--quiet", "origin");
    team.merge("back");
    await team.job("staging", ["push"]);
    const back = await deployed();
    assert.equal(team.machine.world().builds, builds);
    assert.equal(team.digest("staging", "orders-api", back), team.digest("staging", "orders-api", first));
  });

  test("production goes back by a revert of the promotion, released as the next version", async () => {
    team.merged("A mistake", { "app/hello.go": "package main\n\n// A mistake.\n" });
    await team.job("staging", ["push"]);
    await deployed();
    assert.match(await released("1.1.0"), /^v1\.1\.0@/);
    const promotion = team.git("log", "-1", "--format=%H", "--grep=^Promote to prod: 1.1.0$");
    team.git("switch", "--quiet", "--force-create", "back");
    team.git("revert", "--no-edit", promotion);
    team.git("push", "--quiet", "origin", "back");
    team.git("fetch", "--quiet", "origin");
    team.merge("back");
    assert.match(await tagged("v1.1.1"), /^v1\.1\.1@/);
    const image = imageOf(await applied(prod, (await inProd.fetched()).commit));
    assert.equal(image, `cracmeprod0815.azurecr.io/orders/orders-api:1.0.0@${team.digest("prod", "orders-api", "1.0.0")}`);
    assert.deepEqual(team.tags("prod", "orders-api"), ["1.0.0", "1.1.0", "1.1.1"]);
  });

  test("a second service gets a tag of its own; the first is not built again", async () => {
    staging.configure((config) => {
      const { orders } = config.tenants as { orders: { images: object[] } };
      orders.images.push({ name: "orders-worker", follow: { branch: "main" } });
    });
    await staging.up();
    const services = JSON.parse(team.machine.read("services.json")) as { services: object[] };
    const [, entry = ""] = /^ +```yaml\n( +- name: orders-worker\n[\s\S]*?)^ +```$/m.exec(page) ?? [];
    team.merged("A worker", {
      "services.json": JSON.stringify({ ...services, services: [...services.services, { name: "orders-worker", path: "worker" }] }),
      "worker/Dockerfile": "FROM scratch\nARG VERSION\n",
      [overlay("staging")]: `${team.machine.read(overlay("staging"))}${entry.replaceAll(/^ {3}/gm, "  ")}`,
    });
    const before = team.tags("staging", "orders-api");
    await team.job("staging", ["push"]);
    assert.deepEqual(team.tags("staging", "orders-api"), before);
    const [tag, ...more] = team.tags("staging", "orders-worker");
    assert.deepEqual(more, []);
    assert.equal(await inStaging.decide("orders-worker", [tag!]), tag);
    await deployed();
    assert.match(team.machine.read(overlay("staging")), new RegExp(`newTag: "${tag}" # \\{"\\$imagepolicy": "orders-flux:orders-worker:tag"`));
  });

  test("people of the team may look where the page says, and change nothing in the control namespace", async () => {
    const commands = [...page.matchAll(/`kubectl (?:get|describe) (\S+) -n (orders(?:-flux)?)`/g)];
    assert.ok(commands.length >= 5, page);
    const groups: Record<string, string> = { replicasets: "apps", replicaset: "apps", events: "", pods: "" };
    const [, owner = ""] = /owners: \[(\S+)\]/.exec(page) ?? [];
    const who = { user: "ann@acme.example", groups: [owner, "system:authenticated"] };
    for (const [command, kinds = "", namespace = ""] of commands) {
      for (const kind of kinds.split(",")) {
        const group = groups[kind] ?? (/^image/.test(kind) ? "image.toolkit.fluxcd.io" : /^kust/.test(kind) ? "kustomize.toolkit.fluxcd.io" : "source.toolkit.fluxcd.io");
        const resource = `${kind.replace(/([^s])$/, "$1s")}${group === "" ? "" : `.${group}`}`;
        assert.equal(await allowed(staging, who, "list", resource, namespace), true, `${command}: ${resource}`);
        if (namespace === "orders-flux") assert.equal(await allowed(staging, who, "patch", resource, namespace), false, `${command}: ${resource}`);
      }
    }
    assert.equal(await allowed(staging, who, "get", "secrets", "orders-flux"), false);
  });
});
