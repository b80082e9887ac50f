/** What is said of a tenant, in words: the same in both files. */
import type { Follow, GithubSettings, SourceSettings, TenantSettings, TenantState } from "../../../components/settings/settings.ts";
import type { Holder } from "./access.ts";
import type { Page, TenantPage } from "./model.ts";
import { trafficIn, trafficOut } from "./traffic-words.ts";
import { gib, listing, number, plural } from "./words.ts";
import { quotaAmounts } from "./capacity.ts";

/** A piece of text, or something that is written in exactly that way elsewhere. */
export type Piece = string | { code: string };

/** One thing after the other. */
export type Phrase = Piece[];

export interface Fact {
  label: string;
  phrases: Phrase[];
}

export interface FactGroup {
  title: string;
  facts: Fact[];
}

export const code = (text: string): Piece => ({ code: text });

export const stateWords: Record<TenantState, string> = {
  active: "Flux applies what the team ships",
  suspended: "Flux applies nothing; what runs stays",
  leaving: "keys and rights are taken back; what runs and all data stay",
  left: "as leaving, and the namespaces may be deleted",
};

/** Several phrases as one, with something between. */
export const joined = (phrases: Phrase[], between: string): Phrase => phrases.flatMap((phrase, index) => (index === 0 ? phrase : [between, ...phrase]));

export function tenantFacts(page: TenantPage, { settings }: Page): FactGroup[] {
  return [
    { title: "Who", facts: people(page.holders) },
    { title: "Source", facts: source(page, settings.github) },
    { title: "May use", facts: allowed(page) },
    { title: "Traffic", facts: [{ label: "Reached by", phrases: trafficIn(page.traffic) }, { label: "Reaches", phrases: trafficOut(page.traffic) }] },
    { title: "Room", facts: room(page.tenant) },
  ];
}

function people(holders: readonly Holder[]): Fact[] {
  const of = (label: string, grant: Holder["grant"], nobody: string): Fact => {
    const held = holders.filter((holder) => holder.grant === grant);
    const ids = [...new Set(held.flatMap(({ who }) => who))];
    return { label, phrases: ids.length === 0 ? [[nobody]] : ids.map((id) => [code(id)]) };
  };
  const applied = holders.some(({ grant }) => grant === "reconciler");
  const deployed = holders.filter(({ grant }) => grant === "deployers");
  return [
    of("Owners", "owners", "nobody"),
    of("Editors", "editors", "nobody"),
    of("Viewers", "viewers", "nobody"),
    { label: "Flux", phrases: [[applied ? "changes what runs, in the team's name" : "has no right"]] },
    {
      label: "Pipelines",
      phrases: deployed.length === 0 ? [["none"]] : deployed.map(({ namespace, who }) => [...joined(who.map((name) => [code(name)]), ", "), " in ", code(namespace)]),
    },
  ];
}

function source({ tenant }: TenantPage, { owner, managedBy }: GithubSettings): Fact[] {
  const { repository, git, deploy, state, notify, images, imageUpdates } = tenant;
  const [[kind, ref]] = Object.entries(deploy.ref) as [[string, string]];
  const goes = state === "leaving" || state === "left";
  return [
    { label: "Repository", phrases: [repository ? [code(`${owner}/${repository.name}`), repository.manage ? `, ${repository.visibility}` : `, made by ${managedBy ?? "another environment"}`] : [code(git.url)]] },
    { label: "Follows", phrases: [[kind === "semver" ? "newest tag in " : `${kind} `, code(ref), ", folder ", code(deploy.path), `, every ${deploy.interval}`]] },
    { label: "Access", phrases: [[goes ? "revoked" : access(tenant)]] },
    {
      label: "Images",
      phrases: images.length === 0 ? [["none"]] : images.map(({ name, follow }) => [code(name), follow ? `, ${followed(follow)}` : ", as the repository says"]),
    },
    ...(imageUpdates ? [{ label: "Writes to", phrases: [["branch ", code(imageUpdates.push), imageUpdates.push === imageUpdates.base ? "" : `, proposed for ${imageUpdates.base}`]] }] : []),
    ...delivered(tenant),
    { label: "Told by", phrases: tellers(tenant) },
    {
      label: "Notifies",
      phrases: notify.length === 0 ? [["nobody"]] : notify.map(({ kind, to, severity }) => [code(kind === "slack" ? to : `${kind} ${to}`), severity === "error" ? ", failures" : ", failures and deployments"]),
    },
  ];
}

/** What Flux fetches and applies besides the repository's folder. */
function delivered({ sources, releases, kustomizations, state }: TenantSettings): Fact[] {
  const rests = state === "active" ? "" : ", suspended";
  const from = (source: SourceSettings): string => ("address" in source ? source.address : "url" in source ? source.url : `${source.endpoint}/${source.bucket}`);
  const facts: Fact[] = [
    { label: "Sources", phrases: sources.map((source) => [code(source.name), ` (${sourceWords[source.kind]}) from `, code(from(source)), rests]) },
    { label: "Releases", phrases: releases.map(({ name, source, chart, version, namespace }) => [code(name), ": ", ...(chart === undefined ? [] : ["chart ", code(chart), version === undefined ? "" : ` ${version}`, ", "]), "source ", code(source), ", in ", code(namespace), rests]) },
    { label: "Further folders", phrases: kustomizations.map(({ name, path, source }) => [code(name), ": ", code(path), ...(source === undefined ? [] : [" of ", code(source)]), rests]) },
  ];
  return facts.filter(({ phrases }) => phrases.length > 0);
}

const sourceWords: Record<SourceSettings["kind"], string> = { git: "Git", oci: "OCI", helm: "Helm charts", bucket: "bucket" };

/** Who tells Flux at once of something new. */
function tellers({ webhooks: { repository, registry } }: TenantSettings): Phrase[] {
  const phrases: Phrase[] = [
    ...(repository ? [["GitHub, of a push"]] : []),
    ...(registry === "none" ? [] : [[registry === "acr" ? "the registry, of a new image" : "the team's pipeline, of a new image"]]),
  ];
  return phrases.length > 0 ? phrases : [["nobody, Flux looks by itself"]];
}

function allowed({ tenant, sources, images }: TenantPage): Fact[] {
  const { hosts, serviceTypes, storageClasses, priorityClasses } = tenant.allowed;
  const codes = (label: string, list: readonly string[], none: string): Fact => ({ label, phrases: list.length === 0 ? [[none]] : list.map((entry) => [code(entry)]) });
  return [
    codes("Flux fetches from", sources, "nowhere"),
    codes("Images from", images, "nowhere"),
    codes("Host names", hosts, "none"),
    { label: "Services", phrases: [[serviceTypes.join(", ")]] },
    ...(storageClasses === undefined ? [] : [codes("Storage classes", storageClasses, "none")]),
    ...(priorityClasses.length === 0 ? [] : [codes("Priority classes", priorityClasses, "none")]),
    ...azure(tenant),
  ];
}

function azure({ serviceAccounts, vault, sops, buildTrust }: TenantSettings): Fact[] {
  const phrases: Phrase[] = [
    ...(serviceAccounts.length > 0 ? [["an identity for ", ...joined(serviceAccounts.map((name) => [code(name)]), ", ")]] : []),
    ...(vault ? [[sops ? "a key vault, with a key for encrypted files" : "a key vault"]] : []),
    ...(buildTrust.length > 0 ? [["an identity for builds"]] : []),
  ];
  return phrases.length > 0 ? [{ label: "In Azure", phrases }] : [];
}

function room({ namespaces, controlNamespace, quota, containers, nodePool, protect, name, key }: TenantSettings): Fact[] {
  const { cpu, memory, pods, storage } = quotaAmounts(quota);
  return [
    {
      label: "Namespaces",
      phrases: [
        ...namespaces.map(({ name, podSecurity, share, adopt }): Phrase => [
          code(name),
          ...(namespaces.length > 1 ? [`, ${share} % of the quota`] : []),
          ...(podSecurity === "restricted" ? [] : [`, ${podSecurity} pods`]),
          ...(adopt ? [", was there before"] : []),
        ]),
        [code(controlNamespace), ", the platform's hold"],
      ],
    },
    { label: "Quota", phrases: [[`${number(cpu)} CPU, ${gib(memory)}, ${plural(pods, "pod")}, ${gib(storage)} of volumes`]] },
    {
      label: "Objects",
      phrases: [[listing([plural(quota.volumes, "volume"), plural(quota.services, "service"), plural(quota.loadBalancers, "load balancer"), plural(quota.secrets, "secret"), plural(quota.jobs, "job")])]],
    },
    { label: "A container", phrases: [[`${containers.cpuRequest} to ${containers.cpu} CPU and ${containers.memoryRequest} to ${containers.memory}, unless it says otherwise`]] },
    { label: "Nodes", phrases: [nodePool === undefined ? ["those for all"] : ["pool ", code(nodePool.name)]] },
    { label: "Deletion", phrases: [[protect ? "refused, until protection is lifted" : "not refused"]] },
    ...(name === key ? [] : [{ label: "Was made as", phrases: [[code(key)]] }]),
  ];
}

function access({ git: { access } }: TenantPage["tenant"]): string {
  if (access.kind === "deployKey") return access.write ? "a deploy key that reads and writes this repository only" : "a deploy key that reads this repository only";
  return { ssh: "an SSH key that the team gave", token: "a token", app: "a GitHub App of the team's", none: "none; it is public" }[access.kind];
}

function followed(follow: Follow): string {
  return "branch" in follow ? `newest of branch ${follow.branch}` : "semver" in follow ? `highest version in ${follow.semver}` : `tag ${follow.tag}`;
}
