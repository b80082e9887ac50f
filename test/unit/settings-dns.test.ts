/** Rules of the DNS zone and its records: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { caaOf, mxOf, txtStrings, valueFault } from "../../components/settings/dns-values.ts";
import { testRules } from "../rules.ts";
import type { Rule } from "../rules.ts";
import { mistakes, settings } from "../settings.ts";

type Written = Record<string, unknown>;

const zone = "apps.acme.example";
const of = (...records: Written[]) => ({ dns: { zone, records } });
const a = (name: string, more: Written = {}): Written => ({ name, type: "A", values: ["203.0.113.7"], ...more });
const cname = (name: string, values = ["shop.acme.example"]): Written => ({ name, type: "CNAME", values });
const ns = (name: string): Written => ({ name, type: "NS", values: ["ns1.acme.example"] });
const txt = (name: string, values: string[]): Written => ({ name, type: "TXT", values });
const at = "mooring:dns.records";
const withExternalDns = (...records: Written[]) => ({
  ...of(...records),
  tenancy: { domain: zone },
  fleet: {},
  addons: { certManager: { email: "platform@acme.example" }, gateway: null, externalDns: null },
});
const teams = { tenants: { orders: {}, shop: {} }, webhooks: { host: `hooks.${zone}`, gateway: { name: "public", namespace: "envoy-gateway-system" } }, tenancy: { domain: zone } };
const notAName = "is not the name of a record: lower-case letters, digits, - and _, or @ for the zone itself, or a * in front";

/** One value of a type that is wrong, the reason, and one that is right. */
const values: [type: string, wrong: string, what: string, right: string][] = [
  ["A", "203.0.113.256", "an IPv4 address; write for example 203.0.113.7", "203.0.113.255"],
  ["A", "2001:db8::7", "an IPv4 address; write for example 203.0.113.7", "198.51.100.1"],
  ["AAAA", "203.0.113.7", "an IPv6 address; write for example 2001:db8::7", "2001:db8::7"],
  ["AAAA", "fe80::1%eth0", "an IPv6 address; write for example 2001:db8::7", "fe80::1"],
  ["CAA", "0 issue", "a CAA record; write flags, tag (issue, issuewild or iodef) and value, for example 0 issue letsencrypt.org", "0 issue ;"],
  ["CAA", "256 issue letsencrypt.org", "a CAA record; write flags, tag (issue, issuewild or iodef) and value, for example 0 issue letsencrypt.org", "128 issuewild letsencrypt.org"],
  ["CAA", "0 issues letsencrypt.org", "a CAA record; write flags, tag (issue, issuewild or iodef) and value, for example 0 issue letsencrypt.org", "0 iodef mailto:security@acme.example"],
  ["CNAME", "203.0.113.7", "a host name; write for example shop.acme.example", "203-0-113-7.acme.example"],
  ["MX", "mail.acme.example", "an MX record; write preference and host, for example 10 mail.acme.example", "10 mail.acme.example"],
  ["MX", "65536 mail.acme.example", "an MX record; write preference and host, for example 10 mail.acme.example", "65535 mail.acme.example"],
  ["NS", "ns1", "a name server's host name; write for example ns1-04.azure-dns.com", "ns1-04.azure-dns.com."],
  ["TXT", '"v=spf1 -all"', "a text of printable ASCII characters without quotes around it", 'v=spf1 -all "quoted"'],
  ["TXT", "grüße", "a text of printable ASCII characters without quotes around it", "gruesse"],
];

const wrongValues: Rule[] = values.map(([type, wrong, what, right]) => ({
  what: `${type} takes no ${wrong}`,
  wrong: of({ name: "x", type, values: [wrong] }),
  lines: [`${at}[0].values[0]: ${JSON.stringify(wrong)} is not ${what}`],
  right: of({ name: "x", type, values: [right] }),
}));

describe("the records", () => {
  testRules([
    ...wrongValues,
    { what: "have names of lower-case letters", wrong: of(a("WWW")), lines: [`${at}[0].name: "WWW" ${notAName}`], right: of(a("www")) },
    { what: "have a * in front alone", wrong: of(a("a.*.b")), lines: [`${at}[0].name: "a.*.b" ${notAName}`], right: of(a("*.a.b")) },
    { what: "have names for checks", wrong: of(txt("-acme", ["x"])), lines: [`${at}[0].name: "-acme" ${notAName}`], right: of(txt("_acme-challenge.www", ["x"])) },
    {
      what: "are named relative to the zone",
      wrong: of(a(`www.${zone}`), txt(zone, ["x"])),
      lines: [
        `${at}[0].name: www.${zone} has the zone's name in it, and names are relative to the zone; write www`,
        `${at}[1].name: ${zone} has the zone's name in it, and names are relative to the zone; write @`,
      ],
      right: of(a("www"), txt("@", ["x"])),
    },
    {
      what: "have names that DNS takes with the zone behind them",
      wrong: of(a(Array.from({ length: 4 }, () => "a".repeat(59)).join("."))),
      lines: [`${at}[0].name: with the zone behind it the name has 257 characters, and 253 are allowed`],
      right: of(a(["a".repeat(55), ...Array.from({ length: 3 }, () => "a".repeat(59))].join("."))),
    },
    { what: "live a second at least", wrong: of(a("www", { ttl: 0 })), lines: [`${at}[0].ttl: 0 is not allowed, at least 1 is`], right: of(a("www", { ttl: 1 })) },
    { what: "live as long as Azure lets them", wrong: of(a("www", { ttl: 2_147_483_648 })), lines: [`${at}[0].ttl: 2147483648 is not allowed, at most 2147483647 is`], right: of(a("www", { ttl: 2_147_483_647 })) },
    { what: "say something", wrong: of(a("www", { values: [] })), lines: [`${at}[0].values: must not be empty`], right: of(a("www")) },
    { what: "are of a type", wrong: of({ ...a("www"), type: "SRV" }), lines: [`${at}[0].type: "SRV" is not one of A, AAAA, CAA, CNAME, MX, NS, TXT`], right: of(a("www")) },
    {
      what: "stand in one set for each name and type",
      wrong: of(a("www"), a("www", { values: ["203.0.113.8"] })),
      lines: [`${at}[1]: the A records of www stand above already; put all values into one entry`],
      right: of(a("www", { values: ["203.0.113.7", "203.0.113.8"] }), { name: "www", type: "AAAA", values: ["2001:db8::7"] }),
    },
    { what: "say each thing once", wrong: of(a("www", { values: ["203.0.113.7", "203.0.113.7"] })), lines: [`${at}[0].values[1]: "203.0.113.7" stands above already`], right: of(a("www", { values: ["203.0.113.7", "203.0.113.8"] })) },
    {
      what: "a CNAME stands alone, whichever comes first",
      wrong: of(a("www"), cname("www"), cname("shop"), txt("shop", ["x"])),
      lines: [
        `${at}[1]: www has A records above, and a CNAME stands alone; remove one of the two`,
        `${at}[3]: shop has CNAME records above, and a CNAME stands alone; remove one of the two`,
      ],
      right: of(a("www"), cname("www2"), cname("shop"), txt("shop2", ["x"])),
    },
    { what: "a CNAME leads to one name", wrong: of(cname("www", ["a.acme.example", "b.acme.example"])), lines: [`${at}[0].values: a CNAME leads to one name; keep one`], right: of(cname("www", ["a.acme.example"])) },
    {
      what: "the zone itself has no CNAME",
      wrong: of(cname("@")),
      lines: [`${at}[0].name: the zone itself has NS and SOA records, beside which no CNAME can stand; write A or AAAA records`],
      right: of(a("@")),
    },
    { what: "the zone's own name servers are Azure's", wrong: of(ns("@")), lines: [`${at}[0].name: Azure keeps the zone's own NS records; remove this one, and delegate the zone where its parent is`], right: of(ns("team")) },
    { what: "a delegation has no wildcard", wrong: of(ns("*.team")), lines: [`${at}[0].name: NS records have no wildcards; name what is delegated`], right: of(ns("team")) },
    {
      what: "nobody sees what lies below a delegation, or beside it",
      wrong: of(a("www.team"), ns("team"), txt("team", ["x"])),
      lines: [0, 2].map((index) => `${at}[${index}].name: team is delegated to other name servers, so that nobody would see this; make the record there`),
      right: of(a("www.team2"), ns("team"), txt("www-team", ["x"])),
    },
    {
      what: "are as many as Azure takes",
      wrong: of(a("www", { values: Array.from({ length: 21 }, (_, index) => `203.0.113.${index}`) })),
      lines: [`${at}[0].values: there are 21, and Azure takes 20`],
      right: of(a("www", { values: Array.from({ length: 20 }, (_, index) => `203.0.113.${index}`) })),
    },
    {
      what: "are as long as Azure takes",
      wrong: of(txt("long", ["a".repeat(2048), "b".repeat(2049)])),
      lines: [`${at}[0].values: they have 4097 characters together, and Azure takes 4096`],
      right: of(txt("long", ["a".repeat(2048), "b".repeat(2048)])),
    },
    {
      what: "leave the hosts of teams to external-dns, where it runs",
      wrong: { ...withExternalDns(a("orders"), cname("www.shop"), a("hooks"), a("docs")), ...teams },
      lines: [
        `${at}[0].name: orders.${zone} is orders's, and external-dns, which makes the records of such hosts, leaves alone what others made: the host would always lead here; remove it`,
        `${at}[1].name: www.shop.${zone} is shop's, and external-dns, which makes the records of such hosts, leaves alone what others made: the host would always lead here; remove it`,
        `${at}[2].name: hooks.${zone} is webhooks.host, and external-dns, which makes the records of such hosts, leaves alone what others made: the host would always lead here; remove it`,
      ],
      right: { ...withExternalDns(a("docs"), a("*.orders"), txt("orders", ["x"]), a("web")), ...teams },
    },
    { what: "of teams' hosts are the platform's where there is no external-dns", wrong: of(a("Orders")), lines: [`${at}[0].name: "Orders" ${notAName}`], right: { ...of(a("orders"), txt("a-orders", ["x"])), tenants: teams.tenants, tenancy: teams.tenancy } },
    {
      what: "leave external-dns its own notes",
      wrong: withExternalDns(txt("cname-www", ["x"])),
      lines: [`${at}[0].name: cname-www is how external-dns calls the record that says whose www is, and it would write over this one; choose another name`],
      right: withExternalDns(txt("mx-www", ["x"]), a("a-www")),
    },
    {
      what: "a zone has a name of two labels",
      wrong: { dns: { zone: "example" } },
      lines: ['mooring:dns.zone: "example" is not a domain name with a dot, in lower case and without a *; write for example apps.acme.example'],
      right: { dns: { zone: "acme.example" } },
    },
    {
      what: "a zone that exists is known by its resource group",
      wrong: { dns: { zone, existing: {} } },
      lines: ['mooring:dns.existing.resourceGroup: is required; write for example "rg-acme-dns"'],
      right: { dns: { zone, existing: { resourceGroup: "rg-acme-dns" } } },
    },
  ]);

  test("mistakes of several records are told in one run, with those of other sections", () => {
    assert.deepEqual(
      mistakes({ ...of(a("www", { values: ["x"] }), cname("@")), registry: { sku: "Basic", replicas: ["northeurope"] } }).map((line) => line.split(": ")[0]).sort(),
      ["mooring:dns.records[0].values[0]", "mooring:dns.records[1].name", "mooring:registry.replicas"],
    );
  });
});

test("what is left out: a TTL of an hour, this environment's subscription, no records, no zone", () => {
  assert.deepEqual(settings(of(a("www"), a("api", { ttl: 60 }))).dns?.records.map(({ ttl }) => ttl), [3600, 60]);
  const { subscription } = settings().azure;
  assert.deepEqual(settings({ dns: { zone, existing: { resourceGroup: "rg-acme-dns" } } }).dns, { zone, existing: { resourceGroup: "rg-acme-dns", subscription }, records: [] });
  assert.equal(settings().dns, undefined);
});

describe("values", () => {
  test("of CAA and MX records are taken apart", () => {
    assert.deepEqual(caaOf("0 issue letsencrypt.org; validationmethods=dns-01"), { flags: 0, tag: "issue", value: "letsencrypt.org; validationmethods=dns-01" });
    assert.deepEqual(mxOf("10 mail.acme.example."), { preference: 10, exchange: "mail.acme.example." });
    for (const text of ["", "10", "-1 mail.acme.example", "10  mail.acme.example", "10 mail"]) assert.equal(mxOf(text), undefined, text);
  });

  test("a text is cut into strings of 255, and nothing of it is lost", () => {
    for (const length of [1, 255, 256, 1000]) {
      const text = Array.from({ length }, (_, index) => String(index % 10)).join("");
      const strings = txtStrings(text);
      assert.equal(strings.join(""), text);
      assert.deepEqual(strings.map((part) => part.length), [...Array.from({ length: Math.floor(length / 255) }, () => 255), ...(length % 255 > 0 ? [length % 255] : [])]);
    }
  });

  test("a name for a check may have _, the last label not", () => {
    assert.equal(valueFault("CNAME", "_dmarc.acme.example"), undefined);
    assert.notEqual(valueFault("CNAME", "acme._example"), undefined);
  });
});
