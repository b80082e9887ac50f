/** What the program commits to a team's repository, and what the team's pipelines are told. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { production, subscription, entraTenant } from "../azure.ts";
import { stackOf, treated } from "../delivered.ts";

const images = [{ name: "api", follow: { branch: "main" } }, { name: "worker", follow: { semver: "1.x" } }];
const tenants = {
  orders: { repository: { scaffold: "kustomize", teams: { leads: "maintain" } }, images },
  charted: { repository: { scaffold: "helm", codeOwners: { "*": ["@acme/charts"] } } },
  nobody: { repository: { scaffold: "helm" } },
  adopted: { repository: { adopt: true, scaffold: "helm" } },
  plain: { repository: { environment: true } },
  quiet: { repository: { scaffold: "helm", environment: false } },
  leaving: { repository: { scaffold: "helm" }, state: "leaving" },
  acr: { repository: { scaffold: "helm" }, images: [{ name: "api", follow: { branch: "main" } }], webhooks: { registry: "acr" } },
};
const reachable = { webhooks: { host: "flux.acme.example", gateway: { name: "g", namespace: "gateways" } }, tenancy: { ingressNamespace: "gateways" } };
const staging = await stackOf(tenants, { ...reachable, github: { owner: "acme", adoptable: ["adopted"] } });
const started = { repository: { scaffold: "kustomize" } };
const prod = await stackOf(
  { orders: { ...started, images: [{ name: "api", follow: { semver: "1.x" } }] }, released: { repository: { scaffold: "helm" } }, based: { ...started, images, imageUpdates: { base: "release", propose: true } } },
  production({ github: { owner: "acme", managedBy: "staging" }, registry: { promoteFrom: { name: "crstaging", resourceGroup: "rg" } } }),
  { environment: "prod" },
);
const filesOf = (program: typeof staging, tenant: string) => program.all("RepositoryFile").filter(({ name }) => name.startsWith(`${tenant}-file/`));
const paths = (program: typeof staging, tenant: string) => filesOf(program, tenant).map(({ inputs }) => inputs.file).sort();

describe("files", () => {
  test("are CODEOWNERS and this environment's folder, in a repository that starts from a template", () => {
    const of = Object.fromEntries(Object.keys(tenants).map((tenant) => [tenant, paths(staging, tenant)]));
    const folder = "deploy/staging/kustomization.yaml";
    assert.deepEqual(of, {
      ...{ orders: [".github/CODEOWNERS", folder], charted: [".github/CODEOWNERS", folder], acr: [folder] },
      // Nobody maintains it: a file without owners would have no effect.
      nobody: [folder],
      ...{ adopted: [], plain: [], quiet: [folder], leaving: [] },
    });
    assert.deepEqual(paths(prod, "orders"), ["deploy/prod/kustomization.yaml"]);
  });

  test("are the team's from then on: later changes are no difference, and they stay", () => {
    for (const file of [...filesOf(staging, "orders"), ...filesOf(prod, "orders")]) {
      // Where the repository is this environment's own, another name of it is the same repository's.
      const ignoreChanges = ["content", "overwriteOnCreate", ...(filesOf(staging, "orders").includes(file) ? ["repository"] : [])];
      assert.deepEqual(treated(file), { retainOnDelete: true, ignoreChanges, deleteBeforeReplace: false, protect: false });
      // What is there already is never written over, and GitHub commits to its default branch.
      assert.deepEqual([file.inputs.overwriteOnCreate, file.inputs.branch], [false, undefined]);
    }
  });

  test("name the environments where they are not the template's, over the template's own file, from the environment that manages the repository", async () => {
    const owned = { owned: { repository: { scaffold: "kustomize" } } };
    const services = (program: typeof staging) => program.all("RepositoryFile").filter(({ inputs, name }) => inputs.file === "services.json" && !name.startsWith("mooring-templates-"));
    assert.deepEqual([services(staging), services(prod)], [[], []]);
    const dev = await stackOf({ ...owned, adopted: { repository: { adopt: true, scaffold: "helm" } } }, { github: { owner: "acme", releaseEnvironment: "live", adoptable: ["adopted"] } }, { environment: "dev" });
    assert.deepEqual(services(dev).map(({ name, inputs }) => [name, inputs.overwriteOnCreate, (JSON.parse(String(inputs.content)) as { environments: unknown }).environments]), [["owned-file/services.json", true, { main: "dev", release: "live" }]]);
    assert.equal(dev.one("RepositoryFile", "owned-file/deploy/dev/kustomization.yaml").inputs.overwriteOnCreate, false, "what a team wrote is not written over");
    assert.deepEqual(services(await stackOf(owned, { github: { owner: "acme", managedBy: "dev", releaseEnvironment: "live" } }, { environment: "live" })), []);
    assert.equal(services(await stackOf(owned, { github: { owner: "acme", releaseEnvironment: "live" } })).length, 1, "one other name is enough");
  });

  test("look for charts no more often than the platform lets them, and begin with what pods may run", async () => {
    const strict = await stackOf({ charted: { repository: { scaffold: "helm" } }, plain: { repository: { scaffold: "kustomize" } } }, { tenancy: { minimumInterval: "30m", registries: ["docker.io/library"] } });
    const content = (tenant: string) => String(strict.one("RepositoryFile", `${tenant}-file/deploy/staging/kustomization.yaml`).inputs.content);
    assert.deepEqual([...content("charted").matchAll(/sourceValue: "(\d+m)"/g)].map(([, interval]) => interval), ["30m", "30m", "30m"]);
    assert.doesNotMatch(content("plain"), /mcr\.microsoft\.com/);
    const { inputs } = staging.one("RepositoryFile", "orders-file/deploy/staging/kustomization.yaml");
    assert.match(String(inputs.content), /newName: mcr\.microsoft\.com/);
  });

  test("are committed one after the other, after the repository, and before the rules", () => {
    const [owners, folder] = filesOf(staging, "orders");
    assert.ok(staging.dependsOn(owners!, staging.one("Repository", "orders-repository")));
    assert.ok(staging.needs(folder!).includes("orders-file/.github/CODEOWNERS"));
    const rule = staging.one("RepositoryRuleset", "orders-rules/default-branch");
    for (const file of [owners!, folder!]) assert.ok(staging.dependsOn(rule, file));
  });

  test("name the registry, the namespace and the policies of this environment", () => {
    const content = (program: typeof staging, environment: string) => String(program.one("RepositoryFile", `orders-file/deploy/${environment}/kustomization.yaml`).inputs.content);
    for (const text of [content(staging, "staging"), content(prod, "prod")]) {
      assert.match(text, /^namespace: orders$/m);
      assert.match(text, /newName: .* # \{"\$imagepolicy": "orders-flux:api:name"\}/);
    }
    // Where releases are followed, nothing is there before the first one.
    assert.match(content(prod, "prod"), /newName: cracmeprod<mooring-registry-suffix\.result>\.azurecr\.io\/orders\/api #/);
  });

  test("of a template are committed one after the other", () => {
    const files = staging.all("RepositoryFile").filter(({ name }) => name.startsWith("mooring-templates-kustomize-file/"));
    for (const [index, file] of files.entries()) {
      assert.deepEqual(file.dependsOn.filter((urn) => urn.includes("repositoryFile")), index === 0 ? [] : [files[index - 1]!.urn], file.name);
    }
    assert.ok(files.length > 10);
  });
});

describe("the environment of a repository, in GitHub's sense,", () => {
  const environments = (program: typeof staging) => program.all("RepositoryEnvironment").map(({ name }) => name.replace(/-environment$/, "")).sort();
  const policies = (program: typeof staging, tenant: string) => program.all("RepositoryEnvironmentDeploymentPolicy").filter(({ name }) => name.startsWith(`${tenant}-`)).map(({ inputs }) => inputs);

  test("is there with a scaffold, or where the settings say so; never of a team that leaves", () => {
    assert.deepEqual(environments(staging), ["acr", "adopted", "charted", "nobody", "orders", "plain"]);
    assert.deepEqual(staging.one("RepositoryEnvironment", "orders-environment").inputs, { repository: "orders", environment: "staging" });
    assert.deepEqual(staging.all("RepositoryEnvironmentDeploymentPolicy"), []);
  });

  test("is used in production by jobs of releases alone: what is on a branch, an automation may have put there", () => {
    assert.deepEqual(prod.one("RepositoryEnvironment", "orders-environment").inputs, {
      repository: "orders",
      environment: "prod",
      deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
    });
    const common = { repository: "orders", environment: "prod" };
    const tags = (of: object) => ["v*", "*/v*"].map((tagPattern) => ({ ...of, tagPattern }));
    for (const repository of ["orders", "released", "based"]) assert.deepEqual(policies(prod, repository), tags({ ...common, repository }));
  });

  test("has one variable, which holds nothing secret", () => {
    const variable = staging.one("ActionsEnvironmentVariable", "orders-environment");
    const { value, ...rest } = variable.inputs as { value: string };
    assert.deepEqual(rest, { repository: "orders", environment: "staging", variableName: "MOORING" });
    const { receiver, ...told } = JSON.parse(value) as { receiver: string };
    assert.deepEqual(told, {
      ...{ environment: "staging", tier: "nonproduction", team: "orders", clientId: "<id-acme-staging-orders-build.clientId>" },
      ...{ registry: "cracmestaging<mooring-registry-suffix.result>.azurecr.io", registryName: "cracmestaging<mooring-registry-suffix.result>" },
      ...{ tenantId: entraTenant, subscriptionId: subscription, images: ["api", "worker"], promoteFrom: null },
    });
    assert.match(receiver, /^https:\/\/flux\.acme\.example\/hook\/[0-9a-f]{64}$/);
    assert.ok(staging.dependsOn(variable, staging.one("RepositoryEnvironment", "orders-environment")));
    // The same that the stack tells.
    assert.equal((staging.outputs.tenants as Record<string, { delivery: string }>).orders!.delivery, value);
    assert.deepEqual(staging.all("ActionsEnvironmentVariable").length, environments(staging).length);
  });

  test("names no receiver where the pipeline does not call one, and where images are promoted from", () => {
    const told = (program: typeof staging, tenant: string) => JSON.parse(String(program.one("ActionsEnvironmentVariable", `${tenant}-environment`).inputs.value)) as { receiver: unknown; promoteFrom: unknown };
    assert.deepEqual(["acr", "nobody"].map((tenant) => told(staging, tenant).receiver), [null, null]);
    assert.deepEqual([told(prod, "orders").receiver, told(prod, "orders").promoteFrom], [null, { registry: "<crstaging.loginServer>", name: "crstaging" }]);
  });

  test("has a secret where the pipeline signs calls, and none elsewhere", () => {
    assert.deepEqual(staging.all("ActionsEnvironmentSecret").map(({ name, inputs }) => [name, inputs]), [
      ["orders-environment", { repository: "orders", environment: "staging", secretName: "MOORING_RECEIVER_TOKEN", plaintextValue: "[secret]" }],
    ]);
    assert.deepEqual(prod.all("ActionsEnvironmentSecret"), []);
    const outputs = staging.outputs.tenants as Record<string, { receiverToken?: string }>;
    assert.deepEqual(Object.keys(outputs).filter((tenant) => outputs[tenant]!.receiverToken !== undefined), ["orders"]);
  });
});
