/** What keeps in production what cannot be made again. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/**
 * Protects a resource, also from a change of the subscription or the Entra tenant: these stand in the provider's
 * arguments alone, whose changes azure-native takes for none, so that role assignments would be made anew elsewhere and
 * the rest be believed there. Where nothing is protected a replacement would not be stopped, and so none is asked for.
 */
export function protection({ protect, azure }: Settings): Pick<pulumi.CustomResourceOptions, "protect" | "replacementTrigger"> {
  return { protect, ...(protect && { replacementTrigger: [azure.tenant, azure.subscription] }) };
}
