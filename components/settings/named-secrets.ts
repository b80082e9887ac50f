/** The secrets that settings name. Their values are kept apart from the settings, encrypted. */
import { settingPath } from "./setting-path.ts";
import type { Settings, TenantSettings } from "./settings.ts";

export interface NamedSecret {
  name: string;
  /** The setting that names it. */
  path: string;
  /** Absent: it is the platform's. */
  tenant?: TenantSettings;
}

type Named = Omit<NamedSecret, "tenant">;

/** All of them, in the order of the settings; one that is named twice twice. */
export function namedSecrets({ github, notify, tenants }: Settings): NamedSecret[] {
  return [
    ...(github.app ? [{ name: github.app.key, path: "mooring:github.app.key" }] : []),
    ...ofNotifications(notify, (path) => `mooring:${path}`),
    ...tenants.flatMap((tenant) => ofTenant(tenant).map((secret) => ({ ...secret, tenant }))),
  ];
}

function ofTenant(tenant: TenantSettings): Named[] {
  const { repository, git, sources, releases, notify } = tenant;
  const at = (path: string) => settingPath(tenant, path);
  const access = "secret" in git.access ? [{ name: git.access.secret, path: at(repository ? `repository.${git.access.kind}.secret` : "git.secret") }] : [];
  return [
    ...access,
    ...sources.flatMap((source): Named[] => {
      const secret = source.kind === "git" ? ("secret" in source.access ? source.access.secret : undefined) : source.secret;
      return [
        ...(secret === undefined ? [] : [{ name: secret, path: at(`sources.${source.name}.secret`) }]),
        ...(source.kind === "oci" && source.verify?.secret !== undefined ? [{ name: source.verify.secret, path: at(`sources.${source.name}.verify.secret`) }] : []),
      ];
    }),
    ...releases.flatMap(({ name, valuesFrom }) => valuesFrom.map(({ secret }, index) => ({ name: secret, path: at(`releases.${name}.valuesFrom[${index}].secret`) }))),
    ...ofNotifications(notify, at),
  ];
}

function ofNotifications(notify: Settings["notify"], at: (path: string) => string): Named[] {
  return notify.flatMap((entry, index) => [
    { name: entry.secret, path: at(`notify[${index}].secret`) },
    ...(entry.kind === "webhook" && entry.signature !== undefined ? [{ name: entry.signature, path: at(`notify[${index}].signature`) }] : []),
  ]);
}
