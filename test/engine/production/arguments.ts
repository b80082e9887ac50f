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

/** Create-only arguments as `containerservice:AgentPool vmSize`, of a stack file as it is when this is made. */
export class Arguments {
  /** Those that the program writes. */
  readonly written: string[];
  readonly #environment: Environment;
  readonly #before: Resources;

  private constructor(environment: Environment, before: Resources) {
    this.#environment = environment;
    this.#before = before;
    this.written = createOnly.filter(({ type, path }) => [...before.values()].some((resource) => resource.type === type && valuesAt(resource.inputs, path).length > 0)).map(nameOf);
  }

  static async of(environment: Environment): Promise<Arguments> {
    return new Arguments(environment, await evaluated(environment, {}));
  }

  /** Those that a change of settings changes of a resource that is there before and after. */
  async changedBy(change: Settings): Promise<string[]> {
    const after = await evaluated(this.#environment, change);
    const text = (resource: Registration | undefined, path: string): string => JSON.stringify(valuesAt(resource?.inputs, path));
    const isChanged = ({ type, path }: CreateOnly): boolean =>
      [...this.#before].some(([key, resource]) => resource.type === type && after.has(key) && text(resource, path) !== text(after.get(key), path));
    return createOnly.filter(isChanged).map(nameOf);
  }
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
