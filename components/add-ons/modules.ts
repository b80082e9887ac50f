import { addOns, allModules } from "./catalogue.ts";
import type { AddOnName, Given, Module } from "./catalogue.ts";

/** An add-on that cannot work with what is there. */
export interface Lack {
  addOn: AddOnName;
  /** For example `externalDns needs dns.zone: it writes records there`. */
  message: string;
}

/**
 * The modules of the add-ons that are on, each after those it depends on, and what is missing for them: one line an add-on and
 * thing. An add-on is not turned on because another needs it.
 *
 * @param given the settings that are set, of those that some add-on needs
 */
export function modules(enabled: readonly AddOnName[], given: readonly Given[]): { modules: Module[]; lacks: Lack[] } {
  const lacks = enabled.flatMap((addOn): Lack[] => {
    const { needs, needsSettings } = addOns[addOn];
    const missing = [
      ...entries(needs).filter(([other]) => !enabled.includes(other)),
      ...entries(needsSettings).filter(([setting]) => !given.includes(setting)),
    ];
    return missing.map(([what, why]) => ({ addOn, message: `${addOn} needs ${what}: ${why}` }));
  });
  return { modules: allModules.filter(({ addOn }) => enabled.includes(addOn)), lacks };
}

const entries = <Name extends string>(reasons: Partial<Record<Name, string>>): [Name, string][] => Object.entries(reasons) as [Name, string][];

/** Namespaces that no tenant may have, whether the add-on that uses them is on or not: it may be turned on later. */
export const reservedNamespaces: readonly string[] = Object.values(addOns).flatMap(({ namespaces }) => namespaces);
