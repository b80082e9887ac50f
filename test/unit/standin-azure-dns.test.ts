/** The stand-in for Azure: public DNS zones and records; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Value, Values } from "../../local/standins/contract.ts";
import { type, withGroup } from "./standin-azure-foundation.ts";

const zoneArgs: Values = { resourceGroupName: "rg", zoneName: "acme.example", location: "global" };
const set = (recordType: string, relativeRecordSetName: string, records: Values): Values => ({ resourceGroupName: "rg", zoneName: "acme.example", recordType, relativeRecordSetName, ttl: 300, ...records });
const a = (name: string, ...addresses: string[]): Values => set("A", name, { aRecords: addresses.map((ipv4Address) => ({ ipv4Address })) });
const cname = (name: string, target = "shop.acme.example"): Values => set("CNAME", name, { cnameRecord: { cname: target } });
const txt = (name: string, ...texts: string[][]): Values => set("TXT", name, { txtRecords: texts.map((value) => ({ value })) });

async function withZone(context: TestContext) {
  const driver = await withGroup(context);
  const zone = await driver.create(type.dnsZone, "zone", zoneArgs);
  const refused = (args: Values, message: RegExp) => assert.rejects(driver.create(type.recordSet, "set", args), message);
  return { driver, zone, refused };
}

test("a zone is global, has four name servers for its life, and from the start two record sets of its own", async (context) => {
  const driver = await withGroup(context);
  await assert.rejects(driver.create(type.dnsZone, "here", { ...zoneArgs, location: "westeurope" }), /List of available regions for the resource type is 'global'/);
  const zone = await driver.create(type.dnsZone, "zone", zoneArgs);
  const servers = zone.outputs.nameServers as string[];
  assert.deepEqual(servers.map((name) => name.replace(/-\d\d/, "")), ["com", "net", "org", "info"].map((domain, index) => `ns${index + 1}.azure-dns.${domain}.`));
  const look = async (): Promise<Values> => driver.invoke("azure-native:dns:getZone", { resourceGroupName: "rg", zoneName: "acme.example" });
  assert.deepEqual([(await look()).nameServers, (await look()).numberOfRecordSets], [servers, 2]);
  await driver.create(type.recordSet, "www", a("www", "203.0.113.7"));
  const updated = await driver.update(zone, { ...zoneArgs, tags: { a: "b" } });
  assert.deepEqual([updated.outputs.nameServers, (await look()).numberOfRecordSets], [servers, 3]);
  await assert.rejects(driver.update(zone, { ...zoneArgs, zoneType: "Private" }), /Changing property 'zoneType'/);
  assert.deepEqual((await driver.diff(zone, { ...zoneArgs, zoneName: "acme2.example" })).replaces, ["zoneName"]);
});

test("the zone's own records are made and go with it alone", async (context) => {
  const { driver, zone, refused } = await withZone(context);
  await refused(set("NS", "@", { nsRecords: [{ nsdname: "ns1.acme.example" }] }), /cannot create already existing resource/);
  await refused(set("SOA", "x", { soaRecord: { host: "ns1.acme.example" } }), /SOA are created with the zone/);
  const apex = `${zone.id}/NS/@`;
  await assert.rejects(driver.delete({ type: type.recordSet, name: "ns", id: apex, inputs: {}, outputs: {} }), /goes with the zone and cannot be deleted/);
  const team = await driver.create(type.recordSet, "team", set("NS", "team", { nsRecords: [{ nsdname: "ns1.acme.example." }] }));
  await driver.delete(team);
  await driver.create(type.recordSet, "www", a("www", "203.0.113.7"));
  await driver.delete(zone);
  assert.equal(await driver.read({ type: type.recordSet, name: "ns", id: apex }), undefined);
  await driver.create(type.dnsZone, "again", zoneArgs);
});

test("a CNAME stands alone, whichever comes first, and never at the zone itself", async (context) => {
  const { driver, refused } = await withZone(context);
  const address = await driver.create(type.recordSet, "www", a("www", "203.0.113.7"));
  const taken = /Status=409 Code="Conflict" Message="The CNAME record could not be created because another record with the same name already exists in this zone\."/;
  await refused(cname("www"), taken);
  await refused(cname("WWW"), taken);
  await refused(cname("@"), taken);
  await driver.delete(address);
  const alias = await driver.create(type.recordSet, "www", cname("www"));
  await refused(a("www", "203.0.113.7"), /Status=409 Code="Conflict" Message="The record could not be created because a CNAME record with the same name/);
  await driver.create(type.recordSet, "other", a("www2", "203.0.113.7"));
  assert.deepEqual((await driver.diff(alias, a("www", "203.0.113.7"))).replaces, ["recordType"]);
});

test("a record set holds records of its own type, as many and as long as the zone takes", async (context) => {
  const { driver, refused } = await withZone(context);
  const wrong: [Values, RegExp][] = [
    [set("A", "x", {}), /of type A needs aRecords/],
    [set("A", "x", { aRecords: [] }), /of type A needs aRecords/],
    [{ ...a("x", "203.0.113.7"), txtRecords: [{ value: ["x"] }] }, /type A cannot hold txtRecords/],
    [a("x", "203.0.113.256"), /203\.0\.113\.256.* is not valid for a record set of type A/],
    [set("AAAA", "x", { aaaaRecords: [{ ipv6Address: "203.0.113.7" }] }), /not valid for a record set of type AAAA/],
    [cname("x", '"shop.acme.example"'), /not valid for a record set of type CNAME/],
    [set("MX", "x", { mxRecords: [{ exchange: "mail.acme.example" }] }), /not valid for a record set of type MX/],
    [set("CAA", "x", { caaRecords: [{ flags: 0, tag: "issues", value: "letsencrypt.org" }] }), /not valid for a record set of type CAA/],
    [set("CAA", "x", { caaRecords: [{ flags: 256, tag: "issue", value: "letsencrypt.org" }] }), /caaRecords\[0\]\.flags: 256 is out of range/],
    [set("NS", "*", { nsRecords: [{ nsdname: "ns1.acme.example" }] }), /Wildcard record sets are not supported/],
    [a("x", ...Array.from({ length: 21 }, (_, index) => `203.0.113.${index}`)), /at most 20 records, not 21/],
    [txt("x", ["a".repeat(256)]), /at most 255 characters/],
    [txt("x", Array.from({ length: 17 }, () => "a".repeat(241))), /at most 4096 characters/],
    [txt("x", ...Array.from({ length: 401 }, () => ["a"])), /at most 400 records, not 401/],
    [{ ...a("x", "203.0.113.7"), ttl: 0 }, /ttl: 0 is out of range/],
    [{ resourceGroupName: "rg", zoneName: "acme.example", recordType: "A", relativeRecordSetName: "x", aRecords: [{ ipv4Address: "203.0.113.7" }] }, /TTL of a record set is between/],
  ];
  for (const [args, message] of wrong) await refused(args, message);
  const right: Values[] = [
    a("a", ...Array.from({ length: 20 }, (_, index) => `203.0.113.${index}`)),
    set("AAAA", "a", { aaaaRecords: [{ ipv6Address: "2001:db8::7" }] }),
    cname("b"),
    set("MX", "@", { mxRecords: [{ exchange: "mail.acme.example", preference: 10 }] }),
    set("CAA", "@", { caaRecords: [{ flags: 0, tag: "issue", value: "letsencrypt.org" }] }),
    set("NS", "team", { nsRecords: [{ nsdname: "ns1-04.azure-dns.com." }] }),
    txt("c", Array.from({ length: 16 }, () => "a".repeat(255)), ["a".repeat(16)]),
    txt("d", ...Array.from({ length: 400 }, () => ["a"])),
    a("*", "203.0.113.7"),
  ];
  for (const args of right) await driver.create(type.recordSet, "set", args);
});

test("it answers with its full name and the type that its id says; a change of its records is an update", async (context) => {
  const { driver } = await withZone(context);
  const live = await driver.create(type.recordSet, "www", a("www", "203.0.113.7"));
  assert.deepEqual([live.outputs.name, live.outputs.type, live.outputs.fqdn, live.outputs.ttl], ["www", "Microsoft.Network/dnsZones/A", "www.acme.example.", 300]);
  assert.equal((await driver.create(type.recordSet, "mx", set("MX", "@", { mxRecords: [{ exchange: "mail.acme.example", preference: 10 }] }))).outputs.fqdn, "acme.example.");
  const changed = { ...a("www", "203.0.113.8"), ttl: 60 };
  assert.deepEqual((await driver.diff(live, changed)).replaces, []);
  const updated = await driver.update(live, changed);
  assert.deepEqual(updated.outputs.aRecords as Value, [{ ipv4Address: "203.0.113.8" }]);
  assert.deepEqual((await driver.read(live))?.outputs.ttl, 60);
});
