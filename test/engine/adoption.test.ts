/**
 * A tenant's namespaces on the real engine: a second one, one that was there before, what of them a change elsewhere touches,
 * and the rules that hold in them. Each test goes on where the one before ended.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { policies } from "../../components/tenant/admission/policies.ts";
import { waitUntil } from "../../local/processes.ts";
import type { Values } from "../../local/standins/contract.ts";
import { metadataOf } from "../../local/standins/kubernetes/object.ts";
import { settings } from "../settings.ts";
import { Environment } from "./environment.ts";
import { planOf } from "./plans.ts";
import type { Settings } from "./plans.ts";
import { namesIn, substance, tenantNamespaces, world } from "./world.ts";

const environment = await Environment.open("staging");
const { kubernetes } = environment;
after(() => environment.close());

const web = { owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02"] };
const shop = { owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e04"], identity: { serviceAccounts: ["shop-api"] } };
const level = "pod-security.kubernetes.io/enforce";

const tenants = (entries: Record<string, object>): void => environment.configure((config) => (config.tenants = entries));

async function planned(changes: Settings = {}): Promise<string[]> {
  const { code, steps, output } = await planOf(environment, changes);
  assert.equal(code, 0, output);
  return steps;
}

/** Each resource once, without the places that change in it. */
const resources = (steps: string[]): string[] => [...new Set(steps.map((step) => step.replace(/: .*/, "")))].sort();
/** What each of a tenant's further namespaces has, as its resources are called. */
const parts = (prefix: string): string[] => [
  ...["LimitRange limits", "NetworkPolicy traffic", "ResourceQuota quota", "RoleBinding owners", "RoleBinding reconciler", "ServiceAccount workload-reconciler"].map((part) => part.replace(" ", ` ${prefix}-`)),
];
/** What changes of a tenant by a further namespace: who belongs together, and how the quota is shared. */
const regrouped = ["Kustomization shop-sync", "Namespace shop-control", "Namespace shop-workload", "NetworkPolicy shop-traffic", "ResourceQuota shop-quota", "RoleBinding shop-reconciler"].map((one) => `update ${one}`);

const live = async (namespace: string): Promise<Values> => substance((await kubernetes.get(`/api/v1/namespaces/${namespace}`)) ?? assert.fail(`${namespace} is gone`));

before(async () => {
  environment.configure((config) => Object.assign(config.tenancy as object, { adoptable: ["legacy", "lost"] }));
  tenants({ web, shop });
  await environment.up();
});

describe("a change elsewhere", () => {
  test("of everything's tags touches nothing in the cluster, although the namespaces name the registry's host", async () => {
    const { annotations } = metadataOf(await live("shop")) as { annotations: Record<string, string> };
    assert.match(annotations["mooring.platform/images"]!, /^cracmestaging[a-z0-9]{6}\.azurecr\.io\/shop,/);
    const kinds = (await planned({ "azure.tags": { "cost-centre": "4711" } })).map((step) => step.split(" ").slice(0, 2).join(" "));
    assert.deepEqual([...new Set(kinds)], ["AgentPool", "ManagedCluster", "Registry", "ResourceGroup", "UserAssignedIdentity", "VirtualNetwork", "Workspace"].map((kind) => `update ${kind}`));
  });

  test("of the registry touches the registry alone", async () => {
    assert.deepEqual(resources(await planned({ "registry.sku": "Premium", "registry.retentionDays": 30 })), ["update Registry mooring-registry"]);
  });
});

describe("a second namespace", () => {
  test("is created, and what the tenant has is regrouped in place", async () => {
    tenants({ web, shop: { ...shop, namespaces: { shop: null, batch: null } } });
    const steps = resources(await planned());
    assert.deepEqual(steps, [...parts("shop/batch"), "Namespace shop/batch-workload"].map((part) => `create ${part}`).concat(regrouped).sort());
    const before = await live("shop");
    await environment.up();
    assert.deepEqual(await planned(), []);
    assert.equal(metadataOf(await live("shop")).uid, metadataOf(before).uid);
    // By name it comes before the first one, where the identity's account must stay.
    assert.deepEqual(await namesIn(environment, "batch"), ["limitranges tenant", "networkpolicies tenant", "resourcequotas tenant", "rolebindings owners", "rolebindings reconciler", "serviceaccounts reconciler"]);
  });

  test("cannot be taken away while it is protected", async () => {
    const before = await world(environment, ["shop", "shop-flux", "batch"]);
    const { code, refused, output } = await planOf(environment, { "tenants.shop.namespaces": undefined });
    assert.notEqual(code, 0);
    assert.deepEqual(refused, ["delete Namespace shop/batch-workload"], output);
    assert.deepEqual(await world(environment, ["shop", "shop-flux", "batch"]), before);
  });

  test("goes where the tenant says that it is not", async () => {
    tenants({ web, shop: { ...shop, namespaces: { shop: null, batch: null }, protect: false } });
    await environment.up();
    tenants({ web, shop: { ...shop, protect: false } });
    assert.deepEqual(resources(await planned()), [...parts("shop/batch"), "Namespace shop/batch-workload"].map((part) => `delete ${part}`).concat(regrouped).sort());
    await environment.up();
    assert.deepEqual(await tenantNamespaces(environment), ["shop", "shop-flux", "web", "web-flux"]);
  });
});

describe("a namespace that was there before", () => {
  const adopting = { web, shop: { ...shop, protect: false, namespaces: { shop: null, legacy: { adopt: true } } } };
  let before_: Values;

  test("must be there: the preview says so, and no up makes it", async () => {
    const before = await world(environment, ["shop", "shop-flux"]);
    tenants({ web, shop: { ...shop, protect: false, namespaces: { shop: null, lost: { adopt: true } } } });
    const { code, output } = await planOf(environment, {});
    assert.notEqual(code, 0);
    assert.match(output, /resource 'lost' does not exist/);
    const up = await environment.operate("up", ["--yes"]);
    assert.notEqual(up.code, 0);
    assert.match(up.stdout + up.stderr, /Namespace \(shop\/lost-workload-found\):\s+error: Preview failed: resource 'lost' does not exist/);
    assert.deepEqual(await world(environment, ["shop", "shop-flux"]), before);
    assert.notEqual((await environment.operate("up", ["--yes", "--skip-preview"])).code, 0);
    assert.equal(await kubernetes.get("/api/v1/namespaces/lost"), undefined);
    tenants({ web, shop: { ...shop, protect: false } });
    await environment.up();
  });

  test("is adopted with what is in it: foreign labels stay, ours come over them", async () => {
    const metadata = { name: "legacy", labels: { team: "legacy", [level]: "privileged" }, annotations: { contact: "someone@acme.example" } };
    await kubernetes.apply("/api/v1/namespaces/legacy", { apiVersion: "v1", kind: "Namespace", metadata }, { fieldManager: "someone" });
    await kubernetes.create("/api/v1/namespaces/legacy/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs" }, data: { kept: "yes" } });
    before_ = await live("legacy");
    tenants(adopting);
    assert.deepEqual(resources(await planned()), [...parts("shop/legacy"), "NamespacePatch shop/legacy-workload"].map((part) => `create ${part}`).concat(regrouped).sort());
    await environment.up();
    assert.deepEqual(await planned(), []);
    const { uid, labels, annotations } = metadataOf(await live("legacy")) as { uid: string; labels: Record<string, string>; annotations: Record<string, string> };
    assert.equal(uid, metadataOf(before_).uid);
    assert.equal(annotations.contact, "someone@acme.example");
    assert.equal(annotations["mooring.platform/namespaces"], "shop,legacy");
    assert.deepEqual(labels, {
      "kubernetes.io/metadata.name": "legacy",
      "mooring.platform/namespace": "workload",
      "toolkit.fluxcd.io/tenant": "shop",
      [level]: "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
      team: "legacy",
    });
    assert.ok((await namesIn(environment, "legacy")).includes("configmaps theirs"));
  });

  test("has the tenant's bounds from then on: pod security and the rules refuse what they refuse elsewhere", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "root" }, spec: { containers: [{ name: "a", image: "mcr.microsoft.com/a:1", securityContext: { privileged: true } }] } };
    const post = (kind: string, body: Values) => kubernetes.request("POST", `/api/v1/namespaces/legacy/${kind}`, { query: { dryRun: "All" }, body });
    assert.match((await post("pods", pod)).text, /violates PodSecurity \\"restricted:latest\\"/);
    assert.ok(await waitUntil(async () => /may have Services of the type/.test((await post("services", external)).text), 60_000));
  });

  test("taken from the tenant, stays with what is in it; ours goes, and what ours took the place of does not come back", async () => {
    tenants({ web, shop: { ...shop, protect: false } });
    const ours = [...parts("shop/legacy"), "NamespacePatch shop/legacy-workload"].map((part) => `delete ${part}`);
    // That it was looked for is forgotten.
    assert.deepEqual(resources(await planned()), [...ours, "discard Namespace shop/legacy-workload-found", ...regrouped].sort());
    await environment.up();
    await isLeft();
  });

  test("stays likewise when the whole tenant is removed", async () => {
    tenants(adopting);
    await environment.up();
    assert.equal((metadataOf(await live("legacy")).labels as Values)[level], "restricted");
    tenants({ web });
    await environment.up();
    await isLeft();
    assert.deepEqual(await tenantNamespaces(environment), ["web", "web-flux"]);
    assert.deepEqual(await planned(), []);
  });

  async function isLeft(): Promise<void> {
    const now = await live("legacy");
    const { [level]: _, ...labels } = metadataOf(before_).labels as Values;
    assert.deepEqual(metadataOf(now), { ...metadataOf(before_), labels });
    assert.deepEqual(await namesIn(environment, "legacy"), ["configmaps theirs"]);
  }
});

const external: Values = { apiVersion: "v1", kind: "Service", metadata: { name: "out" }, spec: { type: "ExternalName", externalName: "elsewhere.example" } };

describe("the admission rules", () => {
  const post = () => kubernetes.request("POST", "/api/v1/namespaces/web/services", { body: external });

  test("deny a bad object in a tenant's namespace", async () => {
    const { status, text } = await post();
    assert.equal(status, 403, text);
    assert.match(text, /ValidatingAdmissionPolicy 'mooring-tenant-services'[^]*this tenant may have Services of the type ClusterIP/);
  });

  test("with admission: Audit let it pass, after an update of each binding and of nothing else", async () => {
    environment.configure((config) => Object.assign(config.tenancy as object, { admission: "Audit" }));
    const rules = policies(settings()).map(({ name }) => name);
    assert.ok(rules.length >= 10);
    assert.deepEqual(resources(await planned()), rules.map((name) => `update ValidatingAdmissionPolicyBinding mooring-rules-${name}`).sort());
    await environment.up();
    assert.ok(await waitUntil(async () => (await post()).status !== 403, 60_000), "it is still denied after 60 s");
    assert.ok(await kubernetes.get("/api/v1/namespaces/web/services/out"));
    assert.deepEqual(await warningsOf({ ...external, metadata: { name: "again" } }), ["services"]);
  });

  /** The rules that warn of an object that is made. */
  async function warningsOf(body: Values): Promise<string[]> {
    const { credentials, headers } = await kubernetes.identity();
    const path = "/api/v1/namespaces/web/services?dryRun=All";
    const response = await kubernetes.transport.open({ method: "POST", path, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body), credentials });
    response.resume();
    return [...String(response.headers.warning).matchAll(/ValidatingAdmissionPolicy 'mooring-tenant-(\w+)'/g)].map(([, name]) => name!);
  }
});
