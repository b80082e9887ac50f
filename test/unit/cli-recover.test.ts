import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { report } from "../../cli/recover.ts";
import { cutOffFiles } from "../../cli/recover/cut-off.ts";
import { decide, settle, withAdopted } from "../../cli/recover/deployment.ts";
import type { Export, Operation, Resource } from "../../cli/recover/deployment.ts";
import { azureIds, identify, isKnown } from "../../cli/recover/ids.ts";
import type { PendingResource, Values } from "../../cli/recover/ids.ts";
import { holder } from "../../cli/recover/pulumi.ts";
import { readStackFile } from "../../cli/stack-file.ts";
import { rules } from "../../local/standins/azure/rules.ts";
import { rows as githubTypes } from "../../local/standins/github/rows.ts";
import { Program } from "../evaluate.ts";

const subscriptionId = "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const GROUP = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks`;

const ids: [type: string, inputs: Values, id: string][] = [
  ["azure-native:resources:ResourceGroup", { resourceGroupName: "rg" }, GROUP],
  ["azure-native:network:Subnet", { resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName: "nodes" }, `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes`],
  ["azure-native:containerservice:ManagedCluster", { resourceGroupName: "rg", resourceName: "aks" }, CLUSTER],
  ["azure-native:containerservice:AgentPool", { resourceGroupName: "rg", resourceName: "aks", agentPoolName: "apps" }, `${CLUSTER}/agentPools/apps`],
  ["azure-native:authorization:RoleAssignment", { scope: CLUSTER, roleAssignmentName: "guid" }, `${CLUSTER}/providers/Microsoft.Authorization/roleAssignments/guid`],
  ["azure-native:authorization:ManagementLockByScope", { scope: `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet`, lockName: "keep" }, `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet/providers/Microsoft.Authorization/locks/keep`],
  ["azure-native:containerservice:DeploymentSafeguard", { resourceUri: CLUSTER, level: "Warn" }, `${CLUSTER}/providers/Microsoft.ContainerService/deploymentSafeguards/default`],
  ["azure-native:monitor:DiagnosticSetting", { resourceUri: CLUSTER, name: "mooring" }, `${CLUSTER}/providers/Microsoft.Insights/diagnosticSettings/mooring`],
  ["azure-native:consumption:Budget", { scope: `subscriptions/${subscriptionId}`, budgetName: "month" }, `/subscriptions/${subscriptionId}/providers/Microsoft.Consumption/budgets/month`],
  ["kubernetes:core/v1:Namespace", { metadata: { name: "web" } }, "web"],
  ["kubernetes:core/v1:NamespacePatch", { kind: "Namespace", metadata: { name: "legacy" } }, "legacy"],
  ["kubernetes:core/v1:Secret", { metadata: { name: "deploy-key", namespace: "web-flux" } }, "web-flux/deploy-key"],
  ["kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", { metadata: { name: "web", namespace: "web-flux" } }, "web-flux/web"],
  ["kubernetes:helm.sh/v3:Release", { name: "flux", namespace: "flux-system", chart: "flux2" }, "flux-system/flux"],
  ["github:index/repository:Repository", { name: "web" }, "web"],
  ["github:index/repositoryTopics:RepositoryTopics", { repository: "web", topics: [] }, "web"],
  ["github:index/branchDefault:BranchDefault", { repository: "web", branch: "main" }, "web"],
  ["github:index/repositoryFile:RepositoryFile", { repository: "web", file: "a:b/c", branch: "main" }, "web:a??b/c:main"],
  ["github:index/teamRepository:TeamRepository", { repository: "web", teamId: "people" }, "people:web"],
  ["github:index/repositoryEnvironment:RepositoryEnvironment", { repository: "web", environment: "prod: west" }, "web:prod?? west"],
  ["github:index/actionsVariable:ActionsVariable", { repository: "web", variableName: "A" }, "web:A"],
  ["github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable", { repository: "web", environment: "a:b", variableName: "MOORING" }, "web:a??b:MOORING"],
  ["github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret", { repository: "web", environment: "prod", secretName: "TOKEN" }, "web:prod:TOKEN"],
];

const pending = (type: string, inputs: Values): PendingResource => ({ type, inputs, provider: { subscriptionId, owner: "acme" } });

describe("the id of a resource that was being created", () => {
  for (const [type, inputs, id] of ids) test(type, () => assert.deepEqual(identify(pending(type, inputs)), { id }));

  test("is that of the Azure rows, for each type", () => {
    // Route tables are somebody else's: the program registers none.
    const known = rules.filter(({ token }) => token !== "azure-native:network:RouteTable");
    assert.deepEqual(Object.fromEntries(known.map(({ token, id }) => [token, id])), azureIds);
  });

  test("is not guessed where an input is secret or missing, and no input is shown", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "planted" };
    for (const inputs of [{ metadata: { name: secret } }, { metadata: {} }, {}, { metadata: { name: "a", namespace: secret } }]) {
      const identity = identify(pending("kubernetes:core/v1:Secret", inputs));
      assert.ok("none" in identity);
      assert.doesNotMatch(identity.none, /planted/);
    }
    assert.ok("none" in identify({ ...pending("azure-native:resources:ResourceGroup", { resourceGroupName: "rg" }), provider: {} }));
  });

  test("of what Entra ID numbers cannot be known: what to look for is said", () => {
    const application = identify(pending("azuread:index/application:Application", { displayName: "acme-prod-build" }));
    assert.ok("none" in application);
    assert.match(application.none, /remove "acme-prod-build" first/);
    const password = identify(pending("azuread:index/applicationPassword:ApplicationPassword", { applicationId: "/applications/x", displayName: "1" }));
    assert.ok("none" in password);
    assert.match(password.none, /the next up makes another one/);
  });

  test("of a deploy key cannot be known: what to remove is said, and not the key", () => {
    const identity = identify(pending("github:index/repositoryDeployKey:RepositoryDeployKey", { repository: "web", title: "Flux staging", key: "ssh-ed25519 planted" }));
    assert.ok("none" in identity);
    assert.match(identity.none, /remove the deploy key "Flux staging" from acme\/web /);
    assert.doesNotMatch(identity.none, /planted/);
  });

  test("of what else GitHub numbers cannot be known: what to remove is said", () => {
    const cases: [type: string, inputs: Values, says: RegExp][] = [
      ["repositoryRuleset:RepositoryRuleset", { name: "main" }, /says "Name must be unique", remove the ruleset "main" from acme\/web /],
      ["repositoryWebhook:RepositoryWebhook", { configuration: { url: "https://planted" } }, /says "Hook already exists on this repository", remove the webhook/],
      ["repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy", { tagPattern: "v*" }, /remove the deployment rule "v\*" from acme\/web /],
      ["repositoryFile:RepositoryFile", { file: "a" }, /refuses to overwrite/],
    ];
    for (const [type, inputs, says] of cases) {
      const identity = identify(pending(`github:index/${type}`, { repository: "web", ...inputs }));
      assert.ok("none" in identity, type);
      assert.match(identity.none, says);
      assert.doesNotMatch(identity.none, /planted/);
    }
  });

  test("is known of each type that the stand-in for GitHub knows", () => {
    assert.deepEqual(githubTypes.filter(({ token }) => !isKnown(token)).map(({ token }) => token), []);
  });
});

for (const stack of ["staging", "prod", "local"]) {
  const { configuration } = readStackFile({ root: projectRoot, stack });
  if (configuration === undefined) throw new Error(`Pulumi.${stack}.yaml is not right`);
  const values = { ...configuration.values, "secret:orders-slack": "planted-secret" };
  const { registrations } = await Program.of({ ...configuration, values, isSecret: (key) => key.startsWith("secret:") });

  describe(`everything that the stack ${stack} registers`, () => {
    test("has a rule", () => {
      const types = new Set(registrations.filter(({ custom }) => custom).map(({ type }) => type));
      assert.ok(types.size > 10);
      assert.deepEqual([...types].filter((type) => type !== "pulumi:pulumi:Stack" && !isKnown(type)), []);
    });

    test("gets an id from its inputs, but for what exists in the state alone and what GitHub numbers", () => {
      const without = new Set<string>();
      for (const { type, inputs, custom } of registrations) {
        if (custom && type !== "pulumi:pulumi:Stack" && !("id" in identify(pending(type, inputs)))) without.add(type);
      }
      for (const type of without) assert.match(type, /^(pulumi:providers|random|tls):|:(RepositoryDeployKey|RepositoryRuleset)$/);
    });
  });
}

const urnOf = (type: string, name: string) => `urn:pulumi:staging::mooring::${type}::${name}`;
const azure: Resource = { urn: urnOf("pulumi:providers:azure-native", "azure"), type: "pulumi:providers:azure-native", id: "1", custom: true, inputs: { subscriptionId } };

function operation(type: string, resourceType: string, name: string, inputs: Values, more: Partial<Resource> = {}): Operation {
  return { type, resource: { urn: urnOf(resourceType, name), type: resourceType, custom: true, inputs, ...more } };
}

function exportOf(operations: Operation[], resources: Resource[] = [azure]): Export {
  return { version: 3, deployment: { resources, pending_operations: operations } };
}

describe("pending operations", () => {
  const group = operation("creating", "azure-native:resources:ResourceGroup", "group", { resourceGroupName: "rg" }, { provider: `${azure.urn}::1` });
  const key = operation("creating", "tls:index/privateKey:PrivateKey", "key", {}, {});
  const madeKey = operation("creating", "tls:index/privateKey:PrivateKey", "made", {}, { id: "abc", outputs: { publicKeyOpenssh: "x" } });
  const component: Operation = { type: "creating", resource: { urn: urnOf("mooring:tenant:Tenant", "web"), type: "mooring:tenant:Tenant", custom: false } };

  test("a creation is looked up under its id, one that the engine was told of under that one, the rest is dropped", () => {
    const decisions = decide(exportOf([group, key, madeKey, component]));
    assert.deepEqual(decisions.map((decision) => [decision.action, "id" in decision ? decision.id : ""]), [["adopt", GROUP], ["drop", ""], ["adopt", "abc"], ["drop", ""]]);
  });

  test("what the state has is refreshed: an update, a deletion, a creation that a later run made up for", () => {
    const known = { ...group.resource, id: GROUP };
    for (const type of ["updating", "deleting", "creating"]) assert.deepEqual(decide(exportOf([{ ...group, type }], [azure, known])).map(({ action }) => action), ["refresh"]);
    // Only its predecessor is there, which waits to be deleted.
    assert.deepEqual(decide(exportOf([{ ...group, type: "deleting" }], [azure, { ...known, delete: true }])).map(({ action }) => action), ["drop"]);
  });

  test("what is found stays with the inputs it was asked for with; what is not found is dropped; no operation stays", () => {
    const before = exportOf([group, key]);
    const decisions = decide(before);
    const adopted = withAdopted(before, decisions);
    assert.deepEqual(adopted.deployment.resources?.at(-1), { ...group.resource, id: GROUP, outputs: {} });
    assert.equal(adopted.deployment.pending_operations?.length, 2);
    const found = { ...group.resource, id: GROUP, inputs: { resourceGroupName: "rg", serviceDefault: true }, outputs: { provisioningState: "Creating" } };
    const settled = settle(exportOf([group, key], [azure, found]), decisions);
    assert.deepEqual(settled.exported, { version: 3, deployment: { resources: [azure, { ...found, inputs: group.resource.inputs }] } });
    assert.deepEqual(settled.outcomes.map(({ result }) => result), ["adopted", "dropped"]);
    assert.match(settled.outcomes[0]?.remark ?? "", /Azure says Creating/);
    const missing = settle(before, decisions);
    assert.deepEqual(missing.exported.deployment.resources, [azure]);
    assert.deepEqual(report(missing.outcomes, "staging"), [
      `dropped   ResourceGroup group: ${GROUP} does not exist`,
      "dropped   PrivateKey key: exists in the state alone; the next up makes it",
      "staging: 2 pending operations cleared. Next: `npm run preview -- staging`, then `npx pulumi up -s staging --policy-pack policies`.",
    ]);
  });

  test("a release that Helm did not finish is dropped, with how to remove it", () => {
    const release = operation("creating", "kubernetes:helm.sh/v3:Release", "flux", { name: "flux", namespace: "flux-system" });
    const decisions = decide(exportOf([release]));
    const now = (status: string): Export => exportOf([release], [azure, { ...release.resource, id: "flux-system/flux", outputs: { status: { status } } }]);
    const { exported, outcomes } = settle(now("pending-install"), decisions);
    assert.deepEqual(exported.deployment.resources, [azure]);
    assert.match(outcomes[0]?.remark ?? "", /`helm uninstall flux --namespace flux-system`/);
    assert.equal(settle(now("deployed"), decisions).outcomes[0]?.result, "adopted");
  });
});

test("who holds the lock is read from what Pulumi says, on either kind of backend", () => {
  const answer = (stderr: string) => ({ code: 1, stdout: "", stderr });
  const file = "error: the stack is currently locked by 1 lock(s). Either wait …\n  file:///x/locks/a.json?no_tmp_dir=true: created by me@host (pid 42) at 2026-11-20T20:32:21Z\n";
  assert.equal(holder(answer(file)), "created by me@host (pid 42) at 2026-11-20T20:32:21Z");
  assert.match(holder(answer("error: [409] Conflict: Another update is currently in progress.")) ?? "", /Another update/);
  assert.equal(holder(answer("error: no such stack")), undefined);
});

describe("a state in files that was cut off", () => {
  const folder = mkdtempSync(join(tmpdir(), "mooring-recover-"));
  after(() => rmSync(folder, { recursive: true }));
  const file = (path: string, content: string): string => {
    const full = join(folder, ".pulumi", path);
    mkdirSync(join(full, ".."), { recursive: true });
    writeFileSync(full, content);
    return full;
  };

  test("only the empty companions of this stack's files are named", () => {
    const cut = [file("locks/organization/mooring/staging/1.json.attrs", ""), file("stacks/mooring/staging.json.attrs", "")];
    for (const other of ["stacks/mooring/prod.json.attrs", "locks/organization/mooring/prod/1.json.attrs", "stacks/mooring/staging.json"]) file(other, "");
    file("stacks/mooring/staging.json.bak.attrs", "{}");
    assert.deepEqual(cutOffFiles(`${pathToFileURL(folder).href}?no_tmp_dir=true`, "staging").sort(), cut);
    assert.deepEqual(cutOffFiles("azblob://state", "staging"), []);
    assert.deepEqual(cutOffFiles(undefined, "staging"), []);
  });
});
