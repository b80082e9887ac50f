/** The settings of the environment's DNS zone as the program uses them. */

export interface DnsSettings {
  /** `apps.acme.example` */
  zone: string;
  /** A zone that somebody else made. */
  existing?: { resourceGroup: string; subscription: string };
  records: DnsRecord[];
}

export type DnsRecordType = "A" | "AAAA" | "CAA" | "CNAME" | "MX" | "NS" | "TXT";

/** One record set: every record of a name and a type. */
export interface DnsRecord {
  /** Relative to the zone; `@` is the zone itself. */
  name: string;
  type: DnsRecordType;
  /** Seconds. */
  ttl: number;
  /** As in a zone file, without quotes: `203.0.113.7`, `10 mail.acme.example`, `0 issue letsencrypt.org`. */
  values: string[];
}
