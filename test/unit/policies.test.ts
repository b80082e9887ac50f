import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { projectRoot } from "../../cli/arguments.ts";
import { tokenRules, tokenUsers } from "../../components/flux/token-rights.ts";
import { roleNames } from "../../components/tenant/labels.ts";
import { addOns } from "../../components/add-ons/catalogue.ts";
import type { AddOnName } from "../../components/add-ons/catalogue.ts";
import { roleRules } from "../../components/tenant/roles.ts";
import { excess } from "../../policies/role-rules.ts";
import { rules } from "../../policies/rules.ts";
import { isExact } from "../../policies/rules/pinned-versions.ts";
import { evaluateStacks } from "../conformance/stacks.ts";
import { ask, unknown } from "../policy-check.ts";
import type { Example } from "../policy-check.ts";

/** What a rule says of each example, in words of its message; nothing: it lets the example pass. */
type Expectation = [what: string, example: Example, ...said: RegExp[]];

const registry = (props: object): Example => ({ type: "azure-native:containerregistry:Registry", props: { registryName: "cracme", ...props } });
const cluster = (props: object): Example => ({ type: "azure-native:containerservice:ManagedCluster", props: { resourceName: "aks", ...props } });
const release = (version: string | undefined, values: object = {}): Example => ({ type: "kubernetes:helm.sh/v3:Release", props: { chart: "flux2", ...(version !== undefined && { version }), values } });
const rbac = (kind: string, props: Record<string, unknown>, urn?: string): Example => ({ type: `kubernetes:rbac.authorization.k8s.io/v1:${kind}`, props, urn });
const binding = (namespace: string | undefined, role: string, subjects: object[], roleKind = "ClusterRole"): Example =>
  rbac(namespace === undefined ? "ClusterRoleBinding" : "RoleBinding", { metadata: { name: "b", namespace }, roleRef: { kind: roleKind, name: role }, subjects });
const role = (name: string, rules: object[], more: object = {}): Example => rbac("ClusterRole", { metadata: { name }, rules, ...more });
const account = (namespace: string) => ({ kind: "ServiceAccount", name: "reconciler", namespace });
const group = (name: string) => ({ kind: "Group", name });
const team = group("7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01");
const ofTenant = (example: Example): Example => ({ ...example, urn: `urn:pulumi:staging::mooring::mooring:index:Platform$mooring:tenant:Tenant$${example.type}::orders-b` });
const assignment = (role: string): Example => ({
  type: "azure-native:authorization:RoleAssignment",
  props: { roleDefinitionId: role === unknown ? unknown : `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role}`, principalId: "p" },
});
const tagged = (type: string, tier: string | undefined, protect: boolean): Example => ({ type: `azure-native:${type}`, props: { tags: tier === undefined ? {} : { tier } }, protect });
const digest = `sha256:${"a1".repeat(32)}`;

const expectations: Record<string, Expectation[]> = {
  "registry-admin-user": [
    ["off", registry({ adminUserEnabled: false })],
    ["not said, which Azure takes for off", registry({})],
    ["on", registry({ adminUserEnabled: true }), /^Set adminUserEnabled to false/],
    ["not known yet", registry({ adminUserEnabled: unknown }), /^not known: .*adminUserEnabled/],
  ],
  "cluster-local-accounts": [
    ["off", cluster({ disableLocalAccounts: true })],
    ["on", cluster({ disableLocalAccounts: false }), /^Set disableLocalAccounts to true/],
    ["not said, which AKS takes for on", cluster({}), /^Set disableLocalAccounts to true/],
  ],
  "tenant-rights": [
    ["a tenant's role in its namespace", binding("orders", "mooring-tenant-owner", [team])],
    ...Object.values(roleNames).map((name): Expectation => [`${name} in its namespace`, binding("orders", name, [team])]),
    ["a role called like a tenant's, which Mooring does not make", binding("orders", "mooring-tenant-admin", [team]), /ClusterRole mooring-tenant-admin in orders, a tenant's; bind one of the ClusterRoles mooring-tenant-reconciler, /],
    ["Flux's right to mint tokens, for Flux", role("mooring-flux-tokens", tokenRules)],
    ["Flux's right to mint tokens, given to Flux", binding(undefined, "mooring-flux-tokens", tokenUsers.map((name) => ({ kind: "ServiceAccount", name, namespace: "flux-system" })))],
    ["Flux's right to mint tokens in a tenant's role", role("mooring-tenant-reconciler", tokenRules), /^It lets a tenant mint tokens\.$/],
    ["Flux's right to mint tokens, given to a tenant's account", binding(undefined, "mooring-flux-tokens", [account("orders-flux")]), /orders-flux\/reconciler the rights of mooring-flux-tokens in every namespace/],
    ["Flux's right to mint tokens, in a tenant's namespace", binding("orders", "mooring-flux-tokens", [account("orders-flux")]), /ClusterRole mooring-flux-tokens in orders/],
    ["Flux's right to mint tokens, given to people by a tenant's component", ofTenant(binding(undefined, "mooring-flux-tokens", [team])), /Group 7d1c5a0e-\S+ the rights of mooring-flux-tokens/],
    ["cluster-admin in a tenant's namespace", binding("orders", "cluster-admin", [team]), /ClusterRole cluster-admin in orders/],
    ["admin in a tenant's control namespace", binding("orders-flux", "admin", [team]), /ClusterRole admin in orders-flux/],
    ["edit for Flux in the tenant's name", binding("orders", "edit", [account("orders-flux")]), /ClusterRole edit in orders/],
    ["a Role of the same name, which is another one", binding("orders", "mooring-tenant-owner", [team], "Role"), /Role mooring-tenant-owner in orders/],
    ["a platform's account in a platform's namespace", binding("flux-system", "admin", [account("flux-system")])],
    ["a tenant's account in a platform's namespace", binding("flux-system", "view", [account("orders")]), /ServiceAccount orders\/reconciler rights in flux-system/],
    ["a tenant's people in a platform's namespace", ofTenant(binding("flux-system", "view", [team])), /Group 7d1c5a0e-\S+ rights in flux-system/],
    ["cluster-admin for a platform's account", binding(undefined, "cluster-admin", [account("flux-system")])],
    ["cluster-admin for a tenant's account", binding(undefined, "cluster-admin", [account("orders")]), /ServiceAccount orders\/reconciler the rights of cluster-admin in every namespace/],
    ["a tenant's own role everywhere", binding(undefined, "mooring-tenant-owner", [account("orders")]), /mooring-tenant-owner in every namespace/],
    ["cluster-admin for people, by a tenant's component", ofTenant(binding(undefined, "cluster-admin", [team])), /Group 7d1c5a0e-\S+ the rights of cluster-admin/],
    ["all accounts of a tenant", binding(undefined, "view", [group("system:serviceaccounts:orders")]), /system:serviceaccounts:orders/],
    ["all accounts of the platform's namespace", binding(undefined, "view", [group("system:serviceaccounts:flux-system")])],
    ["one account of a tenant by its user name", binding(undefined, "view", [{ kind: "User", name: "system:serviceaccount:orders:default" }]), /User system:serviceaccount:orders:default/],
    ["everybody", binding(undefined, "view", ["system:serviceaccounts", "system:authenticated", "system:unauthenticated"].map(group)), /serviceaccounts/, /:authenticated/, /unauthenticated/],
    ["a tenants' role within bounds", role("mooring-tenant-owner", [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "delete"] }])],
    ["cluster-admin by the name of a tenants' role", role("mooring-tenant-owner", [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]), /lets a tenant do \* on \* of \*, by a \*/],
    ["a tenants' role made of others", role("mooring-tenant-owner", [], { aggregationRule: { clusterRoleSelectors: [] } }), /takes in the rules of other roles/],
    ["a role that is nobody's business here", role("operator", [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }])],
    ["a role on the registry", assignment("7f951dda-4ed3-4680-a7ca-43fe172d538d")],
    ["the Azure role that is cluster-admin", assignment("B1FF04BB-8a4e-4dc4-8eb5-8693973ce19b"), /makes somebody Azure Kubernetes Service RBAC Cluster Admin/],
    ["Owner", assignment("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"), /makes somebody Owner/],
    ["an Azure role on what does not exist yet", assignment(unknown)],
  ],
  "pinned-versions": [
    ["a chart with images", release("2.18.3", { cli: { tag: "v2.8.8" }, sourceController: { tag: "v1.8.5" }, image: `ghcr.io/fluxcd/flux-cli@${digest}` })],
    ["no version of the chart", release(undefined), /chart flux2 has no version/],
    ["a range", release("2.x"), /has the version 2\.x/],
    ["a range that looks exact", release("~2.18.3"), /has the version ~2\.18\.3/],
    ["a tag that moves", release("2.18.3", { sourceController: { tag: "latest" } }), /^values\.sourceController\.tag is "latest"/],
    ["a minor version's tag, in a list", release("2.18.3", { extra: [{ image: { tag: "v1.8" } }] }), /^values\.extra\.0\.image\.tag is "v1\.8"/],
    ["a tag that is read as a number", release("2.18.3", { cli: { tag: 2.8 } }), /^values\.cli\.tag is "2\.8"/],
    ["an image with a tag that moves", release("2.18.3", { image: "registry.acme.example:5000/tools:stable" }), /^values\.image is "registry/],
    ["an image with an exact tag, from a registry with a port", release("2.18.3", { image: "registry.acme.example:5000/tools:1.2.3" })],
    ["an image without a tag, whose tag stands elsewhere", release("2.18.3", { image: "registry.acme.example:5000/tools", tag: "1.2.3" })],
    ["an empty tag, for which the chart has its own", release("2.18.3", { cli: { tag: "" }, test: { tag: null } })],
  ],
  "production-protection": ["resources:ResourceGroup", "containerservice:ManagedCluster", "containerregistry:Registry", "dns:Zone", "keyvault:Vault"].flatMap((type): Expectation[] => [
    [`${type}, protected`, tagged(type, "production", true)],
    [`${type}, not protected in production`, tagged(type, "production", false), /^Its tag tier is production; pass the option protect/],
    [`${type}, not protected elsewhere`, tagged(type, "nonproduction", false)],
    [`${type}, which does not say where it belongs`, tagged(type, undefined, false), /^It has no tag tier, so it counts as production/],
    [
      `${type} of a tenant that has left, not protected in production`,
      { type: `azure-native:${type}`, props: { tags: { tier: "production", "tenant-state": "left" } }, protect: false },
      ...(type === "keyvault:Vault" ? [] : [/^Its tag tier is production/]),
    ],
  ]),
};

for (const rule of rules) {
  describe(rule.name, () => {
    const examples = expectations[rule.name] ?? [];

    test("has an example that passes and one that does not", () => {
      assert.ok(examples.some(([, , ...said]) => said.length === 0));
      assert.ok(examples.some(([, , ...said]) => said.length > 0));
    });

    for (const [what, example, ...expected] of examples) {
      test(what, async () => {
        const { applies, said } = await ask(rule, example);
        assert.ok(applies);
        assert.equal(said.length, expected.length, said.join("\n"));
        for (const [index, words] of expected.entries()) assert.match(said[index]!, words);
      });
    }

    test("says nothing of a resource of another type", async () => {
      assert.deepEqual(await ask(rule, { type: "random:index/randomString:RandomString", props: { length: 6 } }), { applies: false, said: [] });
    });
  });
}

describe("all resources of all stacks", async () => {
  const resources = (await evaluateStacks()).flatMap(({ name, program }) => program.registrations.map((registration) => ({ ...registration, name: `${name}: ${registration.name}` })));

  for (const rule of rules) {
    test(`pass ${rule.name}, and some of them are its business`, async () => {
      let business = 0;
      for (const { type, inputs, urn, protect, name } of resources) {
        const { applies, said } = await ask(rule, { type, props: inputs, urn, protect });
        assert.deepEqual(said, [], name);
        if (applies) business++;
      }
      assert.ok(business > 0);
    });
  }
});

test("every file of rules/ is in the pack, each rule has a name of its own, and none is advisory", () => {
  const files = readdirSync(join(projectRoot, "policies/rules"));
  assert.deepEqual(rules.map(({ name }) => `${name}.ts`).sort(), files.sort());
  const levels = rules.map(({ enforcementLevel }: ResourceValidationPolicy) => enforcementLevel);
  assert.ok(levels.every((level) => level === undefined || level === "mandatory"), "the pack's own level is mandatory");
});

test("a version is exact with three numbers, or with the digest of what it names", () => {
  for (const version of ["1.2.3", "v1.2.3", "1.2.3-rc.1", "2.8.8+build.4", digest, `v1.2.3@${digest}`]) assert.ok(isExact(version), version);
  for (const version of [undefined, "", "latest", "1", "1.2", "1.2.x", ">=1.2.3", "1.2.3 - 1.3.0", "main", "sha256:abc"]) assert.ok(!isExact(version), version);
});

test("each right beyond a tenant's bounds is told", () => {
  const rule = (resources: string[], verbs: string[], apiGroups = ["rbac.authorization.k8s.io"]) => ({ apiGroups, resources, verbs });
  assert.deepEqual(excess(rule(["networkpolicies", "rolebindings"], ["get", "list", "watch"])), []);
  assert.deepEqual(excess(rule(["pods/exec"], ["create"], [""])), []);
  assert.deepEqual(excess(rule(["networkpolicies"], ["delete"])), ["open its network"]);
  assert.deepEqual(excess(rule(["roles", "rolebindings"], ["create", "bind"])), ["bind roles, rolebindings", "make itself roles", "give its rights away"]);
  assert.deepEqual(excess(rule(["users"], ["impersonate"], [""])), ["impersonate users"]);
  assert.deepEqual(excess(rule(["serviceaccounts/token"], ["create"], [""])), ["mint tokens"]);
  assert.deepEqual(excess(rule(["kustomizations/status"], ["patch"])), ["write kustomizations/status"]);
  assert.deepEqual(excess(rule(["secrets"], ["*"], [""])), ["do * on secrets of the core group, by a *"]);
  assert.deepEqual(excess({ verbs: ["get"] }), []);
  assert.deepEqual(excess(rule(["endpoints", "endpointslices", "events"], ["get", "list", "watch"], [""])), []);
  assert.deepEqual(excess(rule(["endpointslices"], ["patch"], ["discovery.k8s.io"])), ["lead its Services to others' addresses"]);
  assert.deepEqual(excess(rule(["events"], ["create"], [""])), ["make up what happened"]);
  assert.deepEqual(excess(rule(["imageupdateautomations"], ["update"], ["image.toolkit.fluxcd.io"])), ["have Flux write into a repository"]);
  assert.deepEqual(excess(rule(["kustomizations/finalizers", "pods/binding"], ["update"], [""])), ["write kustomizations/finalizers", "choose the nodes of its pods"]);
});

test("the roles that Mooring makes for tenants keep within these bounds, and with one right more would not", () => {
  for (const [part, rules] of Object.entries(roleRules(Object.keys(addOns) as AddOnName[]))) {
    assert.deepEqual(rules.flatMap(excess), [], part);
    for (const one of [...tokenRules, { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["delete"] }]) assert.equal([...rules, one].flatMap(excess).length, 1, part);
  }
});
