/** The settings that docs/first-day.md shows, so that what is tried is what is written there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

type Settings = Record<string, unknown>;

export const page = readFileSync(join(import.meta.dirname, "../../../docs/first-day.md"), "utf8");

/** Everything that the page adds to a stack file, `mooring:` keys without their prefix. Sections of several blocks are joined. */
export function settingsOfPage(stack: string): Settings {
  const blocks = [...page.matchAll(/^```yaml\n# Pulumi\.(\S+)\.yaml\n([\s\S]*?)^```$/gm)].filter(([, of]) => of === stack);
  if (blocks.length === 0) throw new Error(`docs/first-day.md has no block for Pulumi.${stack}.yaml`);
  return blocks.map(([, , text = ""]) => parse(text) as Settings).reduce((all, block) => over(all, Object.fromEntries(Object.entries(block).map(([key, value]) => [key.replace(/^mooring:/, ""), value]))), {});
}

function over(base: Settings, change: Settings): Settings {
  const isMap = (value: unknown): value is Settings => typeof value === "object" && value !== null && !Array.isArray(value);
  return { ...base, ...Object.fromEntries(Object.entries(change).map(([key, value]) => [key, isMap(base[key]) && isMap(value) ? over(base[key], value) : value])) };
}
