/** What a resource refers to must exist, be it the scope it stands on or a resource that an argument names. */
import { ArmError, resourceGroupNotFound, resourceNotFound } from "./arm-error.ts";
import type { Cloud } from "./cloud.ts";
import { groupId, partsOf } from "./ids.ts";
import type { Write } from "./service.ts";
import { findSubnet, SUBNET } from "./services/network.ts";
import { textsAt } from "./values.ts";

/** Throws when what an extension stands on does not exist. Subscriptions and management groups always do. */
export function refuseMissingScope(scope: string, cloud: Cloud): void {
  if (!/^\/(subscriptions|providers\/Microsoft\.Management\/managementGroups)\//i.test(scope)) {
    throw new ArmError(400, "InvalidScope", `The scope '${scope}' is not valid.`);
  }
  const group = groupId(scope);
  if (group === undefined) return;
  const { armType, name, resourceGroup = "" } = partsOf(scope);
  if (cloud.get(group) === undefined) throw resourceGroupNotFound(resourceGroup);
  // A namespace of a cluster is a scope for roles and nothing that Azure knows.
  const resource = scope.replace(/(\/managedClusters\/[^/]+)\/namespaces\/[^/]+$/i, "$1");
  if (armType !== undefined && cloud.get(resource) === undefined && findSubnet(resource, cloud) === undefined) throw resourceNotFound(armType, name ?? "", resourceGroup);
}

/** Throws when an argument names a resource that does not exist, or one of another type. */
export function refuseMissingReferences({ rule, id, inputs, cloud }: Write): void {
  for (const [path, token] of Object.entries(rule.references ?? {})) {
    for (const target of textsAt(inputs, path)) {
      const found = token === SUBNET ? findSubnet(target, cloud) : cloud.get(target);
      if (found === undefined || (token !== SUBNET && cloud.get(target)?.token !== token)) throw missing(rule.armType, id, target);
    }
  }
}

/** In the words of the network's provider, or in those that ARM has for all. */
function missing(armType: string, id: string, target: string): ArmError {
  if (armType.startsWith("Microsoft.Network/")) {
    return new ArmError(400, "InvalidResourceReference",
      `Resource ${target} referenced by resource ${id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`);
  }
  const { armType: type, name, resourceGroup = "" } = partsOf(target);
  return type === undefined ? new ArmError(400, "LinkedInvalidPropertyId", `Property id '${target}' is invalid. Expect fully qualified resource Id.`) : resourceNotFound(type, name ?? "", resourceGroup);
}
