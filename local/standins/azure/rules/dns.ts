/** Microsoft.Network/dnsZones: public zones and the record sets in them. */
import type { Shape } from "../../shape.ts";
import { each, listOf, mapOf, object, oneOf, range } from "../../shape.ts";
import type { NameRule, ResourceRule } from "../rule.ts";
import { RESOURCE_NAMES } from "../rule.ts";

const ZONE = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/dnsZones/{zoneName}";
const DOCS = "MicrosoftDocs/azure-docs articles/dns/dns-zones-records.md 08d4f1ab";
const apiVersion = "2023-07-01-preview";
const checked = "2026-11-21";

/** Names are compared without regard to case, and Azure takes `_` in them. */
const label = "[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?";
const names: Omit<NameRule, "argument" | "pattern" | "says"> = { generated: "random", source: `${DOCS}; ${RESOURCE_NAMES}`, checked };
const references = listOf(object(each("string", "id")));
const seconds: Shape = range(1, 2_147_483_647);

export const dnsRules: ResourceRule[] = [
  {
    token: "azure-native:dns:Zone",
    armType: "Microsoft.Network/dnsZones",
    apiVersion,
    id: ZONE,
    name: {
      argument: "zoneName",
      ...names,
      pattern: new RegExp(`^(?=.{3,253}$)(${label}\\.){1,33}${label}$`),
      says: "2 to 34 labels of 1 to 63 letters, digits, '-' or '_', without a dot at the end",
    },
    arguments: object({
      ...each("string", "location", "zoneName"),
      "resourceGroupName!": "string",
      ...each(references, "registrationVirtualNetworks", "resolutionVirtualNetworks"),
      tags: mapOf("string"),
      zoneType: oneOf("Public", "Private"),
    }),
    locations: ["global"],
    answers: {
      etag: { guid: true },
      maxNumberOfRecordSets: { constant: 10_000 },
      nameServers: { computed: true },
      zoneType: { standard: "Public" },
    },
  },
  {
    token: "azure-native:dns:RecordSet",
    // Of the type that `recordType` says; see the service.
    armType: "Microsoft.Network/dnsZones/{recordType}",
    apiVersion,
    id: `${ZONE}/{recordType}/{relativeRecordSetName}`,
    name: {
      argument: "relativeRecordSetName",
      ...names,
      pattern: new RegExp(`^(@|\\*|(\\*\\.)?${label}(\\.${label})*)$`),
      says: "@, or labels of letters, digits, '-' or '_' with dots between, with a * as the first at most",
    },
    arguments: object({
      aRecords: listOf(object(each("string", "ipv4Address"))),
      aaaaRecords: listOf(object(each("string", "ipv6Address"))),
      caaRecords: listOf(object({ flags: range(0, 255), ...each("string", "tag", "value") })),
      cnameRecord: object(each("string", "cname")),
      dsRecords: listOf(object({ ...each("number", "algorithm", "keyTag"), digest: object({ algorithmType: "number", value: "string" }) })),
      metadata: mapOf("string"),
      mxRecords: listOf(object({ exchange: "string", preference: range(0, 65_535) })),
      naptrRecords: listOf(object({ ...each("string", "flags", "regexp", "replacement", "services"), ...each(range(0, 65_535), "order", "preference") })),
      nsRecords: listOf(object(each("string", "nsdname"))),
      ptrRecords: listOf(object(each("string", "ptrdname"))),
      "recordType!": oneOf("A", "AAAA", "CAA", "CNAME", "DS", "MX", "NAPTR", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT"),
      relativeRecordSetName: "string",
      ...each("string", "resourceGroupName!", "zoneName!"),
      soaRecord: object({ ...each("string", "email", "host"), ...each("number", "expireTime", "minimumTtl", "refreshTime", "retryTime", "serialNumber") }),
      srvRecords: listOf(object({ ...each("number", "port", "priority", "weight"), target: "string" })),
      ...each(object(each("string", "id")), "targetResource", "trafficManagementProfile"),
      tlsaRecords: listOf(object({ ...each("number", "matchingType", "selector", "usage"), certAssociationData: "string" })),
      ttl: seconds,
      txtRecords: listOf(object({ value: listOf("string") })),
    }),
    answers: { etag: { guid: true }, fqdn: { computed: true }, provisioningState: { constant: "Succeeded" } },
  },
];
