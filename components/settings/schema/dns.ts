/** The environment's public DNS zone: its own, or records in one that exists. */
import * as z from "zod";
import { domain, guid } from "../values.ts";
import { resourceGroupName } from "./azure.ts";

const label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";

const record = z.strictObject({
  name: z
    .string()
    .regex(new RegExp(`^(@|\\*|(\\*\\.)?${label}(\\.${label})*)$`), {
      error: (issue) => `${JSON.stringify(issue.input)} is not the name of a record: lower-case letters, digits, - and _, or @ for the zone itself, or a * in front`,
    })
    .meta({ description: "Relative to the zone: `www`, `@` for the zone itself, `*.shop` for every name below.", examples: ["www"] }),
  type: z.enum(["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT"]),
  // The bounds are Azure's: learn.microsoft.com/azure/dns/dns-zones-records.
  ttl: z.int().min(1).max(2_147_483_647).optional().meta({ description: "How long others may keep it, in seconds. Default: 3600.", examples: [300] }),
  values: z
    .array(z.string().min(1))
    .min(1)
    .meta({
      description:
        "As in a zone file, without quotes: addresses; host names; for MX `10 mail.acme.example`; for CAA `0 issue letsencrypt.org`; for TXT the whole text, which may be longer than 255 characters.",
      examples: [["203.0.113.7"]],
    }),
});

export const dns = z.strictObject({
  zone: domain("apps.acme.example").meta({ description: "The zone's name. Another name is another zone, with other name servers." }),
  existing: z
    .strictObject({
      resourceGroup: resourceGroupName.meta({ examples: ["rg-acme-dns"] }),
      subscription: guid().optional().meta({ description: "Default: this environment's." }),
    })
    .optional()
    .meta({ description: "The zone exists: only the records are made in it. Default: the zone is made." }),
  records: z.array(record).optional().meta({ description: "Records that are always there; those of teams' hosts external-dns makes." }),
});
