/** The defaults of each tier, as literal values: a change of one is a change of every environment that says nothing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaults } from "../../components/settings/defaults.ts";
import type { Settings, TenantSettings } from "../../components/settings/settings.ts";
import { cluster, production } from "../azure.ts";
import { settings } from "../settings.ts";

const common = {
  cluster: {
    authorization: "azure",
    kubernetesVersion: "1.35",
    longTermSupport: false,
    api: "public",
    azurePolicy: true,
    secretsStore: true,
    pools: ["apps"],
    nodeProvisioning: false,
  },
  network: {
    addressSpace: "10.240.0.0/16",
    nodes: "10.240.0.0/20",
    apiServer: "10.240.16.0/28",
    privateEndpoints: "10.240.17.0/24",
    pods: "10.244.0.0/16",
    services: "10.0.0.0/16",
    egress: "loadBalancer",
  },
  dns: { ttl: 3600 },
  flux: { chart: "2.18.3" },
  fleet: { timeout: "10m" },
  tenancy: { admission: "Deny", minimumInterval: "30s", maximumTimeout: "15m", registries: ["mcr.microsoft.com"], protect: true },
  tenant: {
    podSecurity: "restricted",
    size: "medium",
    containers: { cpu: "500m", memory: "512Mi", disk: "2Gi", cpuRequest: "50m", memoryRequest: "64Mi", diskRequest: "64Mi" },
    interval: "10m",
    retryInterval: "2m",
    timeout: "5m",
    imageInterval: "5m",
  },
};
const upgrades = { nodeImages: "NodeImage", utcOffset: "+00:00", freezes: [] };

test("nonproduction: small, cheap, in one zone, upgraded in the middle of the week, and free to go", () => {
  assert.deepEqual(defaults.nonproduction, {
    ...common,
    cluster: {
      ...common.cluster,
      sku: "Free",
      upgrades: { ...upgrades, window: { day: "Tuesday", start: "20:00", hours: 4 }, nodeWindow: { day: "Wednesday", start: "20:00", hours: 4 } },
      systemPool: { vmSize: "Standard_D2ds_v5", min: 2, max: 3, zones: [], osDisk: "Managed" },
      pool: { vmSize: "Standard_D4ds_v5", min: 1, max: 3, zones: [], osDisk: "Managed" },
    },
    monitoring: { retentionDays: 30, dailyCapGb: 1, defender: false, prometheus: false, grafana: false },
    registry: { sku: "Standard", zoneRedundant: false, privateEndpoint: false },
    protect: false,
    tenant: { ...common.tenant, ref: { branch: "main" }, severity: "info" },
  });
});

test("production: zones, a guarantee, metrics, an uncapped log, upgraded at the weekend, and protected", () => {
  assert.deepEqual(defaults.production, {
    ...common,
    cluster: {
      ...common.cluster,
      sku: "Standard",
      upgrades: { ...upgrades, window: { day: "Saturday", start: "20:00", hours: 8 }, nodeWindow: { day: "Sunday", start: "20:00", hours: 8 } },
      systemPool: { vmSize: "Standard_D4ds_v5", min: 3, max: 5, zones: ["1", "2", "3"], osDisk: "Ephemeral" },
      pool: { vmSize: "Standard_D4ds_v5", min: 2, max: 10, zones: ["1", "2", "3"], osDisk: "Ephemeral" },
    },
    monitoring: { retentionDays: 90, defender: true, prometheus: true, grafana: true },
    registry: { sku: "Premium", zoneRedundant: true, privateEndpoint: false },
    protect: true,
    tenant: { ...common.tenant, ref: { semver: ">=1.0.0" }, severity: "error" },
  });
});

describe("what is left out, beyond the table", () => {
  const [staging, prod] = [settings(), settings(production())];

  test("nothing exists already, nobody is trusted, and no budget watches", () => {
    for (const s of [staging, prod]) {
      assert.deepEqual([s.azure.existingResourceGroup, s.network.existing, s.cluster.existing, s.registry.existing, s.monitoring.workspace], [false, undefined, undefined, undefined, undefined]);
      assert.deepEqual(s.pipelines, { build: { trust: [], secrets: [] }, deploy: { trust: [], secrets: [], namespaces: [] } });
      assert.deepEqual([s.budget, s.monitoring.actionGroup, s.flux.mirror, s.cluster.users, s.cluster.tags], [undefined, undefined, {}, undefined, {}]);
      assert.deepEqual([s.registry.replicas, s.registry.allowedRanges, s.registry.cache, s.registry.promoteFrom, s.registry.privateDnsZone], [[], [], {}, undefined, undefined]);
      assert.deepEqual([s.cluster.privateDnsZone, s.network.routeTable, s.network.dnsService, s.cluster.generation], [undefined, undefined, "10.0.0.10", 1]);
    }
    assert.deepEqual([staging.cluster.authorizedRanges, prod.cluster.authorizedRanges], [undefined, []]);
  });

  test("every tenant is held to the rules, alike in both tiers; AKS's collectors come from kube-system where they run", () => {
    const of = (s: Settings) => s.tenancy;
    const common = { admission: "Deny", minimumInterval: "30s", maximumTimeout: "15m", charts: [], registries: ["mcr.microsoft.com"], domain: undefined, ingressNamespace: undefined, privileged: [], adoptable: [] };
    assert.deepEqual([of(staging), of(prod)], [{ ...common, monitoringNamespace: undefined }, { ...common, monitoringNamespace: "kube-system" }]);
    const monitored = (changes: Record<string, unknown>) => of(settings(changes)).monitoringNamespace;
    assert.equal(monitored({ monitoring: { prometheus: true } }), "kube-system");
    assert.equal(monitored(production({ monitoring: { prometheus: false } })), undefined);
    assert.equal(monitored(production({ tenancy: { monitoringNamespace: "metrics" } })), "metrics");
    // What collects metrics in a cluster that somebody else made is not known.
    assert.equal(monitored({ tier: "production", cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } } }), undefined);
  });

  test("a tenant may refer to nothing but its own, talks to nobody, and is protected", () => {
    for (const s of [settings({ tenants: { orders: {} } }), settings(production({ tenants: { orders: {} } }))]) {
      const [{ state, protect, owners, editors, viewers, allowed, traffic }] = s.tenants as [TenantSettings];
      assert.deepEqual({ state, protect, owners, editors, viewers }, { state: "active", protect: true, owners: [], editors: [], viewers: [] });
      assert.deepEqual(allowed, { sources: [], registries: [], storageClasses: undefined, priorityClasses: [], serviceTypes: ["ClusterIP"], hosts: [] });
      assert.deepEqual(traffic, { callers: [], calls: [], ingressPorts: [], monitoringPorts: [], outside: [] });
    }
  });

  test("a tenant has nothing in Azure", () => {
    const [tenant] = settings({ tenants: { orders: {} } }).tenants;
    assert.deepEqual([tenant!.serviceAccounts, tenant!.vault, tenant!.sops, tenant!.buildTrust, tenant!.nodePool], [[], false, false, [], undefined]);
  });

  test("who may reach the API server may reach the vaults, from public addresses", () => {
    const of = (written: Record<string, unknown>, more: Record<string, unknown> = {}) => settings({ cluster: cluster(written), ...more }).vaults.allowedRanges;
    assert.deepEqual(of({ authorizedRanges: ["10.1.0.0/16", "172.16.0.0/24", "192.168.1.0/24", "203.0.113.0/24"] }), ["203.0.113.0/24"]);
    // Where everybody may reach the API server, or who may is not known, nobody is kept from a vault; of a private one nobody comes from outside.
    assert.deepEqual([of({}), of({ authorizedRanges: [] }), of({ authorizedRanges: ["10.1.0.0/16"] }), of({ api: "private" })], [undefined, undefined, undefined, []]);
    assert.deepEqual(of({ api: "private" }, { vaults: { allowedRanges: ["203.0.113.0/24"] } }), ["203.0.113.0/24"]);
    assert.equal(settings({ cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } } }).vaults.allowedRanges, undefined);
  });

  test("what only a Premium registry has follows the tier of the registry, not of the environment", () => {
    const of = (changes: Record<string, unknown>) => (({ sku, zoneRedundant, retentionDays }) => [sku, zoneRedundant, retentionDays])(settings(changes).registry);
    assert.deepEqual(of({}), ["Standard", false, undefined]);
    assert.deepEqual(of({ registry: { sku: "Premium" } }), ["Premium", false, 15]);
    assert.deepEqual(of(production()), ["Premium", true, 15]);
    assert.deepEqual(of(production({ registry: { sku: "Basic" } })), ["Basic", false, undefined]);
    assert.deepEqual(of(production({ registry: { zoneRedundant: false, retentionDays: 0 } })), ["Premium", false, 0]);
  });

  test("Grafana goes with Prometheus, and long-term support brings its tier", () => {
    const monitoring = (written: object) => (({ prometheus, grafana }) => [prometheus, grafana])(settings(production({ monitoring: written })).monitoring);
    assert.deepEqual([monitoring({}), monitoring({ prometheus: false }), monitoring({ grafana: false })], [[true, true], [false, false], [true, false]]);
    assert.equal(settings({ cluster: cluster({ longTermSupport: true }) }).cluster.sku, "Premium");
    assert.equal(settings(production({ cluster: cluster({ authorizedRanges: [], longTermSupport: false }) })).cluster.sku, "Standard");
  });

  test("one line of a window leaves the rest of it as it is", () => {
    const { window, nodeWindow } = settings(production({ cluster: cluster({ authorizedRanges: [], upgrades: { window: { start: "01:00" } } }) })).cluster.upgrades;
    assert.deepEqual([window, nodeWindow], [{ day: "Saturday", start: "01:00", hours: 8 }, { day: "Sunday", start: "20:00", hours: 8 }]);
  });

  test("a cluster with node provisioning has the pools of any other, and none where it says so", () => {
    const pools = (written: object) => Object.keys(settings({ cluster: cluster({ nodeProvisioning: true, ...written }) }).cluster.pools);
    assert.deepEqual([pools({}), pools({ pools: {} }), Object.keys(settings().cluster.pools)], [["apps"], [], ["apps"]]);
  });
});
