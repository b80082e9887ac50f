/** How the API server is reached, and the rights that the cluster's identity has before the cluster is made. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster, grants, hub } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const zone = hub("Microsoft.Network/privateDnsZones", "private.westeurope.azmk8s.io");
const ranges = ["203.0.113.0/24", "198.51.100.7/32"];
const open = await Program.of(configuration());
const ranged = await Program.of(configuration({ cluster: cluster({ authorizedRanges: ranges }) }));
const closed = await Program.of(configuration({ cluster: cluster({ api: "private", privateDnsZone: zone }) }));
const ownZone = await Program.of(configuration({ cluster: cluster({ api: "private" }) }));
const integrated = await Program.of(configuration({ cluster: cluster({ api: "vnetIntegration", authorizedRanges: ranges }), network: { egress: "natGateway" } }));
const throughNat = await Program.of(configuration({ cluster: cluster({ authorizedRanges: ranges }), network: { egress: "natGateway" } }));
const openThroughNat = await Program.of(configuration({ network: { egress: "natGateway" } }));

describe("the API server", () => {
  const profile = (program: Program) => program.one("ManagedCluster", "mooring-cluster").inputs.apiServerAccessProfile;
  const withinNetwork = { enableVnetIntegration: true, subnetId: "<mooring-network-api-server.id>" };

  test("public: from anywhere, or from the ranges of the settings", () => {
    assert.deepEqual(profile(open), { authorizedIPRanges: [], disableRunCommand: true });
    assert.deepEqual(profile(ranged), { authorizedIPRanges: ranges, disableRunCommand: true });
  });

  test("public, behind a NAT gateway: the nodes' own address is let in too, where not everybody is", () => {
    assert.deepEqual(profile(throughNat), { authorizedIPRanges: [...ranges, "<mooring-network-egress-address.ipAddress>/32"], disableRunCommand: true });
    assert.deepEqual(profile(openThroughNat), { authorizedIPRanges: [], disableRunCommand: true });
  });

  test("within the network and at a public address: the nodes' own way in needs no range", () => {
    assert.deepEqual(profile(integrated), { authorizedIPRanges: ranges, ...withinNetwork, disableRunCommand: true });
  });

  test("private: within the network alone, named in the zone of the settings or in AKS's own", () => {
    const expected = { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false, ...withinNetwork, disableRunCommand: true };
    assert.deepEqual(profile(closed), { ...expected, privateDNSZone: zone });
    assert.deepEqual(profile(ownZone), { ...expected, privateDNSZone: "system" });
  });

  test("private: its subnet and its zone are the cluster's for life", () => {
    const trigger = (program: Program) => program.one("ManagedCluster", "mooring-cluster").replacementTrigger;
    assert.deepEqual([trigger(closed), trigger(ownZone)], [["<mooring-network-api-server.id>", zone], ["<mooring-network-api-server.id>", "system"]]);
    // An API server of another kind may become private, and a private one stop being it.
    assert.deepEqual([open, ranged, integrated].map(trigger), [undefined, undefined, undefined]);
  });
});

describe("the cluster's identity", () => {
  const rights = (program: Program) => grants(program, /^mooring-cluster-/);
  const controlPlane = ["<id-acme-staging-cluster.principalId>", "ServicePrincipal"];
  const always = {
    "mooring-cluster-uses-kubelet-identity": ["Managed Identity Operator", ...controlPlane, "<mooring-cluster-kubelet-identity.id>"],
    "mooring-cluster-joins-subnet": ["Network Contributor", ...controlPlane, "<mooring-network-nodes.id>"],
  };
  const withApiServer = { ...always, "mooring-cluster-joins-api-server-subnet": ["Network Contributor", ...controlPlane, "<mooring-network-api-server.id>"] };

  test("joins the nodes' subnet and uses the kubelet's identity, and may do no more", () => {
    for (const program of [open, ranged, throughNat]) assert.deepEqual(rights(program), always);
  });

  const withPrivateZone = { ...withApiServer, "mooring-cluster-links-private-zone": ["Network Contributor", ...controlPlane, "<mooring-network.id>"] };

  test("joins the API server's subnet where there is one", () => assert.deepEqual(rights(integrated), withApiServer));

  test("links the zone of a private API server to the network, AKS's own too", () => assert.deepEqual(rights(ownZone), withPrivateZone));

  test("writes in a private zone that the settings name", () => {
    assert.deepEqual(rights(closed), { ...withPrivateZone, "mooring-cluster-writes-private-zone": ["Private DNS Zone Contributor", ...controlPlane, zone] });
  });

  test("has every right before the cluster is made", () => {
    for (const program of [open, integrated, ownZone, closed]) {
      const needs = program.needs(program.one("ManagedCluster", "mooring-cluster"));
      for (const name of Object.keys(rights(program))) assert.ok(needs.includes(name), name);
    }
  });
});
