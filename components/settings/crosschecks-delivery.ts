/** Mistakes in what Flux follows, applies and writes for a tenant. */
import { followedImages } from "./followed-images.ts";
import { nearest } from "./mistake.ts";
import type { Mistake } from "./mistake.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings, TenantSettings } from "./settings.ts";

type At = (path: string) => string;

/** The mistakes of every tenant, each with its path. */
const ofTenants = ({ tenants }: Settings, find: (tenant: TenantSettings, at: At) => Mistake[]): Mistake[] => tenants.flatMap((tenant) => find(tenant, (path) => settingPath(tenant, path)));

const did = (name: string, known: readonly string[]): string => {
  const hint = nearest(name, [...known]);
  return hint ? `; did you mean ${hint}?` : known.length > 0 ? `; there are ${known.join(", ")}` : "";
};

/** What refers to another part of the tenant's refers to one that is there, and of a kind that fits. */
export function references(settings: Settings): Mistake[] {
  return ofTenants(settings, (tenant, at) => {
    const { sources, releases, kustomizations, namespaces, deploy, key } = tenant;
    const names = { sources: sources.map(({ name }) => name), releases: releases.map(({ name }) => name), kustomizations: kustomizations.map(({ name }) => name) };
    const workload = namespaces.map(({ name }) => name);
    const known = (list: readonly string[], what: string, name: string, path: string): Mistake[] => (list.includes(name) ? [] : [{ path, message: `there is no ${what} ${name}${did(name, list)}` }]);
    const waits = (dependsOn: readonly string[], own: string | undefined, list: readonly string[], what: string, path: string) =>
      dependsOn.flatMap((name, index) => (name === own ? [{ path: `${path}[${index}]`, message: "waits for itself; remove it" }] : known(list, what, name, `${path}[${index}]`)));
    return [
      ...waits(deploy.apply.dependsOn, undefined, names.kustomizations, "kustomization", at("deploy.dependsOn")),
      ...releases.flatMap((release) => {
        const path = at(`releases.${release.name}`);
        const source = sources.find(({ name }) => name === release.source);
        return [
          ...(source ? [] : known(names.sources, "source", release.source, `${path}.source`)),
          ...known(workload, "workload namespace", release.namespace, `${path}.namespace`),
          ...waits(release.dependsOn, release.name, names.releases, "release", `${path}.dependsOn`),
          ...releases.flatMap((other) => (other.name < release.name && other.releaseName === release.releaseName && other.namespace === release.namespace ? [{ path: `${path}.name`, message: `releases.${other.name} is called ${other.releaseName} in ${other.namespace} too; give one of them another name` }] : [])),
          ...(source?.kind === "helm" && release.chart === undefined ? [{ path: `${path}.chart`, message: "is required: a Helm repository has many charts" }] : []),
          ...(source?.kind === "oci" && (release.chart ?? release.version) !== undefined ? [{ path: `${path}.${release.chart === undefined ? "version" : "chart"}`, message: `the source ${source.name} is one chart, and says which version; remove it` }] : []),
          ...(source?.kind === "git" || source?.kind === "bucket" ? [{ path: `${path}.source`, message: `${source.name} has no charts that come packaged; push the chart to the registry and name an OCI source` }] : []),
        ];
      }),
      ...kustomizations.flatMap(({ name, source: from, namespace, apply }) => {
        const path = at(`kustomizations.${name}`);
        const source = sources.find((other) => other.name === from);
        return [
          ...(name === key ? [{ path, message: `${key} is the team's own; give it another name` }] : []),
          ...(from === undefined || source ? [] : known(names.sources, "source", from, `${path}.source`)),
          ...(source?.kind === "helm" || (source?.kind === "oci" && source.chart) ? [{ path: `${path}.source`, message: `${source.name} has charts, which a release installs` }] : []),
          ...(namespace === undefined ? [] : known(workload, "workload namespace", namespace, `${path}.namespace`)),
          ...waits(apply.dependsOn, name, names.kustomizations, "kustomization", `${path}.dependsOn`),
        ];
      }),
      ...sources.flatMap(({ name }) => (name === key ? [{ path: at(`sources.${name}`), message: `${key} is the team's repository; give it another name` }] : [])),
      ...healthChecks(tenant, at),
    ];
  });
}

/** What is looked at lies in the tenant's namespaces. */
function healthChecks({ deploy, kustomizations, namespaces }: TenantSettings, at: At): Mistake[] {
  const workload = namespaces.map(({ name }) => name);
  const all = [{ path: "deploy", apply: deploy.apply }, ...kustomizations.map(({ name, apply }) => ({ path: `kustomizations.${name}`, apply }))];
  return all.flatMap(({ path, apply }) => [
    // fluxcd.io/flux/components/kustomize/kustomizations, "Wait": it makes Flux ignore the list.
    ...(apply.wait && apply.healthChecks.length > 0 ? [{ path: at(`${path}.wait`), message: "with true Flux waits for everything and leaves healthChecks aside; remove one of them" }] : []),
    ...apply.healthChecks.flatMap(({ namespace }, index) =>
      workload.includes(namespace) ? [] : [{ path: at(`${path}.healthChecks[${index}].namespace`), message: `${namespace} is not a namespace of this tenant${did(namespace, workload)}` }],
    ),
  ]);
}

/** Waiting for each other, nothing would ever be applied. */
export function circles(settings: Settings): Mistake[] {
  return ofTenants(settings, ({ releases, kustomizations }, at) => [
    ...circle(new Map(releases.map(({ name, dependsOn }) => [name, dependsOn])), (name) => at(`releases.${name}.dependsOn`)),
    ...circle(new Map(kustomizations.map(({ name, apply }) => [name, apply.dependsOn])), (name) => at(`kustomizations.${name}.dependsOn`)),
  ]);
}

function circle(waits: ReadonlyMap<string, readonly string[]>, at: At): Mistake[] {
  const way = (from: string, to: string, seen: readonly string[]): string[] | undefined => {
    for (const next of waits.get(from) ?? []) {
      if (next === to) return [...seen, next];
      const found = seen.includes(next) ? undefined : way(next, to, [...seen, next]);
      if (found) return found;
    }
    return undefined;
  };
  for (const name of waits.keys()) {
    const found = way(name, name, [name]);
    // One waits for itself alone: that is told elsewhere.
    if (found && found.length > 2) return [{ path: at(name), message: `they wait for each other: ${found.join(", then ")}; remove one of them` }];
  }
  return [];
}

/** How images are followed and written. */
export function images(settings: Settings): Mistake[] {
  return ofTenants(settings, (tenant, at) => {
    const { images: list, imageUpdates, deploy, git, repository } = tenant;
    const twice = list.flatMap(({ name }, index) => (list.findIndex((other) => other.name === name) < index ? [{ path: at(`images[${index}].name`), message: `${name} stands above already` }] : []));
    if (imageUpdates === undefined) return twice;
    const { base, push } = imageUpdates;
    const direct = base === push;
    const followed = "branch" in deploy.ref ? deploy.ref.branch : undefined;
    const where = repository ? "repository" : "git";
    return [
      ...twice,
      ...(settings.tier === "production" && (direct || push === followed)
        ? [{ path: at("imageUpdates.propose"), message: `in production nobody would look at what is written to ${push}, which this environment follows; write true, and imageUpdates.branch for another branch` }]
        : []),
      ...(direct && followed === undefined ? [{ path: at("imageUpdates.propose"), message: "this environment follows no branch that could be written to; write true, or deploy.branch" }] : []),
      ...(git.access.kind === "none" ? [{ path: at(`${where}.secret`), message: "Flux writes images' tags to the repository; name a secret with which it may" }] : []),
    ];
  });
}

/** The repository's server, and what Flux signs in with there. */
export function access(settings: Settings): Mistake[] {
  return ofTenants(settings, ({ repository, git, sources }, at) => [
    ...(repository ? [] : signIn(git.url, git.access, (setting) => at(`git.${setting}`))),
    ...sources.flatMap((source) => (source.kind === "git" ? signIn(source.url, source.access, (setting) => at(`sources.${source.name}.${setting}`), settings.github.host) : [])),
  ]);
}

function signIn(url: string, access: TenantSettings["git"]["access"], at: At, known?: string): Mistake[] {
  if (!url.startsWith("ssh://")) return [];
  if (access.kind !== "ssh") return [{ path: at("secret"), message: "is required with ssh://: the name of the secret that holds the private key" }];
  return access.hostKeys.length === 0 && new URL(url).hostname !== known ? [{ path: at("hostKeys"), message: "is required with ssh://, or Flux could not tell the server from another: ssh-keyscan prints them" }] : [];
}

/** Who tells Flux of something new. */
export function webhooks(settings: Settings): Mistake[] {
  const { webhooks: platform, tenancy, addons } = settings;
  const own: Mistake[] =
    platform?.gateway && tenancy.ingressNamespace === undefined
      ? [{ path: "mooring:tenancy.ingressNamespace", message: "is needed for mooring:webhooks: the namespace of the pods that forward calls to Flux" }]
      : platform?.gateway?.own && addons.gateway === undefined
        ? [{ path: "mooring:webhooks", message: "has neither gateway nor ingress, and the add-on gateway is not on; write one of them" }]
        : [];
  const ingress: Mistake[] = platform?.ingress && tenancy.ingressNamespace === undefined ? [{ path: "mooring:tenancy.ingressNamespace", message: "is needed for mooring:webhooks: the namespace of the ingress controller" }] : [];
  const tenants = ofTenants(settings, ({ webhooks: { repository, registry }, repository: owned, images: list, sources }, at) => {
    const wants = repository || registry !== "none";
    if (platform === undefined) return wants ? [{ path: at(`webhooks.${repository ? "repository" : "registry"}`), message: "nobody outside reaches Flux here; write mooring:webhooks, with the address" }] : [];
    const fetched = followedImages(list).length > 0 || sources.some((source) => source.kind === "oci" && source.address.startsWith("/"));
    return [
      ...(repository && owned === undefined ? [{ path: at("webhooks.repository"), message: "is for repositories at GitHub; make the webhook on your server by hand, or remove it" }] : []),
      ...(registry !== "none" && !fetched ? [{ path: at("webhooks.registry"), message: "Flux follows nothing in the registry for this tenant; write images, or remove it" }] : []),
    ];
  });
  return [...own, ...ingress, ...tenants];
}
