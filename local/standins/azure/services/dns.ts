/** Public DNS zones, with the two record sets that each has from the start, and record sets in them. */
import { createHash } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import type { Value, Values } from "../../contract.ts";
import { isObject } from "../../shape.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import type { Cloud, Resource } from "../cloud.ts";
import { isBeneath, nameOf, parentId, sameId } from "../ids.ts";
import type { Service } from "../service.ts";
import { objects, texts } from "../values.ts";

export const DNS_ZONE = "azure-native:dns:Zone";
export const RECORD_SET = "azure-native:dns:RecordSet";

/** Which argument holds the records of a type. Source: RecordSetProperties in Azure/azure-resource-manager-schemas 2023-07-01-preview Microsoft.Network.DNS.json 537896e0. */
const holders: Readonly<Record<string, string>> = {
  A: "aRecords", AAAA: "aaaaRecords", CAA: "caaRecords", CNAME: "cnameRecord", DS: "dsRecords", MX: "mxRecords", NAPTR: "naptrRecords",
  NS: "nsRecords", PTR: "ptrRecords", SOA: "soaRecord", SRV: "srvRecords", TLSA: "tlsaRecords", TXT: "txtRecords",
};

/** Source: MicrosoftDocs/azure-docs includes/dns-limits-public-zones.md b7754e78 and articles/dns/dns-zones-records.md 08d4f1ab; checked 2026-11-21. */
const RECORDS = 20;
const TXT_RECORDS = 400;
const TXT_CHARACTERS = 4096;
const TXT_STRING = 255;

/** Each zone has four servers of one of several groups, so that two zones of a name can stand apart. */
function nameServers(id: string): string[] {
  const group = String((createHash("sha256").update(id.toLowerCase()).digest()[0]! % 9) + 1).padStart(2, "0");
  return ["com", "net", "org", "info"].map((domain, index) => `ns${index + 1}-${group}.azure-dns.${domain}.`);
}

function apex(zone: string, recordType: string, records: Values): Resource {
  const id = `${zone}/${recordType}/@`;
  return { token: RECORD_SET, id, inputs: { ...records, recordType, managedBy: zone }, outputs: { name: "@", type: `Microsoft.Network/dnsZones/${recordType}`, fqdn: `${nameOf(zone)}.`, ttl: 172_800, ...records } };
}

export const dnsZoneService: Service = {
  alongside({ id, previous }) {
    if (previous) return [];
    const servers = nameServers(id);
    return [apex(id, "NS", { nsRecords: servers.map((nsdname) => ({ nsdname })) }), apex(id, "SOA", { soaRecord: { host: servers[0]!, email: "azuredns-hostmaster.microsoft.com" } })];
  },
  computed: ({ id }) => ({ nameServers: nameServers(id) }),
  live: (zone, cloud) => ({ numberOfRecordSets: recordSets(zone.id, cloud).length }),
};

const recordSets = (zone: string, cloud: Cloud): Resource[] => cloud.ofType(RECORD_SET).filter(({ id }) => isBeneath(id, zone));

/** The type in an id, `…/dnsZones/acme.example/CNAME/www`. */
const typeIn = (id: string): string => nameOf(id.slice(0, id.lastIndexOf("/")));

/** Refusals: articles/dns/dns-zones-records.md, dns-about-records-include.md; those of CNAME in Azure's words, from kubernetes-sigs/external-dns#5358 and rcl-letsencrypt-auto-ssl#26; the code of the others is unverified. */
export const recordSetService: Service = {
  refuse({ id, inputs, cloud, previous }) {
    const [type, name] = [typeIn(id), nameOf(id)];
    if (type === "SOA" && !previous) throw badRequest("Record sets of type SOA are created with the zone and cannot be created.", "BadRequest");
    if (type === "NS" && name.startsWith("*")) throw badRequest("Wildcard record sets are not supported for the types NS and SOA.", "BadRequest");
    const others = Object.entries(holders).filter(([other, argument]) => other !== type && inputs[argument] !== undefined);
    if (others.length > 0) throw badRequest(`A record set of type ${type} cannot hold ${others.map(([, argument]) => argument).join(", ")}.`, "BadRequest");
    refuseValues(type, inputs);
    const beside = recordSets(parentId(id)!, cloud).filter((other) => !sameId(other.id, id) && sameId(nameOf(other.id), name));
    if (type === "CNAME" && beside.length > 0) throw new ArmError(409, "Conflict", "The CNAME record could not be created because another record with the same name already exists in this zone.");
    if (beside.some((other) => typeIn(other.id) === "CNAME")) throw new ArmError(409, "Conflict", "The record could not be created because a CNAME record with the same name already exists in this zone.");
  },
  refuseDelete({ id }) {
    if (nameOf(id) === "@" && ["NS", "SOA"].includes(typeIn(id))) throw badRequest(`The ${typeIn(id)} record set at the zone's apex goes with the zone and cannot be deleted.`, "BadRequest");
  },
  computed: ({ id }) => ({ type: `Microsoft.Network/dnsZones/${typeIn(id)}`, fqdn: nameOf(id) === "@" ? `${nameOf(parentId(id)!)}.` : `${nameOf(id)}.${nameOf(parentId(id)!)}.` }),
};

function refuseValues(type: string, inputs: Values): void {
  const given = inputs[holders[type]!];
  const records = type === "CNAME" || type === "SOA" ? (isObject(given) ? [given] : []) : objects(given);
  if (records.length === 0 && inputs.targetResource === undefined && inputs.trafficManagementProfile === undefined) throw badRequest(`A record set of type ${type} needs ${holders[type]!}.`, "BadRequest");
  if (inputs.ttl === undefined) throw badRequest("The TTL of a record set is between 1 and 2147483647 seconds.", "BadRequest");
  const most = type === "TXT" ? TXT_RECORDS : RECORDS;
  if (records.length > most) throw badRequest(`A record set of type ${type} holds at most ${most} records, not ${records.length}.`, "BadRequest");
  const wrong = records.find((record) => !isRight(type, record));
  if (wrong) throw badRequest(`The record ${JSON.stringify(wrong)} is not valid for a record set of type ${type}.`, "BadRequest");
  const strings = type === "TXT" ? records.flatMap(({ value }) => texts(value)) : [];
  if (strings.some((text) => text.length > TXT_STRING)) throw badRequest(`A string of a TXT record has at most ${TXT_STRING} characters.`, "BadRequest");
  if (strings.join("").length > TXT_CHARACTERS) throw badRequest(`A TXT record set has at most ${TXT_CHARACTERS} characters.`, "BadRequest");
}

const isHost = (value: Value | undefined): boolean => typeof value === "string" && /^(?=.{1,254}$)([a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?\.?$/.test(value);

function isRight(type: string, record: Values): boolean {
  if (type === "A") return isIPv4(String(record.ipv4Address));
  if (type === "AAAA") return isIPv6(String(record.ipv6Address));
  if (type === "CNAME") return isHost(record.cname);
  if (type === "MX") return isHost(record.exchange) && typeof record.preference === "number";
  if (type === "NS") return isHost(record.nsdname);
  if (type === "CAA") return typeof record.flags === "number" && ["issue", "issuewild", "iodef"].includes(String(record.tag)) && typeof record.value === "string";
  if (type === "TXT") return texts(record.value).length > 0;
  return true;
}
