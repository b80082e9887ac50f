/** Who may do what in a tenant's namespaces. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { administrators, grants } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const [owner, editor, viewer] = ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01", "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02", "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e03"] as const;
const program = await Program.of(
  configuration({
    tenants: {
      least: null,
      orders: { namespaces: { orders: {}, "order-jobs": {} }, owners: [owner], editors: [editor, owner], viewers: [viewer], identity: { serviceAccounts: ["api"] } },
      web: { viewers: [viewer] },
    },
    pipelines: { deploy: { namespaces: ["order-jobs"] } },
  }),
);

const apiGroup = "rbac.authorization.k8s.io";
const group = (name: string) => ({ kind: "Group", name, apiGroup });
const account = (namespace: string) => ({ kind: "ServiceAccount", name: "reconciler", namespace });

/** All bindings of a namespace: name to role and subjects. */
function bindings(of: Program, namespace: string): Record<string, [role: string, subjects: unknown]> {
  const found = of.all("RoleBinding").filter(({ inputs }) => (inputs.metadata as { namespace: string }).namespace === namespace);
  return Object.fromEntries(
    found.map(({ inputs }) => {
      const { apiGroup: of, kind, name } = inputs.roleRef as Record<string, string>;
      assert.deepEqual([of, kind], [apiGroup, "ClusterRole"]);
      return [(inputs.metadata as { name: string }).name, [name!, inputs.subjects]];
    }),
  );
}

describe("bindings", () => {
  test("a tenant without people has Flux's alone: both accounts in the workload namespace, nobody in the control namespace", () => {
    assert.deepEqual(bindings(program, "least"), { reconciler: ["mooring-tenant-reconciler", [account("least-flux"), account("least")]] });
    assert.deepEqual(bindings(program, "least-flux"), {});
  });

  test("each role in each namespace, and the accounts of all of them, since one may apply into another", () => {
    const people = { owners: ["mooring-tenant-owner", [group(owner)]], editors: ["mooring-tenant-editor", [group(editor), group(owner)]], viewers: ["mooring-tenant-viewer", [group(viewer)]] };
    const reconciler = ["mooring-tenant-reconciler", [account("orders-flux"), account("orders"), account("order-jobs")]];
    assert.deepEqual(bindings(program, "orders"), { reconciler, ...people });
    const deployers = ["mooring-tenant-reconciler", [{ kind: "User", name: "<id-acme-staging-deploy.principalId>", apiGroup }]];
    assert.deepEqual(bindings(program, "order-jobs"), { deployers, reconciler, ...people });
  });

  test("everybody of a tenant observes its control namespace, each once, and nobody has another role there", () => {
    assert.deepEqual(bindings(program, "orders-flux"), { observers: ["mooring-tenant-observer", [group(owner), group(editor), group(viewer)]] });
    assert.deepEqual(bindings(program, "web-flux"), { observers: ["mooring-tenant-observer", [group(viewer)]] });
  });

  test("all of a tenant's people may fetch a kubeconfig, each group once", () => {
    const names = Object.keys(grants(program, /^mooring-user-/)).map((name) => name.replace("mooring-user-", ""));
    assert.deepEqual(names.sort(), [administrators, editor, owner, viewer].sort());
  });

  test("nobody but Flux's controllers has a right in all namespaces", () => {
    assert.deepEqual(program.all("ClusterRoleBinding").map(({ name }) => name), ["mooring-flux-tokens"]);
  });
});

describe("accounts", () => {
  test("no account's token is put into pods", () => {
    const accounts = program.all("ServiceAccount");
    assert.equal(accounts.length, 8);
    for (const { name, inputs } of accounts) assert.equal(inputs.automountServiceAccountToken, false, name);
  });

  test("those that act as an identity say that they are Mooring's, so that no team changes them; the reconciler is known by its name", () => {
    const labels = (namespace: string, name: string) => (program.object("ServiceAccount", namespace, name).inputs.metadata as { labels?: unknown }).labels;
    assert.deepEqual(labels("orders", "api"), { "app.kubernetes.io/managed-by": "mooring" });
    assert.equal(labels("orders", "reconciler"), undefined);
    assert.throws(() => program.object("ServiceAccount", "order-jobs", "api"), /no ServiceAccount/, "identities belong to the first namespace");
  });
});

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

describe("the roles of tenants", () => {
  const roles = Object.fromEntries(program.all("ClusterRole").map(({ inputs }) => [(inputs.metadata as { name: string }).name, inputs.rules as Rule[]]));
  const tenants = Object.fromEntries(Object.entries(roles).filter(([name]) => name.startsWith("mooring-tenant-")).map(([name, rules]) => [name.replace("mooring-tenant-", ""), rules]));
  /** What a role may do with a resource. */
  const verbs = (role: string, resource: string) => (tenants[role] ?? []).filter(({ resources }) => resources.includes(resource)).flatMap((rule) => rule.verbs);
  const [read, change] = [["get", "list", "watch"], ["create", "update", "patch", "delete"]];
  const isRead = (verb: string) => read.includes(verb);

  test("are five, beside the one of Flux's controllers", () => {
    assert.deepEqual(Object.keys(roles).sort(), [
      ...["mooring-flux-tokens", "mooring-tenant-editor", "mooring-tenant-observer", "mooring-tenant-owner", "mooring-tenant-reconciler", "mooring-tenant-viewer"],
    ]);
  });

  test("grant nothing that leads out of a namespace's bounds", () => {
    for (const [role, rules] of Object.entries(tenants)) {
      for (const { apiGroups, resources, verbs } of rules) {
        assert.ok(![...apiGroups, ...resources, ...verbs].includes("*"), `${role} has a wildcard`);
        for (const resource of resources) {
          assert.ok(!/\/(status|token|finalizers|eviction|binding|proxy|approval)$/.test(resource), `${role}: ${resource}`);
          const bounds = ["networkpolicies", "roles", "rolebindings", "resourcequotas", "limitranges", "namespaces", "endpoints", "endpointslices", "events"];
          assert.ok(verbs.every(isRead) || !bounds.includes(resource), `${role} writes ${resource}`);
          const elsewhere = ["nodes", "persistentvolumes", "storageclasses", "clusterroles", "customresourcedefinitions", "validatingadmissionpolicies", "buckets", "imageupdateautomations"];
          assert.ok(!elsewhere.includes(resource) || (role === "observer" && ["imageupdateautomations", "buckets"].includes(resource) && verbs.every(isRead)), `${role}: ${resource}`);
        }
        for (const verb of ["impersonate", "escalate", "bind", "deletecollection", "approve", "sign"]) assert.ok(!verbs.includes(verb), `${role}: ${verb}`);
      }
    }
  });

  test("secrets: read by owners and Flux, written but not read by editors, hidden from all others", () => {
    assert.deepEqual(Object.fromEntries(Object.keys(tenants).map((role) => [role, verbs(role, "secrets")])), {
      reconciler: [...read, ...change],
      owner: [...read, ...change],
      // The answers to a patch that changes nothing and to a delete that waits have the contents.
      editor: change.filter((verb) => verb !== "patch" && verb !== "delete"),
      viewer: [],
      observer: [],
    });
  });

  test("pods: entered by owners, restarted by owners and editors, made by nobody, since workloads make them", () => {
    const entering = ["pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers"];
    for (const role of Object.keys(tenants)) {
      for (const resource of entering) assert.equal(verbs(role, resource).length > 0, role === "owner", `${role}: ${resource}`);
      assert.deepEqual(verbs(role, "pods").filter((verb) => !isRead(verb)), ["owner", "editor"].includes(role) ? ["delete"] : [], role);
    }
  });

  test("viewers and observers only look", () => {
    for (const role of ["viewer", "observer"]) assert.deepEqual(tenants[role]!.flatMap((rule) => rule.verbs).filter((verb) => !isRead(verb)), [], role);
  });

  test("an observer sees Flux's objects and what happened to them, and nothing else of the control namespace", () => {
    const groups = [...new Set(tenants.observer!.flatMap(({ apiGroups }) => apiGroups))];
    assert.deepEqual(groups.filter((name) => !name.endsWith(".toolkit.fluxcd.io")).sort(), ["", "events.k8s.io"]);
    assert.deepEqual(tenants.observer!.filter(({ apiGroups }) => apiGroups.includes("")).flatMap(({ resources }) => resources).sort(), ["events", "namespaces"]);
  });

  test("a namespace is got by its name, never listed with the names of others", () => {
    for (const role of Object.keys(tenants)) assert.deepEqual(verbs(role, "namespaces"), ["get"], role);
  });
});
