/** Rules about which settings of a section may stand together. */
import * as z from "zod";

/**
 * Checks a section as a whole even while single settings in it are wrong, so that one run shows all mistakes.
 * `find` gives the setting and the message; it must not rely on a value being of the right kind.
 */
export function together<T extends object>(find: (value: T) => { setting: string; message: string }[]) {
  const check = z.check<T>((context) => {
    for (const { setting, message } of find(context.value)) {
      context.issues.push({ code: "custom", input: (context.value as Record<string, unknown>)[setting], path: [setting], message });
    }
  });
  // Without this zod would skip the check after any other mistake in the section.
  check._zod.def.when = ({ value }) => typeof value === "object" && value !== null;
  return check;
}

/** The settings of `among` that must go because `reason` is there. */
export function excluded<T extends object>(value: T, reason: keyof T & string, among: readonly string[], message: string): { setting: string; message: string }[] {
  if (value[reason] === undefined) return [];
  return among.filter((setting) => (value as Record<string, unknown>)[setting] !== undefined).map((setting) => ({ setting, message }));
}
