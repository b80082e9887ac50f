/** The identities of add-ons: whom they trust, and what they may do in Azure. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { evaluate } from "../../cli/render/evaluate.ts";
import type { Registration } from "../../cli/render/evaluate.ts";
import { registerAddonIdentities } from "../../components/azure/addon-identities.ts";
import type { ClusterAccess } from "../../components/azure/cluster-lookup.ts";
import { Dns } from "../../components/azure/dns.ts";
import { roles } from "../../components/azure/roles.ts";
import { addOns } from "../../components/add-ons/catalogue.ts";
import type { AddOnName } from "../../components/add-ons/catalogue.ts";
import { subscription, tags } from "../azure.ts";
import { configuration, settings } from "../settings.ts";

const elsewhere = "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e";
const every = Object.keys(addOns) as AddOnName[];
const withIdentity = every.filter((name) => addOns[name].identity !== undefined);
const cluster = { oidcIssuer: pulumi.output("https://issuer.example/") } as ClusterAccess;

interface Made {
  all: Registration[];
  clientIds: Record<string, unknown>;
}

async function made(enabled: readonly AddOnName[], changes: Record<string, unknown>): Promise<Made> {
  const wanted = settings(changes);
  let clientIds: Record<string, unknown> = {};
  const all = await evaluate(configuration(changes), async () => {
    const parent = new pulumi.ComponentResource("test:index:Platform", "mooring");
    const resourceGroup = wanted.names.resourceGroup;
    const zone = wanted.dns && new Dns("mooring-dns", wanted, wanted.dns, { resourceGroup }, { parent });
    clientIds = (await pulumi.runtime.serializeProperties("clientIds", registerAddonIdentities("mooring-addons", wanted, { enabled, resourceGroup, cluster, zone }, { parent }))) as Record<string, unknown>;
  });
  return { all, clientIds };
}

const own = await made(every, { dns: { zone: "acme.example" } });
const shared = await made(["externalDns"], { dns: { zone: "acme.example", existing: { resourceGroup: "rg-dns", subscription: elsewhere } } });
const none = await made(["externalSecrets", "gateway"], {});
const of = ({ all }: Made, kind: string) => all.filter(({ type }) => type.endsWith(`:${kind}`));
const scopes = (given: Made) => of(given, "RoleAssignment").map(({ name, inputs }) => [name, String(inputs.roleDefinitionId).split("/").at(-1), inputs.principalId, inputs.scope]).sort();

describe("an add-on's identity", () => {
  test("is there for those that act in Azure, and no other", () => {
    assert.deepEqual(of(own, "UserAssignedIdentity").map(({ inputs }) => inputs.resourceName).sort(), ["id-acme-staging-cert-manager", "id-acme-staging-external-dns"]);
    for (const { inputs } of of(own, "UserAssignedIdentity")) assert.deepEqual([inputs.resourceGroupName, inputs.tags], ["rg-acme-staging", tags()]);
    assert.deepEqual(own.clientIds, { certManager: "<id-acme-staging-cert-manager.clientId>", externalDns: "<id-acme-staging-external-dns.clientId>" });
    assert.deepEqual(Object.keys(own.clientIds).sort(), withIdentity.toSorted());
    assert.deepEqual([none.clientIds, none.all.map(({ name }) => name)], [{}, ["mooring"]]);
  });

  test("trusts the one account of the catalogue, in this cluster", () => {
    assert.deepEqual(
      of(own, "FederatedIdentityCredential").map(({ inputs }) => [inputs.resourceName, inputs.issuer, inputs.subject]).sort(),
      [
        ["id-acme-staging-cert-manager", "https://issuer.example/", "system:serviceaccount:cert-manager:cert-manager"],
        ["id-acme-staging-external-dns", "https://issuer.example/", "system:serviceaccount:external-dns:external-dns"],
      ],
    );
  });

  test("may write to the zone, and external-dns list the zones of its group: nothing else", () => {
    const group = `/subscriptions/${subscription}/resourceGroups/rg-acme-staging`;
    assert.deepEqual(scopes(own), [
      ["mooring-addons-cert-manager-dnsZoneContributor", roles.dnsZoneContributor, "<id-acme-staging-cert-manager.principalId>", "<mooring-dns.id>"],
      ["mooring-addons-external-dns-dnsZoneContributor", roles.dnsZoneContributor, "<id-acme-staging-external-dns.principalId>", "<mooring-dns.id>"],
      ["mooring-addons-external-dns-reader", roles.reader, "<id-acme-staging-external-dns.principalId>", group],
    ]);
    assert.deepEqual([roles.dnsZoneContributor, roles.reader], ["befefa01-2a29-4197-83a8-272ff33ce314", "acdd72a7-3385-48ef-bd42-f606fba81ae7"]);
  });

  test("in a zone that exists has its roles there, by that subscription's definitions", () => {
    const group = `/subscriptions/${elsewhere}/resourceGroups/rg-dns`;
    assert.deepEqual(scopes(shared).map(([, , , scope]) => scope), [`${group}/providers/Microsoft.Network/dnsZones/acme.example`, group]);
    for (const { inputs } of of(shared, "RoleAssignment")) assert.match(String(inputs.roleDefinitionId), new RegExp(`^/subscriptions/${elsewhere}/`));
    assert.equal(of(shared, "UserAssignedIdentity")[0]!.inputs.resourceGroupName, "rg-acme-staging");
  });

  test("has no role without a zone, rather than one somewhere else", async () => {
    await assert.rejects(made(["externalDns"], {}), /externalDns has no DNS zone to write to/);
  });
});
