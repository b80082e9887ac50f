/** Several namespaces of a tenant, and those that exist already. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { options } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const several = { namespaces: { orders: { share: 75 }, "order-jobs": { podSecurity: "baseline" }, "orders-old": { adopt: true } }, quota: { cpu: "10", pods: 11 }, podSecurity: "restricted" };
const tenancy = { adoptable: ["orders-old"] };
const program = await Program.of(configuration({ tenancy, tenants: { orders: several, jobs: { namespaces: { batch: {} } } } }));
const names = (of: Program, kind: string) => of.all(kind).filter(({ name }) => /^(orders|jobs)/.test(name)).map(({ name }) => name).sort();

describe("several namespaces", () => {
  test("each has quota, limits, traffic rules, an account and Flux's binding; the tenant has one control namespace and one source", () => {
    for (const [kind, suffix] of [["ResourceQuota", "quota"], ["LimitRange", "limits"], ["NetworkPolicy", "traffic"], ["RoleBinding", "reconciler"]] as const) {
      // One of the tenant's own name has the plain prefix.
      assert.deepEqual(names(program, kind), ["jobs/batch", "orders", "orders/order-jobs", "orders/orders-old"].map((prefix) => `${prefix}-${suffix}`), kind);
    }
    assert.deepEqual(names(program, "ServiceAccount").filter((name) => name.startsWith("orders")), [
      ...["orders-control-reconciler", "orders-workload-reconciler", "orders/order-jobs-workload-reconciler", "orders/orders-old-workload-reconciler"],
    ]);
    assert.deepEqual(names(program, "Namespace").filter((name) => name.startsWith("orders")), ["orders-control", "orders-workload", "orders/order-jobs-workload"]);
    assert.deepEqual([names(program, "GitRepository"), names(program, "Kustomization")], [["jobs-source", "orders-source"], ["jobs-sync", "orders-sync"]]);
  });

  test("Flux writes where a manifest says; into a single one whatever it says", () => {
    const target = (tenant: string) => (program.object("Kustomization", `${tenant}-flux`, tenant).inputs.spec as { targetNamespace?: string }).targetNamespace;
    assert.deepEqual([target("orders"), target("jobs")], [undefined, "batch"]);
  });

  test("have the tenant's quota between them, and each its own pod security level", () => {
    const quotas = ["orders", "order-jobs", "orders-old"].map((namespace) => {
      const { hard } = program.object("ResourceQuota", namespace, "tenant").inputs.spec as { hard: Record<string, string> };
      return [hard["limits.cpu"], hard["requests.memory"], hard.pods, hard.services];
    });
    // 75 percent, and 13 and 12 for those that say nothing; what rounding leaves goes to whom it took most from.
    assert.deepEqual(quotas, [["7500m", "12288Mi", "8", "30"], ["1300m", "2130Mi", "2", "5"], ["1200m", "1966Mi", "1", "5"]]);
    const level = (kind: string, name: string) => (program.object(kind, undefined, name).inputs.metadata as { labels: Record<string, string> }).labels["pod-security.kubernetes.io/enforce"];
    assert.deepEqual([level("Namespace", "orders"), level("Namespace", "order-jobs"), level("Namespace", "orders-flux")], ["restricted", "baseline", "restricted"]);
  });
});

test("identities are in the namespace of the tenant's name, else in the first by name, in whatever order the namespaces come", async () => {
  const of = async (...namespaces: string[]) => {
    const tenants = { orders: { namespaces: Object.fromEntries(namespaces.map((name) => [name, {}])), identity: { serviceAccounts: ["api"] } } };
    const { inputs } = (await Program.of(configuration({ tenants }))).one("ServiceAccount", "orders/account/api");
    return (inputs.metadata as { namespace: string }).namespace;
  };
  assert.deepEqual([await of("legacy", "orders"), await of("orders", "legacy"), await of("second", "first")], ["orders", "orders", "first"]);
});

describe("a namespace that exists", () => {
  const patch = program.one("NamespacePatch", "orders/orders-old-workload");

  test("is taken over with the labels and bounds of any other, over whatever anybody else set", () => {
    assert.equal(patch.inputs.kind, "Namespace");
    const { annotations, labels, name } = patch.inputs.metadata as { name: string; labels: unknown; annotations: Record<string, string> };
    const own = program.object("Namespace", undefined, "orders").inputs.metadata as { labels: unknown; annotations: Record<string, string> };
    assert.deepEqual({ name, labels, annotations }, { name: "orders-old", labels: own.labels, annotations: { ...own.annotations, "pulumi.com/patchForce": "true", "pulumi.com/patchFieldManager": "mooring" } });
  });

  test("is neither protected nor deleted: only Mooring's fields are taken back", () => {
    // Deleting a patch takes its fields back; the namespace itself goes with a cluster of Mooring's own alone.
    assert.deepEqual(options(patch), { replacementTrigger: patch.replacementTrigger, deletedWith: "mooring-kubernetes" });
  });

  test("keeps what nobody deletes, so what Mooring puts into it is deleted piece by piece", () => {
    const inIt = program.objects().filter(({ inputs }) => (inputs.metadata as { namespace?: string }).namespace === "orders-old");
    assert.equal(inIt.length, 5);
    for (const object of inIt) {
      assert.equal(options(object).deletedWith, "mooring-kubernetes", object.name);
      assert.ok(program.dependsOn(object, patch), object.name);
    }
  });

  test("in a cluster that exists goes with nothing at all", async () => {
    const guest = await Program.of(configuration({ cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } }, tenancy, tenants: { orders: several } }));
    for (const { name, inputs, deletedWith } of guest.objects()) {
      const { namespace, name: own } = inputs.metadata as { namespace?: string; name: string };
      if (namespace === "orders-old" || own === "orders-old") assert.equal(deletedWith, undefined, name);
    }
  });
});
