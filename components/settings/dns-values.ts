/** The values of DNS records: what they mean, and what is wrong with one. */
import { isIPv4, isIPv6 } from "node:net";
import type { DnsRecordType } from "./dns-settings.ts";

export interface CaaValue {
  flags: number;
  tag: string;
  value: string;
}

export interface MxValue {
  preference: number;
  exchange: string;
}

/** `0 issue letsencrypt.org`. The value may be `;`, nobody. Absent: it cannot be read. Tags: RFC 8659, those that Azure takes. */
export function caaOf(text: string): CaaValue | undefined {
  const [, flags, tag, value] = /^(\d{1,3}) (issue|issuewild|iodef) (\S[^"]*)$/.exec(text) ?? [];
  return flags === undefined || Number(flags) > 255 ? undefined : { flags: Number(flags), tag: tag!, value: value! };
}

/** `10 mail.acme.example`. Absent: it cannot be read. */
export function mxOf(text: string): MxValue | undefined {
  const [, preference, exchange] = /^(\d{1,5}) (\S+)$/.exec(text) ?? [];
  return preference === undefined || Number(preference) > 65_535 || !isHost(exchange!) ? undefined : { preference: Number(preference), exchange: exchange! };
}

/** The strings of 255 characters at most that Azure's API takes for one text (learn.microsoft.com/azure/dns/dns-zones-records, TXT records). */
export function txtStrings(text: string): string[] {
  return text.match(/[\s\S]{1,255}/g) ?? [];
}

/** A host name of at least two labels, the last not of digits, with or without the dot at its end; `_` included, which names of checks have. */
function isHost(text: string): boolean {
  return /^(?=.{1,254}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+\.?$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i.test(text);
}

/** What completes `"x" is not …`, for a value that its type cannot have. */
export function valueFault(type: DnsRecordType, value: string): string | undefined {
  const right: Record<DnsRecordType, [boolean, string]> = {
    A: [isIPv4(value), "an IPv4 address; write for example 203.0.113.7"],
    AAAA: [isIPv6(value) && !value.includes("%"), "an IPv6 address; write for example 2001:db8::7"],
    CAA: [caaOf(value) !== undefined, "a CAA record; write flags, tag (issue, issuewild or iodef) and value, for example 0 issue letsencrypt.org"],
    CNAME: [isHost(value), "a host name; write for example shop.acme.example"],
    MX: [mxOf(value) !== undefined, "an MX record; write preference and host, for example 10 mail.acme.example"],
    NS: [isHost(value), "a name server's host name; write for example ns1-04.azure-dns.com"],
    // Others read the quotes as a part of the text.
    TXT: [/^[\x20-\x7e]*$/.test(value) && !/^".*"$/.test(value), "a text of printable ASCII characters without quotes around it"],
  };
  const [isRight, what] = right[type];
  return isRight ? undefined : what;
}
