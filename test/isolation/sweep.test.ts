/**
 * For every two tenants, everybody who acts for one, and everything the API server knows: nobody has a right in the other's namespaces,
 * or in the cluster. The API server's own authorizer says so, not our reading of the roles.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { configuration, settings } from "../settings.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { covers, inParallel, mayUser, rulesOf, verbs } from "./sweep/authorizer.ts";
import type { Resource, Rule } from "./sweep/authorizer.ts";
import { right, Sweep, told } from "./sweep/sweep.ts";
import { auditors, namespacesOf, stack, strangers } from "./sweep/tenants.ts";

let lab: Lab;
let sweep: Sweep;
before(async () => {
  lab = await openLab(configuration(stack));
  sweep = await Sweep.of(lab, settings(stack));
});
// Where it could not be opened, that alone is to be told.
after(() => lab?.close());

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const reads = ["get", "list", "watch"];
const writesOf = (rule: Rule): string[] => rule.verbs.filter((verb) => !reads.includes(verb));
const may = (rules: Rule[], verb: string, group: string, resource: string) => rules.some((rule) => covers(rule, verb, { group, resource }));

/** The platform's own, Kubernetes', and one that nobody has made. */
const others = ["default", "kube-system", "kube-public", "flux-system", "ingress"];

describe("between tenants", () => {
  test("nobody who acts for one has a right in another's namespaces", async (t) => {
    const start = performance.now();
    const { asked, leaks, own } = await sweep.acrossTenants();
    assert.deepEqual(told(leaks), []);
    // What was set aside is there, and no more than that: the auditors' group reads in both of its tenants.
    const shared = own.filter(({ subject }) => subject.part !== "pipeline");
    const expected = [["payments", "orders-flux", "orders", "orders-jobs", "orders-legacy"], ["orders", "payments-flux", "payments"]];
    assert.deepEqual(
      shared.map(({ subject, namespace }) => `${subject.tenant} in ${namespace}`).sort(),
      expected.flatMap(([tenant, ...namespaces]) => namespaces.map((namespace) => `${tenant} in ${namespace}`)).sort(),
    );
    for (const { subject, rules } of shared) {
      assert.ok(subject.groups.includes(auditors));
      assert.deepEqual(rules.flatMap(writesOf), []);
    }
    const count = sweep.settings.tenants.length;
    t.diagnostic(`${count * (count - 1)} pairs of ${count} tenants, ${sweep.subjects.length} subjects, ${asked} rules reviews (all verbs and resources each) in ${seconds(start)}`);
  });

  test("nor a right in the platform's namespaces, or in the cluster, that a stranger lacks", async (t) => {
    const start = performance.now();
    const questions = others.flatMap((namespace) => sweep.subjects.map((subject) => ({ subject, namespace })));
    assert.deepEqual(told((await sweep.beyondStrangers(questions)).filter(({ rules }) => rules.length > 0)), []);
    // A stranger's rights name no object but oneself; an account may also read where tokens are checked.
    const [person, account] = await Promise.all([strangers.person, strangers.account].map((stranger) => rulesOf(lab.admin, stranger, "default")));
    const objects = person!.flatMap(({ resources = [] }) => resources);
    assert.deepEqual([...new Set(objects)].sort(), ["selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews"]);
    const more = account!.filter((rule) => !person!.some((known) => JSON.stringify(known) === JSON.stringify(rule)));
    assert.deepEqual(more.map(({ nonResourceURLs, verbs: given }) => [nonResourceURLs?.[0], given]), [["/.well-known/openid-configuration", ["get"]]]);
    t.diagnostic(`${questions.length} rules reviews in ${seconds(start)}`);
  });

  test("each verb on each resource by each subject of one tenant is denied in another's namespaces and in the cluster", async (t) => {
    const start = performance.now();
    const mine = sweep.subjects.filter(({ tenant, groups }) => tenant === "payments" && !groups.includes(auditors));
    assert.deepEqual([...new Set(mine.map(({ part }) => part))].sort(), ["editor", "identity", "owner", "pipeline", "pod", "reconciler", "viewer"]);
    const elsewhere = await sweep.everyRight([...mine, strangers.person], ["web-flux", "web", undefined]);
    // What is left is everybody's: to ask about oneself.
    const nobody = strangers.person.name;
    const everybodys = [...elsewhere.allowed].filter((line) => line.startsWith(`${nobody} `)).map((line) => line.slice(nobody.length));
    assert.deepEqual([...elsewhere.allowed].sort(), [...mine, strangers.person].flatMap(({ name }) => everybodys.map((line) => name + line)).sort());
    assert.ok(everybodys.length > 0 && everybodys.every((line) => / may create selfsubject\w+\.auth/.test(line)), everybodys.join("\n"));

    // At home the reviews answer as the rules do that the other tests read.
    const home = await sweep.everyRight(mine, ["payments"]);
    const expected = await inParallel(mine, async (user) => {
      const rules = await rulesOf(lab.admin, user, "payments");
      const allowed = (resource: Resource) => verbs.filter((verb) => rules.some((rule) => covers(rule, verb, resource)));
      return sweep.resources.flatMap((resource) => allowed(resource).map((verb) => right(user, "payments", verb, resource)));
    });
    assert.deepEqual([...home.allowed].sort(), expected.flat().sort());
    assert.ok(home.allowed.size > 500, `only ${home.allowed.size} rights at home`);
    const [users, resources] = [mine.length, sweep.resources.length];
    t.diagnostic(`${users} subjects, ${verbs.length} verbs, ${resources} resources and subresources, 4 places: ${elsewhere.asked + home.asked} access reviews in ${seconds(start)}`);
  });
});

describe("at home", () => {
  test("nobody changes the tenant's bounds, takes another's place, or writes what controllers write", async (t) => {
    const bounds = ["namespaces", "networkpolicies", "roles", "rolebindings", "resourcequotas", "limitranges", "endpoints", "endpointslices", "leases"];
    const closed = (verb: string, { resource }: Resource): boolean =>
      ["impersonate", "bind", "escalate", "use", "*"].includes(verb) ||
      resource === "serviceaccounts/token" ||
      (!reads.includes(verb) && (bounds.includes(resource.split("/")[0]!) || /\/(status|finalizers|finalize|approval|binding|eviction|proxy)$/.test(resource)));
    // Finalizers are not served, and are asked for by name when an owner is set.
    const finalizers = sweep.resources.filter(({ resource }) => !resource.includes("/")).map(({ group, resource }) => ({ group, resource: `${resource}/finalizers` }));
    const asked = [...sweep.resources, ...finalizers].flatMap((resource) => [...verbs, "*"].filter((verb) => closed(verb, resource)).map((verb) => ({ verb, resource })));
    assert.ok(asked.length > 1000);
    const found = await sweep.atHome();
    const broken = found.flatMap(({ subject, namespace, rules }) =>
      asked.filter(({ verb, resource }) => rules.some((rule) => covers(rule, verb, resource))).map(({ verb, resource }) => right(subject, namespace, verb, resource)),
    );
    assert.deepEqual(broken, []);
    t.diagnostic(`${asked.length} rights that nobody has, in ${found.length} pairs of subject and namespace`);
  });

  test("in the control namespace people read, without secrets, and nobody else has any right", async () => {
    const found = (await sweep.atHome()).filter(({ namespace }) => sweep.tenantOf(namespace).controlNamespace === namespace);
    for (const { subject, namespace, rules } of found) {
      const { state } = sweep.tenantOf(namespace);
      const mayLook = ["owner", "editor", "viewer"].includes(subject.part) && (state === "active" || state === "suspended");
      assert.equal(rules.length > 0, mayLook, `${subject.name} in ${namespace}`);
      assert.deepEqual(rules.flatMap(writesOf), [], subject.name);
      for (const resource of ["secrets", "configmaps", "serviceaccounts", "pods", "pods/log"]) {
        assert.ok(!reads.some((verb) => may(rules, verb, "", resource)), `${subject.name} sees ${resource} in ${namespace}`);
      }
    }
    assert.ok(found.some(({ rules }) => rules.length > 0));
  });

  test("everybody has what their part needs, as long as the tenant's state gives it", async () => {
    for (const finding of await sweep.atHome()) {
      const { subject, namespace, rules } = finding;
      const { state, controlNamespace } = sweep.tenantOf(namespace);
      if (namespace === controlNamespace) continue;
      const stays = state === "active" || state === "suspended";
      const expected = {
        reconciler: { writes: state === "active", reads: state === "active" },
        pipeline: { writes: stays && sweep.isOwnRight(finding), reads: stays && sweep.isOwnRight(finding) },
        owner: { writes: stays, reads: stays },
        editor: { writes: stays, reads: stays },
        viewer: { writes: false, reads: stays },
        pod: { writes: false, reads: false },
        identity: { writes: false, reads: false },
      }[subject.part];
      const what = `${subject.name} in ${namespace} (${state})`;
      assert.deepEqual({ writes: may(rules, "create", "apps", "deployments"), reads: may(rules, "get", "apps", "deployments") }, expected, what);
      if (!expected.reads) assert.deepEqual(rules, [], what);
      if (subject.part === "editor" || subject.part === "viewer") assert.ok(!may(rules, "get", "", "secrets"), what);
    }
  });
});

describe("that the sweep can find something:", () => {
  const apiGroup = "rbac.authorization.k8s.io";
  const api = `/apis/${apiGroup}/v1`;

  /** Gives the owners of `orders` a role, sees that it is found, takes it away, and sees that it is no longer. */
  async function planted(path: string, kind: string, role: string, check: () => Promise<void>): Promise<void> {
    const owner = sweep.subjects.find(({ tenant, part }) => tenant === "orders" && part === "owner")!;
    const holds = async () => may(await rulesOf(lab.admin, owner, "web"), "list", "", "pods");
    const until = async (expected: boolean): Promise<void> => {
      const end = performance.now() + 30_000;
      while ((await holds()) !== expected) {
        assert.ok(performance.now() < end, "the authorizer has not heard of it in 30 s");
        await delay(100);
      }
    };
    const subjects = [{ kind: "Group", apiGroup, name: owner.groups[0]! }];
    await lab.admin.create(path, { apiVersion: `${apiGroup}/v1`, kind, metadata: { name: "planted" }, roleRef: { apiGroup, kind: "ClusterRole", name: role }, subjects });
    try {
      await until(true);
      await check();
    } finally {
      await lab.admin.delete(`${path}/planted`);
      await until(false);
    }
    assert.deepEqual(told((await sweep.acrossTenants()).leaks), []);
  }

  test("a binding that is planted in another tenant's namespace is found, by rules and by access reviews", async () => {
    await planted(`${api}/namespaces/web/rolebindings`, "RoleBinding", "mooring-tenant-viewer", async () => {
      const { leaks } = await sweep.acrossTenants();
      assert.deepEqual(leaks.map(({ subject, namespace }) => `${subject.tenant} ${subject.part} ${namespace}`), ["orders owner web"]);
      assert.equal(await mayUser(lab.admin, leaks[0]!.subject, "list", { group: "", resource: "pods" }, "web"), true);
    });
  });

  test("a binding in the whole cluster is found in every namespace, the platform's too", async () => {
    await planted(`${api}/clusterrolebindings`, "ClusterRoleBinding", "view", async () => {
      const { leaks } = await sweep.acrossTenants();
      const foreign = sweep.settings.tenants.filter(({ name }) => name !== "orders").flatMap(namespacesOf);
      assert.deepEqual(leaks.map(({ namespace }) => namespace).sort(), foreign.sort());
      const found = await sweep.beyondStrangers(others.map((namespace) => ({ subject: leaks[0]!.subject, namespace })));
      assert.ok(found.every(({ rules }) => rules.length > 0));
    });
  });
});
