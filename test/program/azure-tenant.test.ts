/** What a team has in Azure: an identity for its pods, a vault, a key for its encrypted files, an identity that pushes. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, test } from "node:test";
import { vaultProperties } from "../../components/azure/vault-args.ts";
import { permits } from "../abac.ts";
import { cluster, entraTenant, grants, options, owners, production, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration, settings } from "../settings.ts";

const second = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02";
const orders = { namespaces: { shop: {} }, owners: [owners, second], identity: { serviceAccounts: ["orders-api", "orders-worker"] }, vault: true, sops: true };
const reports = { identity: { serviceAccounts: ["reports"] } };
const staging = await Program.of(configuration({ tenants: { least: { owners: [owners] }, orders, reports } }));
const prod = await Program.of(configuration(production({ cluster: cluster({ authorizedRanges: ["203.0.113.0/24"] }), tenants: { orders: { ...orders, sops: false }, reports } })));
const pushing = await Program.of(
  configuration({
    registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared", permissions: "abac" } },
    tenants: { orders: { build: { trust: [{ name: "github-actions", github: { repository: "acme/orders", branch: "main" } }] } } },
  }),
);

const common = { resourceGroupName: "rg-acme-staging", location: "westeurope" };
/** Everything that a tenant's component in Azure holds, but for role assignments. */
const kinds = (program: Program, tenant: string) =>
  program.registrations
    .filter(({ name, type, custom }) => custom && name.startsWith(`${tenant}-azure`) && !type.endsWith(":RoleAssignment"))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();

describe("a tenant in Azure", () => {
  test("has nothing there that it does not ask for", () => {
    assert.deepEqual(kinds(staging, "least"), []);
    assert.ok(!staging.registrations.some(({ type, name }) => type === "mooring:azure:TenantCloud" && name.startsWith("least")));
    assert.deepEqual(grants(staging, /^least-/), {});
    assert.deepEqual(kinds(staging, "reports"), ["FederatedIdentityCredential reports-azure-workload-trusts-e6384d50", "UserAssignedIdentity reports-azure-workload"]);
    assert.deepEqual(grants(staging, /^reports-/), {});
    assert.deepEqual(kinds(pushing, "orders").map((row) => row.split(" ")[0]), ["FederatedIdentityCredential", "UserAssignedIdentity"]);
  });

  test("has no more than a vault, a key and two identities", () => {
    assert.deepEqual(kinds(staging, "orders").map((row) => row.replace(/trusts-.*/, "trusts")), [
      ...["DiagnosticSetting orders-azure-vault-logs", "FederatedIdentityCredential orders-azure-flux-trusts"],
      ...["FederatedIdentityCredential orders-azure-workload-trusts", "FederatedIdentityCredential orders-azure-workload-trusts"],
      ...["Key orders-azure-sops", "RandomString orders-azure-vault-suffix", "UserAssignedIdentity orders-azure-flux", "UserAssignedIdentity orders-azure-workload", "Vault orders-azure-vault"],
    ]);
  });

  test("has the key with every vault, which keeps it; Flux and its people get to it where it is used", () => {
    assert.deepEqual(prod.all("Key").map(({ name }) => name), ["orders-azure-sops"]);
    assert.deepEqual(prod.all("UserAssignedIdentity").filter(({ name }) => name.endsWith("-flux")), []);
    assert.deepEqual(Object.keys(grants(prod, /^orders-/)).filter((name) => /decrypt|encrypt/.test(name)), []);
    assert.equal((prod.outputs.tenants as Record<string, Record<string, unknown>>).orders!.sopsKey, undefined);
  });

  test("its identities are tagged with it, and trust service accounts of its own namespaces", () => {
    const credentials = (identity: string) => staging.all("FederatedIdentityCredential").filter(({ name }) => name.startsWith(`${identity}-`)).map(({ inputs }) => inputs);
    const credential = (resourceName: string, namespace: string, account: string) => ({
      federatedIdentityCredentialResourceName: `kubernetes-${account}-${createHash("sha256").update(`cluster system:serviceaccount:${namespace}:${account}`).digest("hex").slice(0, 8)}`,
      resourceGroupName: "rg-acme-staging",
      resourceName,
      issuer: "<aks-acme-staging.oidcIssuerProfile.issuerURL>",
      subject: `system:serviceaccount:${namespace}:${account}`,
      audiences: ["api://AzureADTokenExchange"],
    });
    const [workload, flux] = ["id-acme-staging-orders-workload", "id-acme-staging-orders-flux"] as const;
    assert.deepEqual(staging.one("UserAssignedIdentity", "orders-azure-workload").inputs, { ...common, resourceName: workload, tags: { ...tags(), tenant: "orders" } });
    assert.deepEqual(credentials("orders-azure-workload"), [credential(workload, "shop", "orders-api"), credential(workload, "shop", "orders-worker")]);
    assert.deepEqual(credentials("orders-azure-flux"), [credential(flux, "orders-flux", "reconciler")]);
    const [api, worker] = staging.all("FederatedIdentityCredential").filter(({ name }) => name.startsWith("orders-azure-workload-"));
    assert.ok(staging.needs(worker!).includes(api!.name), "written one after the other");
  });

  test("its people write secrets and encrypt; its pods read secrets; Flux decrypts with the key alone", () => {
    const [vault, key] = ["<orders-azure-vault.id>", "<orders-azure-sops.id>"];
    const [pods, flux] = ["<id-acme-staging-orders-workload.principalId>", "<id-acme-staging-orders-flux.principalId>"];
    assert.deepEqual(grants(staging, /^orders-/), {
      "orders-azure-workload-reads-secrets": ["Key Vault Secrets User", pods, "ServicePrincipal", vault],
      "orders-azure-flux-decrypts": ["Key Vault Crypto User", flux, "ServicePrincipal", key],
      ...Object.fromEntries(
        [owners, second].flatMap((group) => [
          [`orders-azure-owners-write-secrets-${group}`, ["Key Vault Secrets Officer", group, "Group", vault]],
          [`orders-azure-owners-encrypt-${group}`, ["Key Vault Crypto User", group, "Group", key]],
        ]),
      ),
    });
    assert.deepEqual(Object.keys(grants(prod, /^orders-/)).filter((name) => /decrypt|encrypt/.test(name)), []);
  });

  test("an identity that pushes trusts its pipeline", () => {
    assert.deepEqual(pushing.all("FederatedIdentityCredential").map(({ inputs }) => [inputs.resourceName, inputs.issuer, inputs.subject]), [
      ["id-acme-staging-orders-build", "https://token.actions.githubusercontent.com", "repo:acme/orders:ref:refs/heads/main"],
    ]);
  });
});

describe("an identity with which Flux fetches from the registry", () => {
  const shop = { namespaces: { orders: {}, "orders-jobs": {} }, registryCharts: true };
  const fetching = { tenants: { orders: shop, web: { namespaces: { front: {} }, images: [{ name: "web", follow: { branch: "main" } }] }, least: {} } };
  let roles: Program;
  let abac: Program;
  before(async () => {
    roles = await Program.of(configuration({ ...fetching, tenants: { ...fetching.tenants, both: { ...orders, namespaces: { both: {} }, registryCharts: true } } }));
    const registry = { existing: { name: "cracmeshared", resourceGroup: "rg-shared", permissions: "abac" } };
    abac = await Program.of(configuration({ registry, tenancy: { registries: ["mcr.microsoft.com", "/shared"] }, tenants: { orders: { ...shop, allowed: { registries: ["/data/tools", "quay.io/prometheus"] } } } }));
  });
  const subjects = (program: Program, tenant: string) => program.all("FederatedIdentityCredential").filter(({ name }) => name.startsWith(`${tenant}-azure-flux-`)).map(({ inputs }) => inputs.subject);

  test("is there for a tenant that fetches, without a vault or a key", () => {
    assert.deepEqual(kinds(roles, "orders").map((row) => row.replace(/trusts-.*/, "trusts")), [...Array.from({ length: 3 }, () => "FederatedIdentityCredential orders-azure-flux-trusts"), "UserAssignedIdentity orders-azure-flux"]);
    assert.deepEqual(kinds(roles, "least"), []);
  });

  test("is the one that decrypts, where there is a key", () => {
    assert.deepEqual(roles.all("UserAssignedIdentity").filter(({ name }) => name.startsWith("both-azure")).map(({ name }) => name).sort(), ["both-azure-flux", "both-azure-workload"]);
    assert.deepEqual(Object.entries(grants(roles, /^both-azure-flux/)).map(([name, [role, who]]) => [name, role, who]).sort(), [
      ["both-azure-flux-decrypts", "Key Vault Crypto User", "<id-acme-staging-both-flux.principalId>"],
      ["both-azure-flux-pulls", "AcrPull", "<id-acme-staging-both-flux.principalId>"],
    ]);
  });

  test("trusts the reconciler of each of the tenant's namespaces, and no other account", () => {
    assert.deepEqual(subjects(roles, "orders"), ["orders-flux", "orders", "orders-jobs"].map((namespace) => `system:serviceaccount:${namespace}:reconciler`));
    assert.deepEqual(subjects(roles, "web"), ["web-flux", "front"].map((namespace) => `system:serviceaccount:${namespace}:reconciler`));
    // Who only decrypts does so in the control namespace.
    assert.deepEqual(subjects(staging, "orders"), ["system:serviceaccount:orders-flux:reconciler"]);
  });

  test("is what these accounts act as, by their annotations", () => {
    for (const namespace of ["orders-flux", "orders", "orders-jobs"]) {
      const { metadata, automountServiceAccountToken } = roles.object("ServiceAccount", namespace, "reconciler").inputs as { metadata: { annotations?: unknown }; automountServiceAccountToken: boolean };
      assert.deepEqual(metadata.annotations, { "azure.workload.identity/client-id": "<id-acme-staging-orders-flux.clientId>", "azure.workload.identity/tenant-id": entraTenant }, namespace);
      assert.equal(automountServiceAccountToken, false);
    }
    assert.equal((roles.object("ServiceAccount", "least", "reconciler").inputs.metadata as { annotations?: unknown }).annotations, undefined);
  });

  test("may pull: the whole registry by roles, the tenant's and the shared parts in ABAC mode", () => {
    assert.deepEqual(grants(roles, /^(orders|web|least)-/), Object.fromEntries(["orders", "web"].map((name) => [`${name}-azure-flux-pulls`, ["AcrPull", `<id-acme-staging-${name}-flux.principalId>`, "ServicePrincipal", "<mooring-registry.id>"]])));
    for (const { name, inputs } of roles.all("RoleAssignment")) assert.ok(!("condition" in inputs), name);
    const { condition, conditionVersion } = abac.one("RoleAssignment", "orders-azure-flux-pulls").inputs;
    assert.equal(grants(abac, /pulls$/)["orders-azure-flux-pulls"]![0], "Container Registry Repository Reader");
    assert.equal(conditionVersion, "2.0");
    const reads = (repository: string, what = "content/read") =>
      permits(String(condition), { action: `Microsoft.ContainerRegistry/registries/repositories/${what}`, attributes: { "Microsoft.ContainerRegistry/registries/repositories:name": repository } });
    for (const repository of ["orders/api", "orders/charts/orders", "shared", "shared/base", "data/tools", "data/tools/x", "SHARED/base"]) for (const what of ["content/read", "metadata/read"]) assert.ok(reads(repository, what), repository);
    for (const repository of ["web/api", "orders", "orders-evil/api", "shared-evil", "shared2/x", "data", "data/toolset", "prometheus", "quay.io/prometheus", ""]) for (const what of ["content/read", "metadata/read"]) assert.ok(!reads(repository, what), repository);
  });

  test("comes before what Flux is told to fetch", () => {
    const sync = roles.registrations.find(({ name }) => name === "orders-sync")!;
    assert.ok(roles.dependsOn(sync, roles.one("RoleAssignment", "orders-azure-flux-pulls")));
  });
});

describe("a vault", () => {
  /** The SDK writes the last four. */
  const properties = { tenantId: entraTenant, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true, enableSoftDelete: true, softDeleteRetentionInDays: 90 };
  const bySdk = { enabledForDeployment: false, enabledForDiskEncryption: false, enabledForTemplateDeployment: false, publicNetworkAccess: "enabled" };
  const vaultName = "kv-orders-<orders-azure-vault-suffix.result>";

  test("outside production can be purged, and is not protected", () => {
    const vault = staging.one("Vault", "orders-azure-vault");
    assert.deepEqual(vault.inputs, { ...common, vaultName, properties: { ...properties, ...bySdk, networkAcls: { bypass: "None", defaultAction: "Allow" } }, tags: { ...tags(), tenant: "orders" } });
    assert.deepEqual(options(vault), {});
  });

  test("in production cannot, is protected with its name, and lets in the nodes and the people of the settings alone", () => {
    const vault = prod.one("Vault", "orders-azure-vault");
    const networkAcls = { bypass: "None", defaultAction: "Deny", virtualNetworkRules: [{ id: "<mooring-network-nodes.id>" }], ipRules: [{ value: "203.0.113.0/24" }] };
    assert.deepEqual(vault.inputs, { ...common, vaultName, properties: { ...properties, ...bySdk, enablePurgeProtection: true, networkAcls }, tags: { ...tags("production"), tenant: "orders" } });
    assert.deepEqual(options(vault), { protect: true });
    assert.deepEqual(prod.one("RandomString", "orders-azure-vault-suffix").inputs, { length: 6, upper: false, special: false });
    assert.deepEqual(options(prod.one("RandomString", "orders-azure-vault-suffix")), { protect: true });
  });

  test("lets in the ranges of its own settings, and the nodes where their subnet is known", () => {
    const acls = (allowedRanges: string[], subnet?: string) => vaultProperties(settings({ vaults: { allowedRanges } }), subnet).networkAcls;
    const deny = { bypass: "None", defaultAction: "Deny" };
    const virtualNetworkRules = [{ id: "subnet" }];
    assert.deepEqual(acls(["198.51.100.0/24"], "subnet"), { ...deny, virtualNetworkRules, ipRules: [{ value: "198.51.100.0/24" }] });
    assert.deepEqual(acls([], "subnet"), { ...deny, virtualNetworkRules, ipRules: [] });
    assert.deepEqual(acls(["198.51.100.0/24"]), { ...deny, ipRules: [{ value: "198.51.100.0/24" }] });
  });

  test("holds a key that encrypts and decrypts, and is neither changed nor deleted once it is made", () => {
    const key = staging.one("Key", "orders-azure-sops");
    assert.deepEqual(key.inputs, {
      resourceGroupName: "rg-acme-staging",
      vaultName,
      keyName: "sops",
      properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] },
      tags: { ...tags(), tenant: "orders" },
    });
    // Nobody who runs this may delete a key; it stays as long as its vault, which is protected.
    assert.deepEqual(options(key), { retainOnDelete: true, ignoreChanges: ["tags"] });
  });
});

describe("in the cluster", () => {
  const identity = (name: string) => ({ "azure.workload.identity/client-id": `<id-acme-staging-orders-${name}.clientId>`, "azure.workload.identity/tenant-id": entraTenant });

  test("the service accounts of the settings act as the tenant's identity, without a token for Kubernetes", () => {
    for (const name of ["orders-api", "orders-worker"]) {
      const { metadata, automountServiceAccountToken } = staging.object("ServiceAccount", "shop", name).inputs;
      assert.deepEqual([metadata, automountServiceAccountToken], [{ name, namespace: "shop", labels: { "app.kubernetes.io/managed-by": "mooring" }, annotations: identity("workload") }, false]);
    }
    assert.deepEqual(staging.all("ServiceAccount").filter(({ name }) => name.startsWith("least-")).map(({ name }) => name), ["least-control-reconciler", "least-workload-reconciler"]);
  });

  test("Flux decrypts as the reconciler of the control namespace, which no other account acts as", () => {
    const annotations = (namespace: string) => (staging.object("ServiceAccount", namespace, "reconciler").inputs.metadata as { annotations?: unknown }).annotations;
    assert.deepEqual(annotations("orders-flux"), identity("flux"));
    assert.deepEqual([annotations("shop"), annotations("least-flux"), annotations("reports-flux")], [undefined, undefined, undefined]);
    const decryption = (tenant: string) => (staging.object("Kustomization", `${tenant}-flux`, tenant).inputs.spec as { decryption?: unknown }).decryption;
    assert.deepEqual([decryption("orders"), decryption("reports"), decryption("least")], [{ provider: "sops", serviceAccountName: "reconciler" }, undefined, undefined]);
  });
});

test("pods that act as an identity reach Entra and Azure's services over HTTPS; those of others reach nothing outside", () => {
  const policies = (namespace: string) =>
    Object.fromEntries(staging.objects().filter(({ inputs }) => inputs.kind === "NetworkPolicy").map(({ inputs }) => ({ ...(inputs.metadata as { name: string; namespace: string }), spec: inputs.spec }))
      .filter((policy) => policy.namespace === namespace).map(({ name, spec }) => [name, spec]));
  const inner = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32"];
  const outside = { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: inner } }], ports: [{ port: 443, protocol: "TCP" }] };
  const least = policies("least");
  assert.deepEqual(Object.keys(least), ["tenant"]);
  // The label is what the webhook asks for: a pod without it has no identity, and no way out.
  const identity = { podSelector: { matchLabels: { "azure.workload.identity/use": "true" } }, policyTypes: ["Egress"], egress: [outside] };
  for (const namespace of ["shop", "reports"]) assert.deepEqual(policies(namespace), { ...least, identity });
});

test("the stack tells a team what it has there", () => {
  const { orders: told, least } = staging.outputs.tenants as Record<string, Record<string, unknown>>;
  const { namespaces: _namespaces, repository: _repository, follows: _follows, delivery: _delivery, ...azure } = told!;
  assert.deepEqual(azure, { workloadClientId: "<id-acme-staging-orders-workload.clientId>", vaultUri: "<orders-azure-vault.properties.vaultUri>", sopsKey: "<orders-azure-sops.keyUriWithVersion>" });
  assert.deepEqual(Object.keys(least!).sort(), ["delivery", "follows", "namespaces", "repository"]);
  assert.equal((pushing.outputs.tenants as Record<string, Record<string, unknown>>).orders!.buildClientId, "<id-acme-staging-orders-build.clientId>");
});

test("a tenant that has left gives up its vault, in production too", async () => {
  const left = await Program.of(configuration(production({ cluster: cluster({ authorizedRanges: ["203.0.113.0/24"] }), tenants: { orders: { ...orders, state: "left" } } })));
  const vault = left.one("Vault", "orders-azure-vault");
  assert.deepEqual(vault.inputs.tags, { ...tags("production"), tenant: "orders", "tenant-state": "left" });
  for (const resource of [vault, left.one("RandomString", "orders-azure-vault-suffix")]) assert.deepEqual(options(resource), {});
});
