/** What the cluster is made with, at its least and at its most, and what surrounds it. Pools and the way to the API server have files of their own. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isPropagating } from "../../components/azure/propagation.ts";
import { administrators, cluster, entraTenant, options, production, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const least = await Program.of(configuration({ cluster: cluster({ azurePolicy: false, secretsStore: false }) }));
const most = await Program.of(
  configuration(
    production({
      network: { egress: "natGateway" },
      cluster: cluster({
        authorizedRanges: ["203.0.113.0/24", "198.51.100.7/32"],
        longTermSupport: true,
        upgrades: { nodeImages: "SecurityPatch", window: { day: "Monday" }, nodeWindow: { start: "01:30", hours: 5 }, utcOffset: "+01:00", freezes: [{ from: "2026-12-20", to: "2027-01-04" }] },
      }),
    }),
  ),
);
const provisioned = await Program.of(configuration({ cluster: cluster({ authorization: "kubernetes", nodeProvisioning: true, pools: {} }) }));

const inputsOf = (program: Program) => program.one("ManagedCluster", "mooring-cluster").inputs;

describe("the cluster", () => {
  test("at its least", () => {
    assert.deepEqual(inputsOf(least), {
      resourceName: "aks-acme-staging",
      resourceGroupName: "rg-acme-staging",
      nodeResourceGroup: "rg-acme-staging-nodes",
      nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
      location: "westeurope",
      dnsPrefix: "acme-staging",
      sku: { name: "Base", tier: "Free" },
      supportPlan: "KubernetesOfficial",
      kubernetesVersion: "1.35",
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      identity: { type: "UserAssigned", userAssignedIdentities: ["<mooring-cluster-control-plane-identity.id>"] },
      identityProfile: {
        kubeletidentity: {
          resourceId: "<mooring-cluster-kubelet-identity.id>",
          clientId: "<id-acme-staging-kubelet.clientId>",
          objectId: "<id-acme-staging-kubelet.principalId>",
        },
      },
      enableRBAC: true,
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: entraTenant, adminGroupObjectIDs: [administrators] },
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 168 }, defender: { securityMonitoring: { enabled: false } } },
      azureMonitorProfile: { metrics: { enabled: false } },
      metricsProfile: { costAnalysis: { enabled: false } },
      // The SDK writes the second of these.
      nodeProvisioningProfile: { mode: "Manual", defaultNodePools: "Auto" },
      addonProfiles: { azurepolicy: { enabled: false }, azureKeyvaultSecretsProvider: { enabled: false } },
      apiServerAccessProfile: { authorizedIPRanges: [], disableRunCommand: true },
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        outboundType: "loadBalancer",
        loadBalancerSku: "standard",
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.0.0.0/16",
        dnsServiceIP: "10.0.0.10",
      },
      agentPoolProfiles: [
        {
          name: "system",
          mode: "System",
          nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
          type: "VirtualMachineScaleSets",
          vmSize: "Standard_D2ds_v5",
          osType: "Linux",
          osSKU: "AzureLinux",
          osDiskType: "Managed",
          enableAutoScaling: true,
          minCount: 2,
          maxCount: 3,
          vnetSubnetID: "<mooring-network-nodes.id>",
          upgradeSettings: { maxSurge: "33%", drainTimeoutInMinutes: 30, undrainableNodeBehavior: "Cordon" },
        },
      ],
      tags: tags(),
    });
  });

  test("at its most, apart from how it is reached and its pools", () => {
    const { agentPoolProfiles, networkProfile, ...inputs } = inputsOf(most);
    const { agentPoolProfiles: _1, networkProfile: leastNetwork, ...before } = inputsOf(least);
    assert.deepEqual(inputs, {
      ...before,
      sku: { name: "Base", tier: "Premium" },
      supportPlan: "AKSLongTermSupport",
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "SecurityPatch" },
      securityProfile: {
        workloadIdentity: { enabled: true },
        imageCleaner: { enabled: true, intervalHours: 168 },
        defender: { logAnalyticsWorkspaceResourceId: "<mooring-logs.id>", securityMonitoring: { enabled: true } },
      },
      addonProfiles: { azurepolicy: { enabled: true }, azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } } },
      azureMonitorProfile: { metrics: { enabled: true } },
      metricsProfile: { costAnalysis: { enabled: true } },
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24", "198.51.100.7/32", "<mooring-network-egress-address.ipAddress>/32"], disableRunCommand: true },
      tags: tags("production"),
    });
    assert.deepEqual(networkProfile, { ...(leastNetwork as object), outboundType: "userAssignedNATGateway" });
    assert.equal((agentPoolProfiles as unknown[]).length, 1);
  });

  test("Kubernetes' own authorisation, and nodes as pods need them", () => {
    const { aadProfile, nodeProvisioningProfile } = inputsOf(provisioned);
    assert.equal((aadProfile as Record<string, unknown>).enableAzureRBAC, false);
    assert.deepEqual(nodeProvisioningProfile, { mode: "Auto", defaultNodePools: "Auto" });
  });
});

describe("around the cluster", () => {
  test("it is replaced once its API server leaves the network, and deleted first, since its name is taken", async () => {
    const expected = { replaceOnChanges: ["apiServerAccessProfile.enableVnetIntegration"], deleteBeforeReplace: true };
    assert.deepEqual(options(least.one("ManagedCluster", "mooring-cluster")), expected);
    assert.deepEqual(options(most.one("ManagedCluster", "mooring-cluster")), { protect: true, ...expected });
    // An API server is taken into the network of a cluster that runs; only out of it leads no way.
    const integrated = await Program.of(configuration({ cluster: cluster({ api: "vnetIntegration" }) }));
    assert.deepEqual(integrated.one("ManagedCluster", "mooring-cluster").replaceOnChanges, []);
  });

  test("two identities of its own, without credentials", () => {
    for (const [name, resourceName] of [["mooring-cluster-control-plane-identity", "id-acme-staging-cluster"], ["mooring-cluster-kubelet-identity", "id-acme-staging-kubelet"]] as const) {
      assert.deepEqual(least.one("UserAssignedIdentity", name).inputs, { resourceName, resourceGroupName: "rg-acme-staging", location: "westeurope", tags: tags() });
    }
    assert.deepEqual(least.all("FederatedIdentityCredential"), []);
  });

  test("maintenance windows, each setting of its own over its tier's", () => {
    const windows = (program: Program) => Object.fromEntries(program.all("MaintenanceConfiguration").map(({ inputs }) => [inputs.configName, inputs.maintenanceWindow]));
    const weekly = (dayOfWeek: string) => ({ weekly: { dayOfWeek, intervalWeeks: 1 } });
    assert.deepEqual(windows(least), {
      aksManagedAutoUpgradeSchedule: { schedule: weekly("Tuesday"), startTime: "20:00", durationHours: 4, utcOffset: "+00:00" },
      aksManagedNodeOSUpgradeSchedule: { schedule: weekly("Wednesday"), startTime: "20:00", durationHours: 4, utcOffset: "+00:00" },
    });
    const frozen = { utcOffset: "+01:00", notAllowedDates: [{ start: "2026-12-20", end: "2027-01-04" }] };
    assert.deepEqual(windows(most), {
      aksManagedAutoUpgradeSchedule: { schedule: weekly("Monday"), startTime: "20:00", durationHours: 8, ...frozen },
      aksManagedNodeOSUpgradeSchedule: { schedule: weekly("Sunday"), startTime: "01:30", durationHours: 5, ...frozen },
    });
    const [window] = most.all("MaintenanceConfiguration");
    assert.deepEqual([window!.inputs.resourceName, window!.inputs.resourceGroupName], ["aks-acme-staging", "rg-acme-staging"]);
    assert.ok(most.dependsOn(window!, most.one("ManagedCluster", "mooring-cluster")));
  });

  test("safeguards warn and leave the system's namespaces alone; without the policy add-on there are none", () => {
    assert.deepEqual(most.one("DeploymentSafeguard", "mooring-cluster-safeguards").inputs, {
      resourceUri: "<mooring-cluster.id>",
      level: "Warn",
      excludedNamespaces: ["kube-system", "gatekeeper-system", "flux-system"],
    });
    assert.deepEqual(least.all("DeploymentSafeguard"), []);
  });
});

test("the cluster alone is tried again", () => {
  const tried = most.registrations.filter(({ errorHooks }) => errorHooks.length > 0);
  assert.deepEqual(tried.map(({ name, errorHooks }) => [name, errorHooks]), [["mooring-cluster", ["mooring-cluster-waits-for-rights"]]]);
});

test("only rights that are on their way are waited for, and not for ever", () => {
  const kubelet = "Code=\"CustomKubeletIdentityMissingPermissionError\" Message=\"…\"";
  const failure = (failedOperation: "create" | "update" | "delete", ...errors: string[]) => isPropagating({ failedOperation, errors });
  assert.ok(failure("create", kubelet) && failure("update", kubelet) && failure("create", "CustomPrivateDNSZoneMissingPermissionError", kubelet));
  assert.ok(!failure("delete", kubelet) && !failure("create", "QuotaExceeded", kubelet) && !failure("create"));
  const times = (count: number) => failure("create", ...Array.from({ length: count }, () => kubelet));
  assert.deepEqual([times(20), times(21)], [true, false]);
});
