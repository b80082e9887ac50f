/** The environment's DNS zone and its records, in a zone of its own and in one that exists. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { recordKey, recordSetArgs } from "../../components/azure/dns-args.ts";
import type { DnsRecord } from "../../components/settings/dns-settings.ts";
import { entraTenant, options, production, subscription, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const zone = "apps.acme.example";
const elsewhere = "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e";
const records = [
  { name: "@", type: "A", values: ["203.0.113.7", "203.0.113.8"] },
  { name: "@", type: "CAA", values: ["0 issue letsencrypt.org", "128 iodef mailto:security@acme.example"] },
  { name: "@", type: "MX", ttl: 86400, values: ["10 mail.acme.example"] },
  { name: "@", type: "TXT", values: ["v=spf1 -all", "a".repeat(300)] },
  { name: "*", type: "AAAA", ttl: 60, values: ["2001:db8::7"] },
  { name: "www", type: "CNAME", values: ["shop.acme.example"] },
  { name: "team", type: "NS", values: ["ns1-04.azure-dns.com."] },
];

const own = await Program.of(configuration({ dns: { zone, records } }));
const prod = await Program.of(configuration(production({ dns: { zone } })));
const existing = (more: Record<string, unknown>) => Program.of(configuration({ dns: { zone, existing: { resourceGroup: "rg-acme-dns", ...more }, records: [records[5]] } }));
const beside = await existing({});
const other = await existing({ subscription: elsewhere });
const none = await Program.of(configuration());

describe("a zone of its own", () => {
  test("is public, in the environment's group, with its tags", () => {
    assert.deepEqual(own.one("Zone", "mooring-dns").inputs, { resourceGroupName: "rg-acme-staging", zoneName: zone, location: "global", zoneType: "Public", tags: tags() });
    assert.deepEqual(options(own.one("Zone", "mooring-dns")), {});
  });

  test("in production is protected, and not locked, since external-dns deletes records in it", () => {
    assert.deepEqual(options(prod.one("Zone", "mooring-dns")), { protect: true, replacementTrigger: [entraTenant, subscription] });
    assert.ok(!prod.all("ManagementLockByScope").some(({ inputs }) => JSON.stringify(inputs).includes("mooring-dns")));
  });

  test("says where it is to be delegated to", () => {
    assert.deepEqual(own.outputs.dns, { zone, nameServers: "<mooring-dns.nameServers>" });
    assert.equal(none.outputs.dns, undefined);
    assert.deepEqual([...none.all("Zone"), ...none.all("RecordSet")], []);
  });
});

describe("records", () => {
  test("each stand in the zone with their TTL, as Azure names their parts", () => {
    const given = Object.fromEntries(
      own.all("RecordSet").map(({ name, inputs: { resourceGroupName, zoneName, relativeRecordSetName, recordType, metadata, ...rest } }) => {
        assert.deepEqual([resourceGroupName, zoneName, metadata], ["rg-acme-staging", zone, { environment: "staging", "managed-by": "mooring" }]);
        return [name, [relativeRecordSetName, recordType, rest]];
      }),
    );
    assert.deepEqual(given, {
      "mooring-dns-a-@": ["@", "A", { ttl: 3600, aRecords: [{ ipv4Address: "203.0.113.7" }, { ipv4Address: "203.0.113.8" }] }],
      "mooring-dns-caa-@": ["@", "CAA", { ttl: 3600, caaRecords: [{ flags: 0, tag: "issue", value: "letsencrypt.org" }, { flags: 128, tag: "iodef", value: "mailto:security@acme.example" }] }],
      "mooring-dns-mx-@": ["@", "MX", { ttl: 86400, mxRecords: [{ preference: 10, exchange: "mail.acme.example" }] }],
      "mooring-dns-txt-@": ["@", "TXT", { ttl: 3600, txtRecords: [{ value: ["v=spf1 -all"] }, { value: ["a".repeat(255), "a".repeat(45)] }] }],
      "mooring-dns-aaaa-*": ["*", "AAAA", { ttl: 60, aaaaRecords: [{ ipv6Address: "2001:db8::7" }] }],
      "mooring-dns-a-www": ["www", "CNAME", { ttl: 3600, cnameRecord: { cname: "shop.acme.example" } }],
      "mooring-dns-ns-team": ["team", "NS", { ttl: 3600, nsRecords: [{ nsdname: "ns1-04.azure-dns.com." }] }],
    });
  });

  test("that take one another's place are deleted first; those that may stand side by side have names apart", () => {
    const key = (name: string, type: DnsRecord["type"]) => recordKey({ name, type });
    assert.equal(key("www", "A"), key("www", "CNAME"));
    const apart = (["A", "AAAA", "CAA", "MX", "NS", "TXT"] as const).flatMap((type) => ["@", "www", "a-www"].map((name) => key(name, type)));
    assert.equal(new Set(apart).size, apart.length);
    for (const record of own.all("RecordSet")) assert.deepEqual(options(record), { deleteBeforeReplace: true });
  });

  test("of one type hold nothing of another", () => {
    const args = recordSetArgs({ name: "x", type: "A", ttl: 60, values: ["203.0.113.7"] }, "staging");
    assert.deepEqual(Object.keys(args).filter((name) => name.endsWith("Records") || name.endsWith("Record")), ["aRecords"]);
  });
});

describe("a zone that somebody else made", () => {
  test("is looked up and not made; records are put into it", () => {
    for (const program of [beside, other]) {
      assert.deepEqual(program.all("Zone"), []);
      const { resourceGroupName, zoneName, recordType } = program.one("RecordSet", "mooring-dns-a-www").inputs;
      assert.deepEqual([resourceGroupName, zoneName, recordType], ["rg-acme-dns", zone, "CNAME"]);
      // In another subscription it would be believed where the provider looks now.
      assert.deepEqual(options(program.one("RecordSet", "mooring-dns-a-www")).replacementTrigger, [program === other ? elsewhere : subscription]);
      assert.deepEqual(program.outputs.dns, { zone, nameServers: `<${zone}.nameServers>` });
    }
  });

  test("in another subscription has a provider for that one, which its records use", () => {
    const provider = (program: Program) => program.registrations.find(({ name }) => name === "mooring-dns-azure");
    assert.equal(provider(beside), undefined);
    assert.deepEqual([provider(other)?.inputs.subscriptionId, provider(other)?.inputs.tenantId], [elsewhere, entraTenant]);
    assert.match(String(other.one("RecordSet", "mooring-dns-a-www").provider), /::mooring-dns-azure::/);
    assert.match(String(beside.one("RecordSet", "mooring-dns-a-www").provider), /::mooring-azure::/);
    assert.notEqual(elsewhere, subscription);
  });
});
