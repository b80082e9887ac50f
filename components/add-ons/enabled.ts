import type { AddOnName } from "./catalogue.ts";

/** The add-ons that are on, in the order of their names. */
export function enabledAddOns({ addons }: { addons: Partial<Record<AddOnName, unknown>> }): AddOnName[] {
  return (Object.keys(addons) as AddOnName[]).sort();
}
