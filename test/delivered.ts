/** Short forms of what is registered at GitHub and for Flux. */
import type { Registration } from "../cli/render/evaluate.ts";
import { Program } from "./evaluate.ts";
import { configuration } from "./settings.ts";

/** A stack with these teams, and what else `changes` says; secrets that are named have a value. One takes a second: ask it for many things. */
export function stackOf(tenants: Record<string, object | null>, changes: Record<string, unknown> = {}, { secrets = [] as string[], environment = "staging" } = {}): Promise<Program> {
  return Program.of(configuration({ ...changes, tenants }, { environment, secrets: Object.fromEntries(secrets.map((name) => [name, true])) }));
}

/** `spec` of a Kubernetes object. */
export const spec = (program: Program, kind: string, namespace: string, name: string): Record<string, unknown> => program.object(kind, namespace, name).inputs.spec as Record<string, unknown>;

/** The Kubernetes objects of some kinds in a namespace, as `Kind name`. */
export function objectsIn(program: Program, namespace: string, kinds: RegExp = /./): string[] {
  return program
    .objects()
    .map(({ inputs }) => ({ kind: String(inputs.kind), ...(inputs.metadata as { name: string; namespace?: string }) }))
    .filter((object) => object.namespace === namespace && kinds.test(object.kind))
    .map(({ kind, name }) => `${kind} ${name}`)
    .sort();
}

/** The keys of a Secret. */
export const keysOf = (program: Program, namespace: string, name: string): string[] => Object.keys(program.object("Secret", namespace, name).inputs.stringData as object).sort();

/** What is registered at GitHub for one team, or another part whose names begin so: as `Type name`. */
export const atGithub = (program: Program, part: string): string[] =>
  program.registrations.filter(({ type, name }) => type.startsWith("github:") && name.startsWith(`${part}-`)).map(short).sort();

export const short = ({ type, name }: Registration): string => `${type.split(":").at(-1)} ${name}`;

/** How the engine treats a resource. */
export function treated({ retainOnDelete, ignoreChanges, deleteBeforeReplace, protect }: Registration): Record<string, unknown> {
  return { retainOnDelete, ignoreChanges, deleteBeforeReplace, protect };
}
