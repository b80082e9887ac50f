/** The DNS zone's settings from what the user wrote. */
import type { Defaults } from "./defaults.ts";
import type { DnsSettings } from "./dns-settings.ts";
import type { StackInput } from "./schema/stack.ts";

export function resolveDns({ dns, azure }: Pick<StackInput, "dns" | "azure">, fallback: Defaults["dns"]): DnsSettings | undefined {
  if (dns === undefined) return undefined;
  const { zone, existing, records = [] } = dns;
  return {
    zone,
    ...(existing && { existing: { resourceGroup: existing.resourceGroup, subscription: existing.subscription ?? azure.subscription } }),
    records: records.map((record) => ({ ...record, ttl: record.ttl ?? fallback.ttl })),
  };
}
