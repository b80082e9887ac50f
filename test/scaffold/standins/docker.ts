/** Stands in for Docker's command line: builds nothing, pushes to registries that are a file. What it refuses docs.docker.com says, read in November 2026. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { options, reference, Refusal, standIn } from "./world.ts";
import type { World } from "./world.ts";

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const unknown = (flag: string): Refusal => new Refusal(`unknown flag: ${flag}`, 125);

function signedIn(world: World, host: string): void {
  if (!world.signedIn.includes(host)) throw new Refusal(`ERROR: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://${host}/oauth2/token: 401 Unauthorized`);
}

function find(world: World, ref: string): string {
  const { host, repository, tag, digest } = reference(ref);
  signedIn(world, host);
  const tags = world.registries[host]?.[repository] ?? {};
  const found = digest === undefined ? tags[tag!] : Object.values(tags).find((present) => present === digest);
  if (found === undefined) throw new Refusal(`ERROR: ${ref}: not found`);
  return found;
}

function put(world: World, ref: string, digest: string): void {
  const { host, repository, tag } = reference(ref);
  signedIn(world, host);
  const registry = world.registries[host];
  if (registry === undefined) throw new Refusal(`ERROR: failed to do request: Head "https://${host}/v2/": dial tcp: lookup ${host}: no such host`);
  const { [tag!]: _, ...others } = registry[repository] ?? {};
  registry[repository] = { ...others, [tag!]: digest };
}

const buildOptions = { "--file": 1, "--target": 1, "--tag": 1, "--push": 0, "--platform": 1, "--build-arg": 1, "--label": 1 } as const;

function build(args: string[], world: World): undefined {
  const { given, rest } = options(args, buildOptions, unknown);
  const [context] = rest;
  if (rest.length !== 1 || context === undefined) throw new Refusal("ERROR: docker buildx build requires 1 argument");
  if (!existsSync(context) || !statSync(context).isDirectory()) throw new Refusal(`ERROR: unable to prepare context: path "${context}" not found`);
  const file = given.get("--file")?.[0] ?? join(context, "Dockerfile");
  if (!existsSync(file)) throw new Refusal(`ERROR: failed to read dockerfile: open ${file}: no such file or directory`);
  const dockerfile = readFileSync(file, "utf8");
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage);
  for (const target of given.get("--target") ?? []) if (!stages.includes(target)) throw new Refusal(`ERROR: target stage "${target}" could not be found`);
  for (const declared of given.get("--build-arg") ?? []) {
    // Docker only warns of this.
    if (!new RegExp(`^ARG ${declared.split("=")[0]}\\b`, "m").test(dockerfile)) throw new Refusal(`ERROR: one or more build-args were not consumed: ${declared}`);
  }
  const tags = given.get("--tag") ?? [];
  if (given.has("--push") && tags.length === 0) throw new Refusal("ERROR: tag is needed when pushing to registry");
  // Two builds of the same files are not the same image.
  world.builds++;
  if (given.has("--push")) for (const tag of tags) put(world, tag, sha256(`build ${world.builds}`));
}

function create(args: string[], world: World): undefined {
  const { given, rest } = options(args, { "--tag": 1, "--prefer-index": 1 }, unknown);
  if (rest.length === 0) throw new Refusal("ERROR: can't create new manifest: no sources specified");
  const digest = find(world, rest[0]!);
  const kept = given.get("--prefer-index")?.[0] === "false" ? digest : sha256(`index of ${digest}`);
  for (const tag of given.get("--tag") ?? []) put(world, tag, kept);
}

function inspect(args: string[], world: World): string {
  const { given, rest } = options(args, { "--format": 1 }, unknown);
  if (given.get("--format")?.[0] !== "{{json .Manifest}}" || rest.length !== 1) throw new Refusal("ERROR: this stand-in knows --format '{{json .Manifest}}' and one image");
  return JSON.stringify({ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: find(world, rest[0]!), size: 1234 });
}

standIn("docker", ([group, command, ...args], world) => {
  if (group === "buildx" && command === "build") return build(args, world);
  if (group === "buildx" && command === "imagetools" && args[0] === "create") return create(args.slice(1), world);
  if (group === "buildx" && command === "imagetools" && args[0] === "inspect") return inspect(args.slice(1), world);
  throw new Refusal(`docker: unknown command: docker ${group}`, 1);
});
