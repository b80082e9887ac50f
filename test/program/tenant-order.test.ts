/** In which order tenants come and go, and with what. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster, owners } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const pools = { apps: {}, batch: { taints: ["team=batch:NoSchedule"] } };
const tenants = { least: null, orders: { owners: [owners], notify: [{ slack: "#orders", secret: "hook" }] }, batch: { namespaces: { jobs: {}, reports: {} }, nodePool: "batch" } };
const program = await Program.of(configuration({ cluster: cluster({ pools }), tenancy: { ingressNamespace: "ingress", monitoringNamespace: "metrics" }, tenants }, { secrets: { hook: true } }));
const [release] = program.all("Release");
/** Objects of no namespace of a tenant: the roles, the admission rules and their bindings. */
const rules = program.within("mooring:tenant:Rules", "mooring-rules").filter(({ custom }) => custom);

describe("order", () => {
  test("every object of a tenant depends on the release of the chart, on the roles and on every admission rule, so all of them outlive it", () => {
    const objects = program.objects().filter(({ name }) => /^(least|orders|batch)[-/]/.test(name));
    assert.ok(objects.length > 35 && rules.length > 25, `${objects.length} objects, ${rules.length} rules`);
    for (const object of objects) {
      for (const needed of [release!, ...rules]) assert.ok(program.dependsOn(object, needed), `${object.name} does not depend on ${needed.name}`);
    }
  });

  test("no admission rule without its binding, and none bound before it is there", () => {
    const policies = program.all("ValidatingAdmissionPolicy");
    assert.ok(policies.length > 10);
    assert.deepEqual(program.all("ValidatingAdmissionPolicyBinding").map(({ name }) => name).sort(), policies.map(({ name }) => name).sort());
    for (const binding of program.all("ValidatingAdmissionPolicyBinding")) assert.ok(program.dependsOn(binding, policies.find(({ name }) => name === binding.name)!), binding.name);
  });

  test("Flux's namespace is closed before its controllers run", () => {
    const networks = program.all("NetworkPolicy").filter(({ name }) => name.startsWith("mooring-flux-"));
    assert.deepEqual(networks.map(({ inputs }) => (inputs.metadata as { name: string }).name).sort(), ["flux", "metrics", "webhooks"]);
    for (const policy of networks) assert.ok(program.dependsOn(release!, policy), policy.name);
  });

  test("the controllers have nodes as long as they run", () => {
    assert.equal(program.all("AgentPool").length, 2);
    for (const pool of program.all("AgentPool")) assert.ok(program.dependsOn(release!, pool), pool.name);
  });

  test("Flux's Kustomization comes after all else that the tenant has, and so goes first; it is protected as the namespaces are", async () => {
    const everything = {
      owners: [owners],
      editors: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e05"],
      identity: { serviceAccounts: ["orders-api"] },
      vault: true,
      sops: true,
      notify: [{ slack: "#orders", secret: "hook" }],
      namespaces: { orders: {}, "order-jobs": {}, "orders-old": { adopt: true } },
    };
    const pipelines = { deploy: { trust: [{ name: "pipeline", issuer: "https://ci.example", subject: "deploy" }], namespaces: ["orders"] } };
    const full = await Program.of(configuration({ pipelines, tenancy: { adoptable: ["orders-old"] }, tenants: { orders: everything } }, { secrets: { hook: true } }));
    const sync = full.one("Kustomization", "orders-sync");
    const others = full.registrations.filter(({ name, custom }) => custom && name.startsWith("orders") && name !== sync.name);
    assert.ok(others.length > 45, String(others.length));
    assert.deepEqual(others.filter((other) => !full.dependsOn(sync, other)).map(({ urn }) => urn), []);
    assert.equal(sync.protect, true);
  });

  test("nothing is applied before the accounts that apply it may do so, in every namespace", () => {
    for (const [tenant, namespaces] of [["least", ["least"]], ["orders", ["orders"]], ["batch", ["jobs", "reports"]]] as const) {
      const sync = program.object("Kustomization", `${tenant}-flux`, tenant);
      for (const needed of [
        ...namespaces.flatMap((namespace) => [program.object("RoleBinding", namespace, "reconciler"), program.object("ServiceAccount", namespace, "reconciler")]),
        program.object("ServiceAccount", `${tenant}-flux`, "reconciler"),
        program.object("GitRepository", `${tenant}-flux`, tenant),
      ]) {
        assert.ok(program.dependsOn(sync, needed), needed.name);
      }
    }
  });
});

describe("end", () => {
  test("what stands in a namespace goes with that namespace, and everything else with the cluster, for which its provider stands", () => {
    const provider = program.registrations.find(({ type }) => type === "pulumi:providers:kubernetes")!;
    for (const { name, inputs, deletedWith, replacementTrigger } of [...program.objects(), release!]) {
      const { namespace } = (inputs.metadata ?? {}) as { namespace?: string };
      if (namespace === undefined) assert.equal(deletedWith, provider.urn, name);
      else assert.equal(deletedWith, program.object("Namespace", undefined, namespace).urn, name);
      assert.equal(replacementTrigger, provider.inputs.clusterIdentifier, `${name} would be taken for existing after a rebuild that broke off`);
    }
  });

  test("from a cluster that exists everything is deleted, since it goes on", async () => {
    const guest = await Program.of(configuration({ cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } }, tenants: { least: null } }));
    const objects = guest.objects().filter(({ inputs }) => (inputs.metadata as { namespace?: string }).namespace === undefined);
    assert.deepEqual(objects.filter(({ inputs }) => inputs.kind === "Namespace").map(({ name }) => name).sort(), ["least-control", "least-workload", "mooring-flux-namespace"]);
    assert.equal(objects.filter(({ inputs }) => inputs.kind === "ClusterRole").length, 6);
    for (const { name, deletedWith } of [...guest.all("Release"), ...objects]) assert.equal(deletedWith, undefined, name);
  });
});
