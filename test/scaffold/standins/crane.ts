/** Stands in for crane: copies and names manifests of registries that are a file. Source: github.com/google/go-containerregistry, cmd/crane/doc. */
import { reference, Refusal, standIn } from "./world.ts";
import type { World } from "./world.ts";

function tagsOf(world: World, host: string): Record<string, Record<string, string>> {
  if (!world.signedIn.includes(host)) throw new Refusal(`Error: GET https://${host}/oauth2/token: UNAUTHORIZED: authentication required`);
  const registry = world.registries[host];
  if (registry === undefined) throw new Refusal(`Error: Get "https://${host}/v2/": dial tcp: lookup ${host}: no such host`);
  return registry;
}

function find(world: World, text: string): string {
  const { host, repository, tag, digest: wanted } = reference(text);
  const tags = tagsOf(world, host)[repository] ?? {};
  const digest = wanted === undefined ? tags[tag ?? ""] : Object.values(tags).find((present) => present === wanted);
  if (digest === undefined) throw new Refusal(`Error: fetching "${text}": GET https://${host}/v2/${repository}/manifests/${tag ?? wanted}: MANIFEST_UNKNOWN: manifest tagged by "${tag ?? wanted}" is not found`);
  return digest;
}

standIn("crane", ([command, from = "", to = ""], world) => {
  if (command === "digest") return find(world, from);
  if (command !== "copy") throw new Refusal(`Error: unknown command "${command}" for "crane"`);
  const digest = find(world, from);
  const { host, repository, tag } = reference(to);
  const registry = tagsOf(world, host);
  registry[repository] = { ...registry[repository], [tag!]: digest };
  return undefined;
});
