/** Tags of Azure resources. */
import * as z from "zod";

export const tags = z
  .record(
    z
      .string()
      .min(1)
      .max(512)
      .regex(/^(?!(environment|tier|owner|managed-by|tenant|tenant-state)$)[^<>%&\\?/]+$/i, {
        error: "a tag's name has none of < > % & \\ ? /; environment, tier, owner, tenant, tenant-state and managed-by are set by Mooring",
      }),
    z.string().max(256),
  )
  // Azure takes 50 on a resource; some room is left for those of Mooring and of the cluster alone.
  .refine((value) => Object.keys(value).length <= 20, { error: "at most 20 tags" })
  .refine((value) => new Set(Object.keys(value).map((name) => name.toLowerCase())).size === Object.keys(value).length, {
    error: "two tags differ in upper and lower case only, and Azure takes them for one",
  });
