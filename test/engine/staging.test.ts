/**
 * The life of an environment on the real engine: the stack file `staging` against the stand-ins and a real API server.
 * Each test goes on where the one before ended.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { report } from "../../cli/preview/report.ts";
import { judge } from "../../cli/preview/verdict.ts";
import { preview } from "../../cli/preview.ts";
import { startFinalizerAgent } from "../../local/standins/finalizer-agent.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import { Environment, nameOf, typeOf } from "./environment.ts";

const root = join(import.meta.dirname, "../..");
const secrets = { webhook: "planted-webhook-7d1c5a0e2b6f" };
const environment = await Environment.open("staging", { checkpoints: true });
const { kubernetes } = environment;
/** Stands in for the controllers: an object they have seen is gone only once they have let go of it. */
const agent = startFinalizerAgent({ client: kubernetes, release: { namespace: "flux-system", name: "flux" } });
after(async () => {
  await agent.stop();
  await environment.close();
});

const tenantNamespaces = async (): Promise<string[]> => {
  const namespaces = await kubernetes.list(collectionPath("v1", "namespaces"), { labelSelector: "toolkit.fluxcd.io/tenant" });
  return namespaces.map(({ metadata }) => (metadata as { name: string }).name).sort();
};

/** Mooring's objects that are in no namespace: roles, bindings and admission rules. */
const clusterWide = async (): Promise<string[]> => {
  const kinds = [
    ...["clusterroles", "clusterrolebindings"].map((kind) => collectionPath("rbac.authorization.k8s.io/v1", kind)),
    ...["validatingadmissionpolicies", "validatingadmissionpolicybindings"].map((kind) => collectionPath("admissionregistration.k8s.io/v1", kind)),
  ];
  const objects = (await Promise.all(kinds.map((kind) => kubernetes.list(kind)))).flat();
  return objects.map(({ metadata }) => (metadata as { name: string }).name).filter((name) => name.startsWith("mooring-"));
};

/** What a preview would do, as `op type name`, in order. */
const planned = async (): Promise<string[]> => (await environment.preview()).map(({ op, urn }) => `${op} ${typeOf(urn).split(":").at(-1)} ${nameOf(urn)}`).sort();

const shopOwners = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e04";

/** A step of the team `shop`: its own resources, and its owners' right to fetch a kubeconfig. */
const ofShop = (op: string): RegExp => new RegExp(`^${op} (\\S+ shop(-|$)|RoleAssignment mooring-user-${shopOwners}$)`);

describe("staging", () => {
  test("up from nothing makes everything, and the API server has it", async () => {
    await environment.setSecret("orders-slack", secrets.webhook);
    environment.configureTenant("orders", { ...teamOf("orders"), notify: [{ slack: "#orders", secret: "orders-slack" }] });
    await environment.up();
    assert.deepEqual(await tenantNamespaces(), ["operations", "operations-flux", "orders", "orders-flux", "web", "web-flux"]);
    const quota = await kubernetes.get("/api/v1/namespaces/orders/resourcequotas/tenant");
    assert.equal((quota?.spec as { hard: Record<string, string> }).hard["limits.cpu"], "12");
    const sync = await kubernetes.get("/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/orders-flux/kustomizations/orders");
    assert.equal((sync?.spec as { serviceAccountName: string }).serviceAccountName, "reconciler");
    const policy = await kubernetes.get("/apis/networking.k8s.io/v1/namespaces/orders/networkpolicies/tenant");
    assert.deepEqual((policy?.spec as { ingress: unknown }).ingress, [{ from: [{ podSelector: {} }] }]);
  });

  test("the deploy key in the cluster is the one that the repository knows, a real ed25519 key", async () => {
    const secret = await kubernetes.get("/api/v1/namespaces/web-flux/secrets/deploy-key");
    const data = secret?.data as Record<string, string>;
    const publicKey = Buffer.from(data["identity.pub"]!, "base64").toString("utf8").trim();
    const file = join(environment.folder, "key");
    writeFileSync(file, Buffer.from(data.identity!, "base64"), { mode: 0o600 });
    const derived = execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim();
    assert.equal(derived.split(" ").slice(0, 2).join(" "), publicKey.split(" ").slice(0, 2).join(" "));
    const key = (await environment.state()).find(({ urn }) => typeOf(urn).endsWith(":RepositoryDeployKey") && nameOf(urn) === "web-deploy-key");
    assert.equal(key?.inputs?.key, publicKey);
    assert.equal(key?.inputs?.readOnly, true);
  });

  test("the repositories are real git repositories with a branch to follow", () => {
    for (const name of ["orders", "web", "operations"]) {
      const branch = execFileSync("git", ["-C", join(environment.repositories, "acme", `${name}.git`), "rev-parse", "--verify", "refs/heads/main"], { encoding: "utf8" });
      assert.match(branch, /^[0-9a-f]{40}/);
    }
  });

  test("a second preview finds nothing to do", async () => {
    assert.deepEqual(await planned(), []);
    const { code, stdout } = await environment.operate("preview", ["--expect-no-changes"]);
    assert.equal(code, 0, stdout);
  });

  test("a refresh finds what was made: nothing differs but what AKS tells of its own doing", async () => {
    const plan = await preview({ root, stack: "staging", configFile: environment.stackFile, env: environment.env }, true);
    const verdict = judge(plan, [], true);
    assert.ok(verdict.passed, report(plan, verdict, "staging").join("\n"));
    // The list of pools alone may differ, and nothing of it is an update of more than the cluster.
    for (const { name, kind } of plan.changes) assert.deepEqual([name, kind], ["mooring-cluster", "update"]);
  });

  test("a changed tag on the cluster previews exactly one update", async () => {
    environment.configure((config) => Object.assign(config.cluster as object, { tags: { "cost-centre": "4711" } }));
    assert.deepEqual(await planned(), ["update ManagedCluster mooring-cluster"]);
    environment.configure((config) => delete (config.cluster as { tags?: unknown }).tags);
  });

  test("a changed tag on everything updates what has tags, and replaces nothing", async () => {
    environment.configure((config) => Object.assign(config.azure as object, { tags: { "cost-centre": "4711" } }));
    const steps = await environment.preview();
    assert.deepEqual(new Set(steps.map(({ op }) => op)), new Set(["update"]));
    assert.deepEqual([...new Set(steps.map(({ urn }) => typeOf(urn).split(":").at(-1)))].sort(), [
      "AgentPool", "ManagedCluster", "Registry", "ResourceGroup", "UserAssignedIdentity", "VirtualNetwork", "Workspace",
    ]);
    environment.configure((config) => delete (config.azure as { tags?: unknown }).tags);
  });

  test("a pool of another size replaces that pool, and nothing that runs on it", async () => {
    environment.configure((config) => Object.assign((config.cluster as { pools: Record<string, object> }).pools, { batch: { max: 2, vmSize: "Standard_E4ds_v5", taints: ["workload=batch:NoSchedule"] } }));
    assert.deepEqual(await planned(), ["replace AgentPool mooring-cluster-batch"]);
    environment.configure((config) => Object.assign((config.cluster as { pools: Record<string, object> }).pools, { batch: { max: 2, taints: ["workload=batch:NoSchedule"] } }));
  });

  test("adding a team touches that team only", async () => {
    environment.configureTenant("shop", { owners: [shopOwners] });
    const plan = await planned();
    assert.equal(plan.length, 20);
    for (const step of plan) assert.match(step, ofShop("create"));
    await environment.up();
    assert.ok((await tenantNamespaces()).includes("shop-flux"));
    assert.deepEqual(await planned(), []);
  });

  test("changing a team's quota is one update", async () => {
    environment.configureTenant("shop", { owners: [shopOwners], quota: { pods: 7 } });
    assert.deepEqual(await planned(), ["update ResourceQuota shop-quota"]);
    await environment.up();
    const quota = await kubernetes.get("/api/v1/namespaces/shop/resourcequotas/tenant");
    assert.equal((quota?.spec as { hard: Record<string, string> }).hard.pods, "7");
  });

  test("rotating a deploy key makes the new one before the old one goes", async () => {
    environment.configureTenant("shop", { owners: [shopOwners], quota: { pods: 7 }, repository: { keyRotation: 2 } });
    assert.deepEqual(await planned(), [
      "create PrivateKey shop-deploy-key-2",
      "create RepositoryDeployKey shop-deploy-key-2",
      "delete PrivateKey shop-deploy-key",
      "delete RepositoryDeployKey shop-deploy-key",
      "update Secret shop-deploy-key",
    ]);
    await environment.up();
  });

  test("removing a team that is not protected removes that team only, and leaves its repository as it is", async () => {
    environment.configureTenant("shop", { owners: [shopOwners], quota: { pods: 7 }, repository: { keyRotation: 2 }, protect: false });
    assert.deepEqual(await planned(), [], "protection stands in the state alone");
    await environment.up();
    environment.configureTenant("shop", undefined);
    const plan = await planned();
    assert.equal(plan.length, 20);
    for (const step of plan) assert.match(step, ofShop("delete"));
    await environment.up();
    assert.deepEqual(await tenantNamespaces(), ["operations", "operations-flux", "orders", "orders-flux", "web", "web-flux"]);
    assert.ok(existsSync(join(environment.repositories, "acme/shop.git")));
    assert.deepEqual(await planned(), []);
  });

  test("mistakes in the settings stop the run before anything is registered", async () => {
    environment.configureTenant("web", { ...teamOf("web"), quota: { cpu: "8x" }, nodePool: "bach" });
    const { code, stdout, stderr } = await environment.operate("preview");
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /2 mistakes in the settings of stack staging:/);
    assert.match(stdout + stderr, /mooring:tenants\.web\.quota\.cpu: "8x" is not a quantity; write 500m or 8/);
    assert.match(stdout + stderr, /mooring:tenants\.web\.nodePool: there is no pool bach in cluster\.pools; did you mean batch\?/);
    assert.doesNotMatch(stdout + stderr, /at .*load\.ts/);
    environment.configureTenant("web", teamOf("web"));
  });

  test("a secret that is not set stops an up", async () => {
    environment.configureTenant("web", { ...teamOf("web"), notify: [{ slack: "#web", secret: "web-slack" }] });
    const { code, stdout, stderr } = await environment.operate("preview");
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /mooring:tenants\.web\.notify\[0\]\.secret: the secret web-slack is not set; run `pulumi config set --secret secret:web-slack`/);
    environment.configureTenant("web", teamOf("web"));
  });

  test("a secret in plain text stops an up, and is not shown", async () => {
    environment.configure((config) => (config["secret:web-slack"] = "planted-plain-text"));
    const { code, stdout, stderr } = await environment.operate("preview");
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /secret:web-slack: is stored in plain text/);
    assert.doesNotMatch(stdout + stderr, /planted-plain-text/);
    environment.configure((config) => delete config["secret:web-slack"]);
  });

  test("no secret value stands in state, logs or previews", async () => {
    await environment.operate("preview", ["--diff"]);
    const secret = await kubernetes.get("/api/v1/namespaces/orders-flux/secrets/deploy-key");
    const privateKey = Buffer.from((secret?.data as Record<string, string>).identity!, "base64").toString("utf8");
    const encoded = Buffer.from(secrets.webhook).toString("base64");
    const planted = [secrets.webhook, encoded, "BEGIN OPENSSH PRIVATE KEY", "BEGIN PRIVATE KEY", privateKey.split("\n")[2]!, (secret?.data as Record<string, string>).identity!.slice(200, 260)];
    // The search itself must be able to find something.
    assert.ok(privateKey.includes("BEGIN OPENSSH PRIVATE KEY"));
    const stored = await kubernetes.get("/api/v1/namespaces/orders-flux/secrets/notify-orders-b42cfb");
    assert.equal((stored?.data as Record<string, string>).address, encoded);

    const files = readdirSync(environment.stateFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    assert.ok(files.length > 3);
    const texts = [["what was printed", environment.transcript], ...files.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), "utf8")])];
    for (const [where, text] of texts) {
      for (const value of planted) assert.ok(!text!.includes(value), `${where} holds ${value.slice(0, 24)}…`);
    }
  });

  test("destroy is refused while the teams' namespaces are protected, and takes nothing", async () => {
    const before = (await environment.state()).map(({ urn }) => urn);
    // As a person calls it: the preview is what refuses, before anything is deleted.
    const { code, stdout, stderr } = await environment.operate("destroy", ["--yes"]);
    assert.notEqual(code, 0);
    const refused = [...(stdout + stderr).matchAll(/::([\w-]+)" cannot be deleted\s+because it is protected/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(refused)].sort(), ["operations-sync", "orders-sync", "web-sync"]);
    assert.deepEqual((await environment.state()).map(({ urn }) => urn), before);
    assert.deepEqual(await tenantNamespaces(), ["operations", "operations-flux", "orders", "orders-flux", "web", "web-flux"]);
  });

  test("as long as the provider stays, destroy deletes piece by piece in the cluster, in an order that ends, and leaves the CRDs only", async () => {
    assert.ok((await clusterWide()).length > 20, "nothing is looked for");
    await environment.unprotect();
    await environment.destroy(["--exclude", "**::mooring-kubernetes"]);
    assert.deepEqual(await tenantNamespaces(), []);
    assert.equal(await kubernetes.get("/api/v1/namespaces/flux-system"), undefined);
    assert.deepEqual(await clusterWide(), []);
    const crds = await kubernetes.list(collectionPath("apiextensions.k8s.io/v1", "customresourcedefinitions"));
    assert.ok(crds.length >= 12 && crds.every(({ metadata }) => (metadata as { name: string }).name.endsWith(".toolkit.fluxcd.io")), crds.map(({ metadata }) => (metadata as { name: string }).name).join());
  });

  test("destroy leaves the teams' repositories only", async () => {
    await environment.destroy();
    assert.deepEqual(await environment.state(), []);
    for (const name of ["orders", "web", "operations", "shop"]) assert.ok(existsSync(join(environment.repositories, "acme", `${name}.git`)), name);
  });
});

/** A team as the stack file has it. */
function teamOf(name: string): object {
  const teams: Record<string, object> = {
    orders: {
      description: "Order service and its workers",
      owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"],
      quota: { cpu: "12", memory: "24Gi", pods: 80 },
      deploy: { path: "./releases/staging" },
    },
    web: { description: "Shop front", owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02"], deploy: { path: "./overlays/staging" } },
  };
  return teams[name]!;
}
