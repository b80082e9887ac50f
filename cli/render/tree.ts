/** The component tree with counts, as text. */
import type { Registration } from "./evaluate.ts";

/**
 * One line a component, indented below its parent: type, name, and the resources that stand directly in it, by kind.
 * The last line counts the whole environment.
 */
export function tree(registrations: readonly Registration[]): string {
  const urns = new Set(registrations.map(({ urn }) => urn));
  const children = Map.groupBy(registrations, ({ parent }) => (parent !== undefined && urns.has(parent) ? parent : ""));
  const lines: string[] = [];
  const walk = (parent: string, depth: number): void => {
    const members = children.get(parent) ?? [];
    for (const component of members.filter(({ custom }) => !custom).sort(byName)) {
      const resources = (children.get(component.urn) ?? []).filter(({ custom }) => custom);
      lines.push(`${"  ".repeat(depth)}${component.type} ${component.name}${summary(resources)}`);
      walk(component.urn, depth + 1);
    }
  };
  walk("", 0);
  const resources = registrations.filter(({ custom }) => custom).length;
  lines.push("", `${resources} resources in ${registrations.length - resources} components`);
  return `${lines.join("\n")}\n`;
}

function summary(resources: readonly Registration[]): string {
  if (resources.length === 0) return "";
  const kinds = [...Map.groupBy(resources, ({ type }) => type.split(":").at(-1)!)].sort(([a], [b]) => (a < b ? -1 : 1));
  return `  (${resources.length}: ${kinds.map(([kind, of]) => (of.length === 1 ? kind : `${kind} ×${of.length}`)).join(", ")})`;
}

function byName(a: Registration, b: Registration): number {
  return a.name < b.name ? -1 : 1;
}
