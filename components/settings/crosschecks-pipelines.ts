/** Mistakes in the pipelines' identities. */
import type { Mistake } from "./mistake.ts";
import { nearest } from "./mistake.ts";
import type { Settings } from "./settings.ts";
import { trustLists } from "./trust.ts";

/** Azure takes a name and a pair of issuer and subject once for each identity. */
export function trustTwins(settings: Settings): Mistake[] {
  return trustLists(settings).flatMap(({ path, trust }) =>
    trust.flatMap((entry, index) => {
      const before = trust.slice(0, index);
      const at = `${path}[${index}]`;
      if (before.some((other) => other.name === entry.name)) return [{ path: at, message: `the name ${entry.name} is already used above` }];
      if (before.some((other) => other.issuer === entry.issuer && other.subject === entry.subject)) {
        return [{ path: at, message: "the same issuer and subject stand above already; Azure takes each pair once" }];
      }
      if (entry.subject.length > 600) return [{ path: at, message: `makes a subject of ${entry.subject.length} characters, more than the 600 that Azure takes` }];
      return [];
    }),
  );
}

/** A pull request that nobody has read must not push what production runs, or reach its cluster. */
export function unreviewed(settings: Settings): Mistake[] {
  if (settings.tier !== "production") return [];
  return trustLists(settings).flatMap(({ path, trust }) =>
    trust.flatMap(({ subject }, index) =>
      /^repo:.*:pull_request$/.test(subject)
        ? [{ path: `${path}[${index}]`, message: "trusts pull requests, which nobody has reviewed, with production; name an environment, a branch or a tag" }]
        : [],
    ),
  );
}

/** Secrets overlap: the newest first, its predecessor after it. */
export function pipelinePasswords({ pipelines }: Settings): Mistake[] {
  return (["build", "deploy"] as const).flatMap((purpose) => {
    const [newest, older] = pipelines[purpose].secrets;
    if (newest === undefined || older === undefined) return [];
    const path = `mooring:pipelines.${purpose}.password.secrets[1]`;
    if (older.number >= newest.number) return [{ path: `${path}.number`, message: `${older.number} is not below the first line's (${newest.number}); put the newest first, and count up` }];
    if (older.number !== newest.number - 1) return [{ path: `${path}.number`, message: `${older.number} is not the one before the newest (${newest.number}); write ${newest.number - 1}` }];
    if (older.expires >= newest.expires) return [{ path: `${path}.expires`, message: `${older.expires} is not before the newest secret's (${newest.expires}); put the newest first` }];
    return [];
  });
}

export function pipelineNamespaces({ pipelines, tenants }: Settings): Mistake[] {
  const known = tenants.flatMap(({ namespaces }) => namespaces.map(({ name }) => name));
  return pipelines.deploy.namespaces.flatMap((namespace, index) => {
    const path = `mooring:pipelines.deploy.namespaces[${index}]`;
    if (pipelines.deploy.namespaces.indexOf(namespace) < index) return [{ path, message: `${namespace} stands above already` }];
    if (known.includes(namespace)) return [];
    const hint = nearest(namespace, known);
    return [{ path, message: `no tenant has the namespace ${namespace}${hint ? `; did you mean ${hint}?` : ""}` }];
  });
}
