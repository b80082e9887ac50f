/** The principals of pipelines, what they trust and may do, and what the stack tells about them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { entraTenant, grants, options, subscription, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const organizationId = "1b671a64-40d5-491e-99b0-da01ff1f3341";
const least = await Program.of(configuration({ tenants: { orders: {} } }));
const most = await Program.of(
  configuration({
    tenants: { orders: {}, web: { namespaces: { shop: {} } } },
    pipelines: {
      build: {
        trust: [
          { name: "azure-devops", azureDevOps: { organizationId, connectionId: "7f3a1b2c-8d4e-4f5a-9b6c-0d1e2f3a4b5c" } },
          { name: "github-actions", github: { repository: "acme/orders", environment: "staging" } },
          { name: "other", issuer: "https://ci.example", subject: "builds" },
        ],
        password: { secrets: [{ number: 3, expires: "2027-11-01" }, { number: 2, expires: "2027-05-01" }] },
      },
      deploy: { trust: [{ name: "other", issuer: "https://ci.example", subject: "deployments" }], password: { secrets: [{ number: 1, expires: "2027-05-01" }] }, namespaces: ["shop"] },
    },
  }),
);

describe("an identity", () => {
  test("stands ready for each purpose, and trusts nobody unless told to", () => {
    for (const purpose of ["build", "deploy"]) {
      assert.deepEqual(least.one("UserAssignedIdentity", `mooring-pipelines-${purpose}`).inputs, {
        resourceName: `id-acme-staging-${purpose}`,
        resourceGroupName: "rg-acme-staging",
        location: "westeurope",
        tags: tags(),
      });
    }
    assert.deepEqual(least.all("FederatedIdentityCredential"), []);
  });

  test("trusts the pipelines of the settings, to the letter", () => {
    // Behind its name stands a part of what it trusts, as in its place in the program.
    const credential = (purpose: string, name: string, issuer: string, subject: string) => ({
      federatedIdentityCredentialResourceName: `${name}-${createHash("sha256").update(`${issuer} ${subject}`).digest("hex").slice(0, 8)}`,
      resourceGroupName: "rg-acme-staging",
      resourceName: `id-acme-staging-${purpose}`,
      issuer,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
    const place = ({ resourceName, federatedIdentityCredentialResourceName: name }: Record<string, unknown>) => `${String(resourceName)} ${String(name)}`;
    assert.deepEqual(most.all("FederatedIdentityCredential").map(({ inputs }) => inputs).sort((a, b) => (place(a) < place(b) ? -1 : 1)), [
      credential(
        "build",
        "azure-devops",
        `https://login.microsoftonline.com/${entraTenant}/v2.0`,
        `/eid1/c/pub/t/Uh0MXwtvfkqdfAyPWhstPg/a/rISbSSETf0KqFyZ8ppdXmA/sc/${organizationId}/7f3a1b2c-8d4e-4f5a-9b6c-0d1e2f3a4b5c`,
      ),
      credential("build", "github-actions", "https://token.actions.githubusercontent.com", "repo:acme/orders:environment:staging"),
      credential("build", "other", "https://ci.example", "builds"),
      credential("deploy", "other", "https://ci.example", "deployments"),
    ]);
  });

  test("has its credentials written one after the other, and each replaced before its pair is taken twice", () => {
    const of = (purpose: string) => most.all("FederatedIdentityCredential").filter(({ name }) => name.startsWith(`mooring-pipelines-${purpose}-`));
    const named = (name: string) => of("build").find(({ inputs }) => String(inputs.federatedIdentityCredentialResourceName).startsWith(`${name}-`))!;
    const [first, second, third] = [named("azure-devops"), named("github-actions"), named("other")];
    const identity = ["mooring-group", "mooring-pipelines-build"];
    // Each after all before it: when some are deleted, the engine looks at direct dependencies alone.
    assert.deepEqual([first, second, third].map((row) => most.needs(row)), [identity, [...identity, first.name].sort(), [...identity, first.name, second.name].sort()]);
    for (const credential of most.all("FederatedIdentityCredential")) assert.deepEqual(options(credential), { deleteBeforeReplace: true });
    // Known by whom it trusts: the same under another name is the same resource, and another purpose's is not.
    assert.match(third.name, /^mooring-pipelines-build-trusts-[0-9a-f]{8}$/);
    assert.equal(new Set(most.all("FederatedIdentityCredential").map(({ name }) => name)).size, 4);
  });

  test("may push, or fetch a kubeconfig, and nothing else; a twin with a password may the same", () => {
    const build = ["AcrPush", "<id-acme-staging-build.principalId>", "ServicePrincipal", "<mooring-registry.id>"];
    const deploy = ["Azure Kubernetes Service Cluster User Role", "<id-acme-staging-deploy.principalId>", "ServicePrincipal", "<mooring-cluster.id>"];
    const withPassword = ([role, , kind, scope]: string[], name: string) => [role!, `<${name}.objectId>`, kind!, scope!];
    assert.deepEqual(grants(least, /pipelines/), { "mooring-pipelines-build-pushes": build, "mooring-pipelines-deploy-fetches-kubeconfig": deploy });
    assert.deepEqual(grants(most, /pipelines/), {
      "mooring-pipelines-build-pushes": build,
      "mooring-pipelines-build-password-pushes": withPassword(build, "mooring-pipelines-build-password"),
      "mooring-pipelines-deploy-fetches-kubeconfig": deploy,
      "mooring-pipelines-deploy-password-fetches-kubeconfig": withPassword(deploy, "mooring-pipelines-deploy-password"),
    });
  });
});

describe("a service principal with a password", () => {
  const secret = (purpose: string, number: number) => most.one("ApplicationPassword", `mooring-pipelines-${purpose}-password-secret-${number}`);

  test("is made in the tenant of the settings only where they ask for one", () => {
    assert.deepEqual(least.registrations.filter(({ type }) => type.includes("azuread")), []);
    const [provider, ...others] = most.registrations.filter(({ type }) => type === "pulumi:providers:azuread");
    assert.deepEqual([provider?.inputs.tenantId, others], [entraTenant, []]);
    for (const { name, provider: of } of most.registrations.filter(({ type }) => type.startsWith("azuread:"))) assert.match(of ?? "", /::mooring-pipelines-entra::/, name);
  });

  test("belongs to whoever makes it, so that the right to change one's own applications is enough; who runs later is no change", () => {
    const owners = ["<who runs.objectId>"];
    const [application, principal] = [most.one("Application", "mooring-pipelines-build-password"), most.one("ServicePrincipal", "mooring-pipelines-build-password")];
    assert.deepEqual(application.inputs, { displayName: "acme-staging-build", signInAudience: "AzureADMyOrg", tags: ["mooring", "acme", "staging"], owners });
    assert.deepEqual(principal.inputs, { clientId: "<mooring-pipelines-build-password.clientId>", owners });
    for (const row of [application, principal]) assert.deepEqual(options(row), { ignoreChanges: ["owners"] });
  });

  test("has a secret for each line of the settings, known by its number, so that dropping a line revokes that one alone", () => {
    const applicationId = "<mooring-pipelines-build-password.id>";
    assert.deepEqual(secret("build", 3).inputs, { applicationId, displayName: "mooring-3", endDate: "2027-11-01T00:00:00Z" });
    assert.deepEqual(secret("build", 2).inputs, { applicationId, displayName: "mooring-2", endDate: "2027-05-01T00:00:00Z" });
    assert.equal(secret("deploy", 1).inputs.displayName, "mooring-1");
    assert.equal(most.all("ApplicationPassword").length, 3);
    for (const { name, secretOutputs } of most.all("ApplicationPassword")) assert.ok(secretOutputs.includes("value"), name);
  });
});

describe("what the stack tells a pipeline", () => {
  const always = {
    cluster: { name: "aks-acme-staging", resourceGroup: "rg-acme-staging", oidcIssuer: "<aks-acme-staging.oidcIssuerProfile.issuerURL>" },
    registry: { name: "cracmestaging<mooring-registry-suffix.result>", loginServer: "<mooring-registry.loginServer>" },
  };
  const delivery = (team: string) => ({
    environment: "staging",
    tier: "nonproduction",
    team,
    registry: "cracmestaging<mooring-registry-suffix.result>.azurecr.io",
    registryName: "cracmestaging<mooring-registry-suffix.result>",
    clientId: "<id-acme-staging-build.clientId>",
    tenantId: entraTenant,
    subscriptionId: subscription,
    images: [],
    receiver: null,
    promoteFrom: null,
  });
  const tenant = (name: string, namespace = name) => ({
    namespaces: [namespace, `${name}-flux`],
    repository: `acme/${name}`,
    follows: "branch main, ./deploy/staging",
    delivery: JSON.stringify(delivery(name)),
  });

  test("without passwords is no secret, and all of it", () => {
    assert.deepEqual(least.outputs, {
      ...always,
      pipelines: {
        tenantId: entraTenant,
        subscriptionId: subscription,
        build: { clientId: "<id-acme-staging-build.clientId>" },
        deploy: { clientId: "<id-acme-staging-deploy.clientId>" },
      },
      tenants: { orders: tenant("orders") },
    });
  });

  test("with passwords: the newest of each, and they alone are secret", () => {
    assert.deepEqual(most.outputs, {
      ...always,
      pipelines: {
        tenantId: entraTenant,
        subscriptionId: subscription,
        build: {
          clientId: "<id-acme-staging-build.clientId>",
          registryName: "cracmestaging<mooring-registry-suffix.result>",
          registryLogin: "<mooring-pipelines-build-password.clientId>",
          registryPassword: "[secret]",
          expires: "2027-11-01",
        },
        deploy: {
          clientId: "<id-acme-staging-deploy.clientId>",
          passwordClientId: "<mooring-pipelines-deploy-password.clientId>",
          password: "[secret]",
          expires: "2027-05-01",
        },
      },
      tenants: { orders: tenant("orders"), web: tenant("web", "shop") },
    });
    const { build, deploy } = most.wire.pipelines as Record<string, Record<string, { value: string }>>;
    assert.deepEqual([build!.registryPassword!.value, deploy!.password!.value], ["<mooring-pipelines-build-password-secret-3.value>", "<mooring-pipelines-deploy-password-secret-1.value>"]);
  });
});

describe("a deployment pipeline in the cluster", () => {
  test("writes what the tenant's own reconciler may, in the namespaces of the settings alone", () => {
    const bindings = most.all("RoleBinding").filter(({ name }) => name.endsWith("-deployers"));
    const apiGroup = "rbac.authorization.k8s.io";
    assert.deepEqual(bindings.map(({ inputs }) => [inputs.metadata, inputs.roleRef, inputs.subjects]), [
      [
        { name: "deployers", namespace: "shop" },
        { apiGroup, kind: "ClusterRole", name: "mooring-tenant-reconciler" },
        [
          { kind: "User", name: "<id-acme-staging-deploy.principalId>", apiGroup },
          { kind: "User", name: "<mooring-pipelines-deploy-password.objectId>", apiGroup },
        ],
      ],
    ]);
  });

  test("writes nowhere by default", () => assert.deepEqual(least.all("RoleBinding").filter(({ name }) => name.endsWith("-deployers")), []));
});
