/** How a folder is applied, from what the user wrote. */
import type * as z from "zod";
import type { ApplySettings } from "./delivery-settings.ts";
import type { applying } from "./schema/applying.ts";

/** @param namespaces the tenant's workload namespaces; what is looked at is in the first, unless it says where */
export function resolveApply(input: z.infer<typeof applying>, namespaces: readonly string[]): ApplySettings {
  return {
    prune: input.prune ?? true,
    wait: input.wait ?? input.healthChecks === undefined,
    healthChecks: (input.healthChecks ?? []).map((check) => ({ ...check, namespace: check.namespace ?? namespaces[0]! })),
    patches: input.patches ?? [],
    images: input.images ?? [],
    components: input.components ?? [],
    substitute: input.substitute,
    dependsOn: input.dependsOn ?? [],
  };
}
