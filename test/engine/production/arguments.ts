/** Which of Azure's create-only arguments the stacks write, and which of them changes of settings reach. */
import { join } from "node:path";
import type { Registration } from "../../../cli/render/evaluate.ts";
import { readStackFile } from "../../../cli/stack-file.ts";
import { createOnly } from "../../../local/standins/azure/create-only.ts";
import type { CreateOnly } from "../../../local/standins/azure/create-only.ts";
import { Program } from "../../evaluate.ts";
import type { Environment } from "../environment.ts";
import { variantOf } from "../plans.ts";
import type { Settings } from "../plans.ts";

const root = join(import.meta.dirname, "../../..");

type Resources = Map<string, Registration>;

/** Create-only arguments that the stack file as it is makes the program write: `containerservice:AgentPool vmSize`. */
export async function writtenArguments(environment: Environment): Promise<string[]> {
  const resources = await evaluated(environment, {});
  return createOnly.filter(({ type, path }) => [...resources.values()].some((resource) => resource.type === type && valuesAt(resource.inputs, path).length > 0)).map(nameOf);
}

/** Those that a change of settings changes of a resource that is there before and after. */
export async function changedArguments(environment: Environment, change: Settings): Promise<string[]> {
  const [before, after] = [await evaluated(environment, {}), await evaluated(environment, change)];
  const text = (resource: Registration | undefined, path: string): string => JSON.stringify(valuesAt(resource?.inputs, path));
  return createOnly.filter(({ type, path }) => [...before].some(([key, resource]) => resource.type === type && after.has(key) && text(resource, path) !== text(after.get(key), path))).map(nameOf);
}

const nameOf = ({ type, path }: CreateOnly): string => `${type.slice("azure-native:".length)} ${path}`;

/** What the program declares, without an engine. */
async function evaluated(environment: Environment, change: Settings): Promise<Resources> {
  const { configuration, mistakes } = readStackFile({ root, file: variantOf(environment, change) });
  if (configuration === undefined) throw new Error(mistakes.map(({ message }) => message).join("\n"));
  const { registrations } = await Program.of(configuration);
  return new Map(registrations.map((registration) => [`${registration.type} ${registration.name}`, registration]));
}

/** All values at a path, `a[].b`. */
function valuesAt(value: unknown, path: string): unknown[] {
  return path.split(".").reduce<unknown[]>((values, part) => {
    const inner = values.map((item) => (item as Record<string, unknown> | undefined)?.[part.replace("[]", "")]).filter((item) => item !== undefined);
    return part.endsWith("[]") ? inner.flat() : inner;
  }, [value]);
}
