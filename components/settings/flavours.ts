import type { Flavour, Settings } from "./settings.ts";

/** The flavours with which this environment starts repositories. */
export function flavoursOf({ tenants, github }: Settings): Flavour[] {
  // Of several environments that own some repositories, the one that owns them all makes the templates.
  if (!github.makesTemplates) return [];
  const used = new Set(tenants.flatMap(({ repository }) => (repository?.manage === true && !repository.adopt && repository.scaffold ? [repository.scaffold] : [])));
  return [...used].sort();
}
