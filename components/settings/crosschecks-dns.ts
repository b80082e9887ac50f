/** Mistakes in the records of the DNS zone. */
import type { DnsRecord, DnsSettings } from "./dns-settings.ts";
import { valueFault } from "./dns-values.ts";
import { enabledAddOns } from "../add-ons/enabled.ts";
import type { Mistake } from "./mistake.ts";
import type { Settings } from "./settings.ts";

const at = (index: number, setting: string): string => `mooring:dns.records[${index}]${setting}`;

/** What Azure takes in one record set (learn.microsoft.com/azure/dns/dns-zones-records and its limits). */
const mostRecords = 20;
const mostText = 4096;

export function dnsRecords({ dns }: Settings): Mistake[] {
  return dns === undefined ? [] : dns.records.flatMap((record, index) => [...nameMistakes(dns, record, index), ...neighbours(dns, record, index), ...valueMistakes(record, index)]);
}

function nameMistakes({ zone }: DnsSettings, { name, type }: DnsRecord, index: number): Mistake[] {
  const path = at(index, ".name");
  if (name === zone || name.endsWith(`.${zone}`)) {
    return [{ path, message: `${name} has the zone's name in it, and names are relative to the zone; write ${name === zone ? "@" : name.slice(0, -zone.length - 1)}` }];
  }
  if (`${name}.${zone}`.length > 253) return [{ path, message: `with the zone behind it the name has ${`${name}.${zone}`.length} characters, and 253 are allowed` }];
  if (type === "NS" && name === "@") return [{ path, message: "Azure keeps the zone's own NS records; remove this one, and delegate the zone where its parent is" }];
  if (type === "NS" && name.startsWith("*")) return [{ path, message: "NS records have no wildcards; name what is delegated" }];
  if (type === "CNAME" && name === "@") return [{ path, message: "the zone itself has NS and SOA records, beside which no CNAME can stand; write A or AAAA records" }];
  return [];
}

/** A set stands for all of its name and type, a CNAME for all of its name, and a delegation for all below it. */
function neighbours({ records }: DnsSettings, { name, type }: DnsRecord, index: number): Mistake[] {
  const before = records.slice(0, index);
  if (before.some((other) => other.name === name && other.type === type)) return [{ path: at(index, ""), message: `the ${type} records of ${name} stand above already; put all values into one entry` }];
  const beside = before.find((other) => other.name === name && (type === "CNAME" || other.type === "CNAME"));
  if (beside) return [{ path: at(index, ""), message: `${name} has ${beside.type} records above, and a CNAME stands alone; remove one of the two` }];
  const delegation = records.find((other) => other.type === "NS" && (name.endsWith(`.${other.name}`) || (name === other.name && type !== "NS")));
  return delegation ? [{ path: at(index, ".name"), message: `${delegation.name} is delegated to other name servers, so that nobody would see this; make the record there` }] : [];
}

function valueMistakes({ type, values }: DnsRecord, index: number): Mistake[] {
  const path = at(index, ".values");
  const single = values.flatMap((value, number) => {
    const fault = valueFault(type, value);
    if (fault !== undefined) return [{ path: `${path}[${number}]`, message: `${JSON.stringify(value)} is not ${fault}` }];
    return values.indexOf(value) < number ? [{ path: `${path}[${number}]`, message: `${JSON.stringify(value)} stands above already` }] : [];
  });
  if (type === "CNAME" && values.length > 1) return [...single, { path, message: "a CNAME leads to one name; keep one" }];
  const text = values.join("").length;
  if (type === "TXT") return [...single, ...(text > mostText ? [{ path, message: `they have ${text} characters together, and Azure takes ${mostText}` }] : [])];
  return [...single, ...(values.length > mostRecords ? [{ path, message: `there are ${values.length}, and Azure takes ${mostRecords}` }] : [])];
}

/**
 * external-dns writes, beside each record, a TXT record that says whose it is, and leaves alone whatever has none of its own
 * (kubernetes-sigs.github.io/external-dns, registry/txt): for a host that has a record here it would never make the team's.
 */
export function dnsOfTeams(settings: Settings): Mistake[] {
  const { dns, tenants, webhooks } = settings;
  if (dns === undefined || !enabledAddOns(settings).includes("externalDns")) return [];
  const hosts = [...tenants.flatMap(({ name, allowed }) => allowed.hosts.map((host) => ({ host, whose: `${name}'s` }))), ...(webhooks ? [{ host: webhooks.host, whose: "webhooks.host" }] : [])];
  return dns.records.flatMap(({ name, type }, index) => {
    const path = at(index, ".name");
    if (type === "TXT" && /^(a|aaaa|cname)-/.test(name)) {
      return [{ path, message: `${name} is how external-dns calls the record that says whose ${name.replace(/^\w+-/, "")} is, and it would write over this one; choose another name` }];
    }
    const full = name === "@" ? dns.zone : `${name}.${dns.zone}`;
    const taken = ["A", "AAAA", "CNAME"].includes(type) ? hosts.find(({ host }) => full === host || full.endsWith(`.${host}`)) : undefined;
    // A wildcard stands back behind what external-dns makes.
    if (taken === undefined || name.startsWith("*")) return [];
    return [{ path, message: `${full} is ${taken.whose}, and external-dns, which makes the records of such hosts, leaves alone what others made: the host would always lead here; remove it` }];
  });
}
