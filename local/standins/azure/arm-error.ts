/** Refusals in the words of Azure Resource Manager, as the provider prints them. */
export class ArmError extends Error {
  constructor(status: number, code: string, message: string) {
    super(`Status=${status} Code="${code}" Message="${message}"`);
  }
}

/** A setting that the service does not take. */
export const badRequest = (message: string, code = "BadRequest"): ArmError => new ArmError(400, code, message);

/** What is missing beneath an existing resource group, in the words ARM uses for any type. */
export function resourceNotFound(armType: string, name: string, resourceGroup: string): ArmError {
  return new ArmError(404, "ResourceNotFound",
    `The Resource '${armType}/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`);
}

export function resourceGroupNotFound(name: string): ArmError {
  return new ArmError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}
