/** The fleet repository, and what Flux applies of it: the add-ons that are on, each with exactly its variables, and the environment's folder. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allModules } from "../../components/add-ons/catalogue.ts";
import { entraTenant, production, subscription } from "../azure.ts";
import { atGithub, keysOf, objectsIn, spec, stackOf, treated } from "../delivered.ts";

const addons = { certManager: { email: "platform@acme.example" }, externalDns: null, externalSecrets: null, gateway: null, kubePrometheusStack: null, platformAlerts: null, flagger: null };
const base = { dns: { zone: "acme.example" }, tenancy: { domain: "apps.acme.example" } };
const full = await stackOf(
  {},
  {
    ...base,
    addons,
    webhooks: { host: "hooks.apps.acme.example" },
    fleet: { repository: { teams: { oncall: "maintain" }, codeOwners: { "*": ["@acme/platform"] }, topics: ["gitops"], rules: { branches: ["prod"] }, keyRotation: 2 }, path: "./environments/lab", interval: "5m", timeout: "12m" },
  },
);
// What is said for the teams' repositories opens nothing here.
const bare = await stackOf({ orders: null }, { fleet: {}, github: { owner: "acme", teams: { developers: "push" }, rules: { enforce: false } } });
const adopted = await stackOf({}, { fleet: { repository: { adopt: true, name: "platform" }, semver: "1.x" } });
const prod = await stackOf({}, production({ ...base, addons: { certManager: addons.certManager, gateway: null }, github: { owner: "acme", managedBy: "staging" }, fleet: { repository: { codeOwners: { "*": ["@acme/platform"] } } } }), { environment: "prod" });
const kustomization = (program: typeof full, name: string) => spec(program, "Kustomization", "flux-system", name);
const substituted = (program: typeof full, name: string) => (kustomization(program, name).postBuild as { substitute: object } | undefined)?.substitute;
const files = (program: typeof full) => program.all("RepositoryFile").filter(({ name }) => name.startsWith("mooring-fleet-file/"));

describe("the fleet repository", () => {
  test("is made like any other, and stays", () => {
    const repository = bare.one("Repository", "mooring-fleet-repository");
    assert.deepEqual(repository.inputs, { name: "fleet", description: "What the platform runs in its clusters", visibility: "private", autoInit: true, topics: [], deleteBranchOnMerge: true, hasIssues: true });
    assert.deepEqual(treated(repository), { retainOnDelete: true, ignoreChanges: ["template", "autoInit"], deleteBeforeReplace: false, protect: false });
    assert.deepEqual(atGithub(bare, "mooring-fleet").filter((name) => !name.startsWith("RepositoryFile")), [
      "Repository mooring-fleet-repository", "RepositoryDeployKey mooring-fleet-deploy-key", "RepositoryRuleset mooring-fleet-rules/default-branch", "RepositoryRuleset mooring-fleet-rules/tags",
    ]);
  });

  test("has the teams, rules and topics of the settings; keys only read it", () => {
    assert.deepEqual(atGithub(full, "mooring-fleet").filter((name) => !name.startsWith("RepositoryFile")), [
      ...["Repository mooring-fleet-repository", "RepositoryDeployKey mooring-fleet-deploy-key-2", "RepositoryRuleset mooring-fleet-rules/branches", "RepositoryRuleset mooring-fleet-rules/default-branch"],
      ...["RepositoryRuleset mooring-fleet-rules/tags"],
      "TeamRepository mooring-fleet-team/oncall",
    ]);
    assert.equal(full.one("RepositoryDeployKey", "mooring-fleet-deploy-key-2").inputs.readOnly, true);
    assert.deepEqual(full.one("Repository", "mooring-fleet-repository").inputs.topics, ["gitops"]);
    const { bypassActors } = full.one("RepositoryRuleset", "mooring-fleet-rules/default-branch").inputs as { bypassActors: { actorType: string }[] };
    assert.deepEqual(bypassActors.map(({ actorType }) => actorType), ["OrganizationAdmin"]);
  });

  test("starts with every module, the environment's folder, and who reviews; then it is the platform team's", () => {
    const paths = files(full).map(({ inputs }) => String(inputs.file));
    assert.deepEqual(paths.filter((path) => !path.startsWith("addons/")).sort(), [".github/CODEOWNERS", "README.md", "environments/README.md", "environments/staging/kustomization.yaml"]);
    for (const { name } of allModules) assert.ok(paths.includes(`addons/${name}/kustomization.yaml`), name);
    assert.match(String(files(full)[0]!.inputs.content), /^\* @acme\/platform$/m);
    for (const [index, file] of files(full).entries()) {
      assert.deepEqual([file.retainOnDelete, file.ignoreChanges, file.inputs.overwriteOnCreate], [true, ["content", "overwriteOnCreate", "repository"], true], file.name);
      assert.deepEqual(file.dependsOn.filter((urn) => urn.includes("repositoryFile")), index === 0 ? [] : [files(full)[index - 1]!.urn], file.name);
    }
    assert.ok(!files(bare).some(({ inputs }) => inputs.file === ".github/CODEOWNERS"), "nobody is named");
  });

  test("that exists keeps its files; one of another environment gets this one's folder", () => {
    assert.deepEqual([files(adopted), adopted.one("Repository", "mooring-fleet-repository").importId], [[], "platform"]);
    assert.deepEqual(files(prod).map(({ inputs }) => [inputs.file, inputs.overwriteOnCreate]), [["environments/prod/kustomization.yaml", false]]);
    assert.deepEqual(atGithub(prod, "mooring-fleet"), ["RepositoryDeployKey mooring-fleet-deploy-key", "RepositoryFile mooring-fleet-file/environments/prod/kustomization.yaml"]);
  });
});

describe("Flux", () => {
  test("reads it with a key of its own, at the environment's ref", () => {
    assert.deepEqual(spec(full, "GitRepository", "flux-system", "fleet"), { url: "ssh://git@github.com/acme/fleet.git", ref: { branch: "main" }, interval: "5m", secretRef: { name: "fleet-deploy-key" } });
    assert.deepEqual([adopted, prod].map((program) => spec(program, "GitRepository", "flux-system", "fleet").ref), [{ semver: "1.x" }, { semver: ">=1.0.0" }]);
    assert.equal(spec(adopted, "GitRepository", "flux-system", "fleet").url, "ssh://git@github.com/acme/platform.git");
    assert.deepEqual(keysOf(full, "flux-system", "fleet-deploy-key"), ["identity", "identity.pub", "known_hosts"]);
  });

  test("applies it as an account of its own, which administers the cluster", () => {
    assert.deepEqual(bare.object("ServiceAccount", "flux-system", "fleet").inputs.automountServiceAccountToken, false);
    const { roleRef, subjects } = bare.object("ClusterRoleBinding", undefined, "mooring-fleet").inputs;
    assert.deepEqual([roleRef, subjects], [{ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" }, [{ kind: "ServiceAccount", name: "fleet", namespace: "flux-system" }]]);
  });

  test("applies the environment's folder, after everything else", () => {
    assert.deepEqual(kustomization(bare, "environment"), {
      ...{ sourceRef: { kind: "GitRepository", name: "fleet" }, path: "./environments/staging", interval: "10m", retryInterval: "2m", timeout: "10m", prune: true, wait: true, serviceAccountName: "fleet" },
      postBuild: { substitute: { environment: "staging", cluster_name: "aks-acme-staging", replicas: "1", tenant_id: entraTenant } },
    });
    assert.deepEqual(objectsIn(bare, "flux-system", /^Kustomization$/), ["Kustomization environment"]);
    const environment = kustomization(full, "environment");
    assert.deepEqual([environment.path, environment.interval, environment.timeout], ["./environments/lab", "5m", "12m"]);
    assert.deepEqual(environment.dependsOn, allModules.map(({ name }) => ({ name })));
  });

  test("applies the modules of the add-ons that are on, each after those it needs, with its own timeout", () => {
    assert.deepEqual(objectsIn(full, "flux-system", /^Kustomization$/), [...allModules.map(({ name }) => `Kustomization ${name}`), "Kustomization environment"].sort());
    assert.deepEqual(objectsIn(prod, "flux-system", /^Kustomization$/), ["cert-manager", "cert-manager-issuers", "environment", "envoy-gateway", "envoy-gateway-crds", "envoy-gateway-public"].map((name) => `Kustomization ${name}`));
    for (const { name, dependsOn, timeout } of allModules) {
      const { postBuild: _, ...rest } = kustomization(full, name);
      assert.deepEqual(rest, {
        ...{ sourceRef: { kind: "GitRepository", name: "fleet" }, path: `./addons/${name}`, interval: "5m", retryInterval: "2m", timeout, prune: true, wait: true, serviceAccountName: "fleet" },
        ...(dependsOn.length > 0 && { dependsOn: dependsOn.map((other) => ({ name: other })) }),
      });
      const registered = full.one("Kustomization", `mooring-fleet-addon/${name}`);
      for (const other of dependsOn) assert.ok(full.dependsOn(registered, full.one("Kustomization", `mooring-fleet-addon/${other}`)), `${name} after ${other}`);
    }
  });

  test("tells the module of alerts whom they reach, by the Secret that the channel has, and no other module", async () => {
    const told = await stackOf({}, { ...base, addons, fleet: {}, notify: [{ slack: "#platform", secret: "platform-slack" }] }, { secrets: ["platform-slack"] });
    const patched = allModules.flatMap(({ name }) => ((kustomization(told, name).patches ?? []) as { patch: string }[]).map(({ patch }) => [name, patch] as const));
    assert.deepEqual(patched.map(([name]) => name), ["platform-alerts"]);
    const [secret = ""] = objectsIn(told, "flux-system", /^Secret$/).filter((name) => name.startsWith("Secret notify-"));
    const [{ value }] = JSON.parse(patched[0]![1]) as [{ value: { receivers: { slackConfigs?: { apiURL: object }[] }[] } }];
    assert.deepEqual(value.receivers.flatMap(({ slackConfigs = [] }) => slackConfigs.map(({ apiURL }) => apiURL)), [{ name: secret.replace("Secret ", ""), key: "address" }]);
    assert.deepEqual(keysOf(told, "flux-system", secret.replace("Secret ", "")), ["address"]);
  });

  test("tells each module its variables and no others, with this environment's values", () => {
    const values: Record<string, string> = {
      ...{ environment: "staging", cluster_name: "aks-acme-staging", replicas: "1", domain: "apps.acme.example", receiver_host: "hooks.apps.acme.example" },
      ...{ dns_zone: "acme.example", dns_resource_group: "rg-acme-staging", subscription_id: subscription, tenant_id: entraTenant, email: "platform@acme.example" },
      ...{ cert_manager_client_id: "<id-acme-staging-cert-manager.clientId>", external_dns_client_id: "<id-acme-staging-external-dns.clientId>" },
    };
    for (const { name, variables } of allModules) {
      assert.deepEqual(substituted(full, name), variables.length === 0 ? undefined : Object.fromEntries([...variables].sort().map((variable) => [variable, values[variable]])), name);
    }
    assert.deepEqual(substituted(full, "environment"), values);
    // Without an address for webhooks there still is a name for them.
    assert.deepEqual(substituted(prod, "envoy-gateway-public"), { domain: "apps.acme.example", receiver_host: "flux.apps.acme.example", replicas: "2" });
  });

  test("comes after its release, the files and the rules", () => {
    for (const name of ["mooring-fleet-environment", "mooring-fleet-addon/cert-manager"]) {
      const one = full.one("Kustomization", name);
      for (const before of [full.one("Release", "mooring-flux"), full.one("GitRepository", "mooring-fleet-source"), full.one("ClusterRoleBinding", "mooring-fleet-account"), ...files(full), ...full.all("RepositoryRuleset")]) {
        assert.ok(full.dependsOn(one, before), `${name} after ${before.name}`);
      }
    }
    assert.ok(full.dependsOn(full.one("GitRepository", "mooring-fleet-source"), full.one("RepositoryDeployKey", "mooring-fleet-deploy-key-2")));
  });
});

test("without a fleet there is nothing of it", async () => {
  const none = await stackOf({ orders: null });
  assert.deepEqual(none.registrations.filter(({ name }) => name.startsWith("mooring-fleet")), []);
  assert.deepEqual(objectsIn(none, "flux-system", /^(GitRepository|Kustomization|Secret|ServiceAccount)$/), []);
});
