import { Registry } from "@pulumi/azure-native/containerregistry/registry.js";
import { validateResourceOfType } from "@pulumi/policy";
import type { ResourceValidationPolicy } from "@pulumi/policy";

/** One name and password for everybody, with every right: no log tells who used it, and nobody can be shut out alone. */
export const registryAdminUser: ResourceValidationPolicy = {
  name: "registry-admin-user",
  description: "A registry has no admin user.",
  // Left out, Azure turns it off.
  validateResource: validateResourceOfType(Registry, ({ adminUserEnabled }, _, report) => {
    if (adminUserEnabled === true) report("Set adminUserEnabled to false; who pulls or pushes gets a role on the registry.");
  }),
};
