/** What a record set is made with: pure functions from settings. */
import type { RecordSetArgs } from "@pulumi/azure-native/dns/recordSet.js";
import type { DnsRecord } from "../settings/dns-settings.ts";
import { caaOf, mxOf, txtStrings } from "../settings/dns-values.ts";

/** Without the address: zone and resource group. Record sets have no tags; their metadata says whose they are. */
export function recordSetArgs({ name, type, ttl, values }: DnsRecord, environment: string): Omit<RecordSetArgs, "resourceGroupName" | "zoneName"> {
  return { relativeRecordSetName: name, recordType: type, ttl, ...records[type](values), metadata: { environment, "managed-by": "mooring" } };
}

/** By type, what Azure calls the records. The values are right: the settings were checked. */
const records: Record<DnsRecord["type"], (values: string[]) => Partial<RecordSetArgs>> = {
  A: (values) => ({ aRecords: values.map((ipv4Address) => ({ ipv4Address })) }),
  AAAA: (values) => ({ aaaaRecords: values.map((ipv6Address) => ({ ipv6Address })) }),
  CAA: (values) => ({ caaRecords: values.map((value) => caaOf(value)!) }),
  CNAME: ([cname]) => ({ cnameRecord: { cname } }),
  MX: (values) => ({ mxRecords: values.map((value) => mxOf(value)!) }),
  NS: (values) => ({ nsRecords: values.map((nsdname) => ({ nsdname })) }),
  TXT: (values) => ({ txtRecords: values.map((value) => ({ value: txtStrings(value) })) }),
};

/**
 * A record set's name in the program. A and CNAME share one, since a name never has both: when one takes the other's place
 * it is a replacement, deleted first, where Azure would refuse the new one beside the old.
 */
export function recordKey({ name, type }: Pick<DnsRecord, "name" | "type">): string {
  return `${type === "CNAME" ? "a" : type.toLowerCase()}-${name}`;
}
