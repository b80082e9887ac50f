import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { mistakes, read, settings, smallest } from "../settings.ts";

const cluster = smallest.cluster as object;

describe("defaults", () => {
  test("the smallest stack is complete, and nonproduction is small and unprotected", () => {
    const s = settings();
    assert.equal(s.protect, false);
    assert.equal(s.cluster.sku, "Free");
    assert.deepEqual(Object.keys(s.cluster.pools), ["apps"]);
    assert.deepEqual(s.cluster.pools.apps?.zones, []);
    assert.equal(s.network.dnsService, "10.0.0.10");
    assert.equal(s.registry.sku, "Standard");
  });

  test("production is protected, zoned and follows releases, whatever the stack's name", () => {
    const s = settings({ tier: "production", cluster: { ...cluster, authorizedRanges: [] }, tenants: { orders: {} } }, { environment: "staging" });
    assert.equal(s.protect, true);
    assert.deepEqual(s.cluster.systemPool.zones, ["1", "2", "3"]);
    assert.deepEqual(s.tenants[0]?.deploy.ref, { semver: ">=1.0.0" });
  });

  test("a tenant of one line has everything", () => {
    const [orders] = settings({ tenants: { orders: null } }).tenants;
    const apply = { prune: true, wait: true, healthChecks: [], patches: [], images: [], components: [], substitute: undefined, dependsOn: [] };
    assert.deepEqual(orders?.namespaces.map(({ name, podSecurity, adopt, share }) => ({ name, podSecurity, adopt, share })), [{ name: "orders", podSecurity: "restricted", adopt: false, share: 100 }]);
    assert.equal(orders?.controlNamespace, "orders-flux");
    assert.deepEqual(orders?.deploy, { path: "./deploy/staging", ref: { branch: "main" }, interval: "10m", retryInterval: "2m", timeout: "5m", apply });
    assert.deepEqual(orders?.repository, {
      name: "orders", manage: true, adopt: false, visibility: "private", scaffold: undefined, environment: false, topics: [], teams: {}, codeOwners: undefined, archived: false, keyRotation: 1,
      rules: { reviews: 1, codeOwners: true, checks: [], branches: [], tags: ["~ALL"], keysMayPush: false, closedToKeys: [".github/**/*", "azure-pipelines.yml", "build.sh", "ci/**/*", "services.json"] },
    });
    assert.deepEqual(orders?.git, { url: "ssh://git@github.com/acme/orders.git", access: { kind: "deployKey", write: false }, ignore: undefined, submodules: false });
  });

  test("ids are kept in lower case, as Entra's tokens have them", () => {
    assert.deepEqual(settings({ tenants: { orders: { owners: ["7D1C5A0E-2B6F-4C1D-9A3E-5F8B7C6D4E01"] } } }).tenants[0]?.owners, ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"]);
  });

  test("a version range as Flux takes it is accepted", () => {
    for (const semver of ["1.4.x", "~1.4.0", ">=1.0.0 <2.0.0", "^2.1", "*", ">=1.0.0-0", "1.x || 2.x"]) {
      assert.deepEqual(settings({ tenants: { orders: { deploy: { semver } } } }).tenants[0]?.deploy.ref, { semver });
    }
  });

  test("one bound of a pool moves the other along", () => {
    const pools = settings({ cluster: { ...cluster, pools: { a: { min: 7 }, b: { max: 1 } } } }).cluster.pools;
    assert.deepEqual([pools.a?.min, pools.a?.max], [7, 7]);
    assert.deepEqual([pools.b?.min, pools.b?.max], [1, 1]);
  });
});

describe("mistakes", () => {
  /** What is written, and the whole list of lines it must give. */
  const table: [string, Record<string, unknown>, string[]][] = [
    ["a missing section", { platform: undefined }, ['mooring:platform: is required; write for example "acme"']],
    ["an unknown section", { clusters: {} }, ["mooring:clusters: there is no such setting; did you mean mooring:cluster?"]],
    ["an unknown key", { tenants: { orders: { qouta: {} } } }, ["mooring:tenants.orders.qouta: there is no such setting; did you mean quota?"]],
    ["two unknown keys give two lines", { tenants: { orders: { qouta: {}, ownrs: [] } } }, [
      "mooring:tenants.orders.qouta: there is no such setting; did you mean quota?",
      "mooring:tenants.orders.ownrs: there is no such setting; did you mean owners?",
    ]],
    ["a quantity", { tenants: { orders: { quota: { cpu: "8x" } } } }, ['mooring:tenants.orders.quota.cpu: "8x" is not a quantity; write 500m or 8']],
    ["a misspelt choice", { tier: "prodution" }, ['mooring:tier: "prodution" is not one of production, nonproduction; did you mean production?']],
    ["an unquoted version", { cluster: { ...cluster, kubernetesVersion: 1.35 } }, [
      'mooring:cluster.kubernetesVersion: 1.35 is read as a number, a text is needed; put it in quotes as you wrote it, for example "1.35"',
    ]],
    ["a version that Flux does not support", { cluster: { ...cluster, kubernetesVersion: "1.36" } }, [
      "mooring:cluster.kubernetesVersion: Flux 2.8.8 (chart 2.18.3) supports Kubernetes 1.33 to 1.35, not 1.36",
    ]],
    ["an unknown chart", { flux: { chart: "2.17.0" } }, ["mooring:flux.chart: chart version 2.17.0 is not one that Mooring knows; write one of 2.18.3"]],
    ["no administrators", { cluster: { administrators: [] } }, [
      "mooring:cluster.administrators: name at least one Entra group; with local accounts off, only its members can administer the cluster",
    ]],
    ["a name too long", { tenants: { "a-team-with-a-very-long-name": {} } }, [
      "mooring:tenants.a-team-with-a-very-long-name: a tenant's name has 2 to 20 lower-case letters, digits and hyphens, and starts with a letter",
    ]],
    ["two tenants with one namespace", { tenants: { orders: {}, web: { namespaces: { orders: {} } } } }, [
      "mooring:tenants.web.namespaces.orders: the namespace orders is already orders's (mooring:tenants.orders); each namespace has one tenant",
    ]],
    ["a namespace that is another's control namespace", { tenants: { orders: {}, "orders-flux": {} } }, [
      "mooring:tenants.orders-flux: the namespace orders-flux is already orders's (mooring:tenants.orders); each namespace has one tenant",
    ]],
    ["a namespace of the system", { tenants: { orders: { namespaces: { "kube-system": {} } } } }, [
      "mooring:tenants.orders.namespaces.kube-system: the namespace kube-system belongs to Kubernetes or the platform; choose another",
    ]],
    ["two tenants with one repository", { tenants: { orders: {}, web: { repository: { name: "Orders" } } } }, [
      "mooring:tenants.web.repository.name: the repository acme/Orders is already orders's (mooring:tenants.orders)",
    ]],
    ["an unknown node pool", { tenants: { orders: { nodePool: "app" } } }, ["mooring:tenants.orders.nodePool: there is no pool app in cluster.pools; did you mean apps?"]],
    ["two refs", { tenants: { orders: { deploy: { branch: "main", tag: "v1" } } } }, [
      "mooring:tenants.orders.deploy: branch, tag and semver exclude each other; keep one of them",
    ]],
    ["a path out of the repository", { tenants: { orders: { deploy: { path: "./../x" } } } }, [
      'mooring:tenants.orders.deploy.path: "./../x" is not a folder of the repository; write for example ./deploy/staging',
    ]],
    ["an interval too short", { tenants: { orders: { deploy: { interval: "1s" } } } }, [
      'mooring:tenants.orders.deploy.interval: "1s" is shorter than 30 seconds, the shortest that is allowed; write 30s or more',
    ]],
    ["a request above its limit", { tenants: { orders: { containers: { memoryRequest: "1Gi" } } } }, [
      "mooring:tenants.orders.containers.memoryRequest: 1Gi is more than the limit (512Mi); a container may not request more than its limit",
    ]],
    ["a default limit above the quota", { tenants: { orders: { containers: { cpu: "9" } } } }, [
      "mooring:tenants.orders.containers.cpu: 9 for one container is more than the whole quota (8); lower it, or raise quota.cpu",
    ]],
    ["overlapping ranges", { network: { pods: "10.240.0.0/15" } }, ["mooring:network.addressSpace: 10.240.0.0/16 overlaps pods (10.240.0.0/15); choose ranges that do not overlap"]],
    ["a range that AKS keeps", { network: { services: "172.30.0.0/16" } }, [
      "mooring:network.services: 172.30.0.0/16 overlaps 172.30.0.0/16, which cannot be used; choose another range",
    ]],
    ["a range that does not start at its first address", { network: { pods: "10.250.1.0/16" } }, [
      'mooring:network.pods: "10.250.1.0/16" is not the start of its range; write 10.250.0.0/16',
    ]],
    ["nodes outside the network", { network: { nodes: "10.250.0.0/20" } }, ["mooring:network.nodes: 10.250.0.0/20 does not lie within addressSpace (10.240.0.0/16)"]],
    ["a burstable system pool", { cluster: { ...cluster, systemPool: { vmSize: "Standard_B2s" } } }, [
      "mooring:cluster.systemPool.vmSize: AKS takes no burstable (B-series) and no single-core size for a system pool; write for example Standard_D4ds_v5",
    ]],
    ["pool bounds", { cluster: { ...cluster, pools: { apps: { min: 4, max: 2 } } } }, ["mooring:cluster.pools.apps.min: 4 is more than max (2)"]],
    ["no pool for Flux", { cluster: { ...cluster, pools: { batch: { taints: ["team=batch:NoSchedule"] } } } }, [
      "mooring:cluster.pools: there is no pool without a taint, so Flux has no node to run on; add one, for example apps: {}",
    ]],
    ["no pool at all", { cluster: { ...cluster, pools: {} } }, [
      "mooring:cluster.pools: there is no pool without a taint, so Flux has no node to run on; add one, for example apps: {}",
    ]],
    ["a pool's name", { cluster: { ...cluster, pools: { "my-pool": {} } } }, [
      "mooring:cluster.pools.my-pool: a pool's name has 1 to 12 lower-case letters and digits and starts with a letter",
    ]],
    ["the same trust twice", { pipelines: { build: { trust: [1, 2].map((n) => ({ name: `ci-${n}`, issuer: "https://a.example", subject: "s" })) } } }, [
      "mooring:pipelines.build.trust[1]: the same issuer and subject stand above already; Azure takes each pair once",
    ]],
    ["a namespace that no tenant has", { tenants: { orders: {} }, pipelines: { deploy: { trust: [], namespaces: ["order"] } } }, [
      "mooring:pipelines.deploy.namespaces[0]: no tenant has the namespace order; did you mean orders?",
    ]],
    ["a channel twice", { tenants: { orders: { notify: [1, 2].map(() => ({ slack: "#a", secret: "b" })) } } }, ["mooring:tenants.orders.notify[1]: #a with the secret b stands above already"]],
    ["a region by its display name", { azure: { ...(smallest.azure as object), location: "West Europe" } }, [
      'mooring:azure.location: "West Europe" is not a region\'s name; write it as `az account list-locations --query [].name` does, for example westeurope',
    ]],
    ["a tag that Mooring sets itself", { azure: { ...(smallest.azure as object), tags: { Owner: "me" } } }, [
      "mooring:azure.tags.Owner: a tag's name has none of < > % & \\ ? /; environment, tier, owner, tenant, tenant-state and managed-by are set by Mooring",
    ]],
    ["tags that Azure takes for one", { azure: { ...(smallest.azure as object), tags: { Cost: "1", cost: "2" } } }, [
      "mooring:azure.tags: two tags differ in upper and lower case only, and Azure takes them for one",
    ]],
    ["too few addresses for the nodes", { network: { nodes: "10.240.0.0/30", pods: "10.244.0.0/22" } }, [
      "mooring:network.nodes: 10.240.0.0/30 is too small for the 8 nodes that all pools may have during an upgrade",
      "mooring:network.pods: 10.244.0.0/22 is too small for the 8 nodes that all pools may have during an upgrade, each with a /24",
    ]],
    ["a range for services that AKS does not take", { network: { services: "192.168.0.0/28" } }, [
      "mooring:network.services: a range of /28 cannot hold a cluster's services; write one of /12 to /27",
    ]],
    ["a loopback range", { network: { addressSpace: "127.0.0.0/16", nodes: "127.0.0.0/20", privateEndpoints: "127.0.17.0/24" } }, [
      "mooring:network.addressSpace: 127.0.0.0/16 overlaps 127.0.0.0/8, which cannot be used; choose another range",
    ]],
    ["a label that AKS keeps", { cluster: { ...cluster, pools: { apps: { labels: { "kubernetes.azure.com/x": "y" } } } } }, [
      "mooring:cluster.pools.apps.labels.kubernetes.azure.com/x: a label's name is like team or acme.example/team; those of kubernetes.io, azure.com and mooring.platform are taken",
    ]],
    ["a zone twice", { cluster: { ...cluster, pools: { apps: { zones: ["1", "1"] } } } }, ["mooring:cluster.pools.apps.zones: names a zone twice"]],
    ["a namespace of the deploy identity twice", { tenants: { orders: {} }, pipelines: { deploy: { trust: [], namespaces: ["orders", "orders"] } } }, [
      "mooring:pipelines.deploy.namespaces[1]: orders stands above already",
    ]],
    ["an empty owner", { owner: "" }, ["mooring:owner: must not be empty"]],
    ["a number out of bounds", { tenants: { orders: { quota: { pods: 0 } } } }, ["mooring:tenants.orders.quota.pods: 0 is not allowed, at least 1 is"]],
    ["a text too long", { tenants: { orders: { description: "x".repeat(201) } } }, [
      "mooring:tenants.orders.description: has 201 characters, at most 200 are allowed",
    ]],
    ["a branch that git does not take", { tenants: { orders: { deploy: { branch: "a b" } } } }, ['mooring:tenants.orders.deploy.branch: "a b" is not the name of a branch or tag; write for example main']],
    ["a range that is none", { tenants: { orders: { deploy: { semver: "latest" } } } }, [
      'mooring:tenants.orders.deploy.semver: "latest" is not a range of versions; write for example "1.4.x"',
    ]],
    ["a repository that ends in .git", { tenants: { orders: { repository: { name: "orders.git" } } } }, [
      "mooring:tenants.orders.repository.name: a repository name has letters, digits, `.`, `_` and `-`, at most 100, and does not end in .git",
    ]],
    ["a section named like a part of JavaScript", { constructor: {} }, [
      "mooring:constructor: there is no such setting; there are platform, tier, owner, azure, network, cluster, monitoring, registry, dns, vaults, pipelines, flux, budget, github, webhooks, notify, fleet, addons, tenancy, tenants, tenantsFolder",
    ]],
    ["a mistake in a list does not make the team unknown", { tenants: { orders: { owners: ["x", "y"] } }, pipelines: { deploy: { trust: [], namespaces: ["orders"] } } }, [
      'mooring:tenants.orders.owners[0]: "x" is not a GUID; write for example 3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e',
      'mooring:tenants.orders.owners[1]: "y" is not a GUID; write for example 3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e',
    ]],
    ["a list where a map belongs", { tenants: ["orders"] }, ["mooring:tenants: a map is needed, not a list"]],
    ["text where a map belongs", { azure: "westeurope" }, ['mooring:azure: a map is needed, not "westeurope"']],
  ];
  for (const [what, changes, lines] of table) {
    test(what, () => assert.deepEqual(mistakes(changes), lines));
  }

  test("mistakes of different sections, teams and cross-checks come together", () => {
    const lines = mistakes({
      owner: undefined,
      network: { pods: "300.0.0.0/8" },
      cluster: { ...cluster, pools: { apps: { min: 4, max: 2 } } },
      tenants: { orders: { quota: { pods: 0 } }, web: {}, shop: { namespaces: { web: {} } } },
    });
    assert.equal(lines.length, 5, lines.join("\n"));
    for (const path of ["mooring:owner", "mooring:network.pods", "mooring:cluster.pools.apps.min", "mooring:tenants.orders.quota.pods", "mooring:tenants.shop.namespaces.web"]) {
      assert.ok(lines.some((line) => line.startsWith(`${path}: `)), path);
    }
  });

  test("a team with a mistake in one setting is still checked in the others", () => {
    assert.deepEqual(mistakes({ tenants: { web: { quota: { cpu: "8x" }, nodePool: "app", ownrs: [], namespaces: { default: {} } } } }), [
      'mooring:tenants.web.quota.cpu: "8x" is not a quantity; write 500m or 8',
      "mooring:tenants.web.ownrs: there is no such setting; did you mean owners?",
      "mooring:tenants.web.namespaces.default: the namespace default belongs to Kubernetes or the platform; choose another",
      "mooring:tenants.web.nodePool: there is no pool app in cluster.pools; did you mean apps?",
    ]);
  });

  test("a stack name that makes a name Azure refuses", () => {
    const environment = "a-stack-with-a-name-far-beyond-what-anybody-should-choose";
    assert.match(mistakes({}, { environment }).join("\n"), /^stack a-stack.*: the stack's name makes the cluster's DNS prefix name acme-a-stack.*, which is \d+ characters longer than the 54 allowed/m);
  });

  test("a configuration too large to be passed to the program", () => {
    const tenants = Object.fromEntries(Array.from({ length: 800 }, (_, i) => [`team-${i}`, { description: "x".repeat(150) }]));
    assert.match(mistakes({ tenants }).join("\n"), /^the stack file: its configuration takes \d+ KiB, more than the 120 KiB .*mooring:tenantsFolder\)$/);
  });
});

describe("secrets", () => {
  const tenants = { orders: { notify: [{ slack: "#orders", secret: "orders-slack" }] } };

  test("a secret that is named and not set is told apart from mistakes", () => {
    const { settings: complete, mistakes: none, missingSecrets } = read({ tenants });
    assert.ok(complete);
    assert.deepEqual(none, []);
    assert.deepEqual(missingSecrets, [
      { path: "mooring:tenants.orders.notify[0].secret", message: "the secret orders-slack is not set; run `pulumi config set --secret secret:orders-slack`" },
    ]);
    assert.deepEqual(read({ tenants }, { secrets: { "orders-slack": true } }).missingSecrets, []);
  });

  test("a secret in plain text is refused, and its value is not repeated", () => {
    const lines = mistakes({ tenants }, { secrets: { "orders-slack": false } });
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^secret:orders-slack: is stored in plain text; set it anew with `pulumi config set --secret secret:orders-slack`/);
  });
});

describe("team files", () => {
  const scratch = mkdtempSync(join(tmpdir(), "mooring-teams-"));
  after(() => rmSync(scratch, { recursive: true }));

  function project(files: Record<string, string>): string {
    const root = mkdtempSync(join(scratch, "project-"));
    mkdirSync(join(root, "teams"));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, "teams", name), content);
    return root;
  }

  test("one file a team, beside teams in the stack file", () => {
    const root = project({ "web.yaml": "quota: { cpu: 4 }\n", "ops.yml": "", "notes.txt": "not a team" });
    const { tenants } = settings({ tenants: { orders: {} }, tenantsFolder: "teams" }, { root });
    assert.deepEqual(tenants.map(({ name, origin }) => [name, origin]), [["orders", "mooring:tenants.orders"], ["ops", "teams/ops.yml"], ["web", "teams/web.yaml"]]);
    assert.equal(tenants[2]?.quota.cpu, "4");
  });

  test("mistakes name the file, and a file that is not YAML the line", () => {
    const root = project({ "web.yaml": "quota: { cpu: 8x }\n", "ops.yaml": "quota: [\n", "a.yaml": "", "orders.yaml": "" });
    assert.deepEqual(mistakes({ tenants: { orders: {} }, tenantsFolder: "teams" }, { root }).map((line) => line.replace(/at line.*/, "at line …")), [
      "teams/ops.yaml: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line …",
      "teams/a.yaml: a tenant's name has 2 to 20 lower-case letters, digits and hyphens, and starts with a letter",
      "teams/orders.yaml: the tenant orders is also in mooring:tenants; keep one of the two",
      'teams/web.yaml: quota.cpu: "8x" is not a quantity; write 500m or 8',
    ]);
  });

  test("files that cannot be read as a team are named, one line each", () => {
    const root = project({ "shop.yaml": "quota: *x\n", "web.json": "{}", "ops.YAML": "" });
    mkdirSync(join(root, "teams/orders.yaml"));
    assert.deepEqual(mistakes({ tenantsFolder: "teams" }, { root }), [
      "teams/ops.YAML: is not read with the ending .YAML; name it ops.yaml",
      "teams/orders.yaml: is a folder, a file is needed",
      "teams/shop.yaml: is not YAML: Unresolved alias (the anchor must be set before the alias): x",
      "teams/web.json: is not read with the ending .json; name it web.yaml",
    ]);
  });

  test("a folder that is not there", () => {
    assert.deepEqual(mistakes({ tenantsFolder: "teams" }, { root: scratch }), ["mooring:tenantsFolder: there is no folder teams in the project"]);
  });
});
