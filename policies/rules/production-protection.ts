import { Registry } from "@pulumi/azure-native/containerregistry/registry.js";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import { Zone } from "@pulumi/azure-native/dns/zone.js";
import { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { of, ofTypes } from "../of-types.ts";

/**
 * `protect` is what makes the engine refuse to delete or replace a resource.
 *
 * A resource says itself, in its tag `tier`, which kind of environment it belongs to. One that does not say so is taken
 * for production, so that a forgotten tag is noticed; and neither a stack's name nor its configuration is needed, which
 * a check of a stored state (`pulumi policy analyze`) has not.
 */
export const productionProtection: ResourceValidationPolicy = {
  name: "production-protection",
  description: "In production, the resource group, the cluster, the registry, the DNS zone and every vault are protected.",
  validateResource: ofTypes(
    of(ResourceGroup, protectedOr("everything in it")),
    of(ManagedCluster, protectedOr("what runs in it, its volumes and its address")),
    of(Registry, protectedOr("its images and its name")),
    of(Zone, protectedOr("its name servers, which others point to, and every record in it")),
    of(Vault, (vault, args, report) => {
      // A tenant that has left gives up its vault; the settings said so in a change before this one.
      if (vault.tags?.["tenant-state"] !== "left") protectedOr("its secrets and keys")(vault, args, report);
    }),
  ),
};

interface Tagged {
  tags?: Record<string, string>;
}

function protectedOr(lost: string) {
  return ({ tags }: Tagged, { opts }: ResourceValidationArgs, report: ReportViolation): void => {
    if (opts.protect || tags?.tier === "nonproduction") return;
    const why = tags?.tier === undefined ? "It has no tag tier, so it counts as production" : `Its tag tier is ${tags.tier}`;
    report(`${why}; pass the option protect, or ${lost} can be lost with one line of a stack file.`);
  };
}
