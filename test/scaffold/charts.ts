/** The scaffold's chart and overlays as Flux would render them: with the Helm and the Kustomize of its controllers. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments, stringify } from "yaml";
import type { ScaffoldFile } from "../../components/github/scaffold/overlay-args.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import { provideHelm } from "../../local/toolchain/helm.ts";
import { provideKustomize } from "../../local/toolchain/kustomize.ts";

const run = promisify(execFile);

export const chartFolder = join(import.meta.dirname, "../../scaffold/helm/chart");

/** Settings and credentials of the person who runs the tests stay out. */
const environment = (home: string) => ({ PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8" });

/** A folder with these files, removed after `work`. */
export async function inFolder<T>(files: readonly ScaffoldFile[], work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "mooring-chart-"));
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Helm; `values` come as a file, `{values}` in the arguments. Throws with what it wrote. */
export async function helm(args: string[], values: object = {}): Promise<string> {
  const program = await provideHelm({ progress: silentProgress });
  return await inFolder([{ path: "values.yaml", content: stringify(values) }], async (folder) => {
    const file = join(folder, "values.yaml");
    try {
      return (await run(program, args.map((arg) => arg.replace("{values}", file)), { env: environment(folder) })).stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`helm ${args[0]}: ${stdout}${stderr}`, { cause: error });
    }
  });
}

export function objectsOf(yaml: string): Values[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const object = document.toJS() as Values | null;
    return object === null ? [] : [object];
  });
}

/** What the chart makes of these values, as the release `app` in `orders`. */
export async function rendered(values: object, chart = chartFolder): Promise<Values[]> {
  return objectsOf(await helm(["template", "app", chart, "--namespace", "orders", "--values", "{values}"], values));
}

/** Builds a folder of a repository, as kustomize-controller does. */
export async function built(files: readonly ScaffoldFile[], path: string): Promise<Values[]> {
  const program = await provideKustomize({ progress: silentProgress });
  return await inFolder(files, async (folder) => objectsOf((await run(program, ["build", join(folder, path)], { env: environment(folder) })).stdout));
}

/** The object of a kind. Throws when there is not exactly one. */
export function the(kind: string, objects: readonly Values[]): Values {
  const [found, ...more] = objects.filter((object) => object.kind === kind);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + (found ? 1 : 0)} objects are of the kind ${kind}, among ${objects.map((object) => String(object.kind)).join(", ")}`);
  return found;
}

/** The values that Flux gives the chart: those of ConfigMaps in their order, then those of the release. Secrets are left out. */
export function valuesOf(objects: readonly Values[]): Values {
  const { values = {}, valuesFrom = [] } = the("HelmRelease", objects).spec as { values?: Values; valuesFrom?: { kind: string; name: string; valuesKey?: string; targetPath?: string; optional?: boolean }[] };
  const layers = valuesFrom.filter(({ kind, targetPath }) => kind === "ConfigMap" && targetPath === undefined).map(({ name, valuesKey = "values.yaml" }) => {
    const map = objects.find((object) => object.kind === "ConfigMap" && (object.metadata as { name: string }).name === name);
    const text = (map?.data as Record<string, string> | undefined)?.[valuesKey];
    if (text === undefined) throw new Error(`the release takes values from ${valuesKey} of the ConfigMap ${name}, which is not there`);
    return objectsOf(text)[0] ?? {};
  });
  return [...layers, values].reduce(merged, {});
}

const isMap = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** Maps are merged, all else is replaced: as Helm does. */
function merged(under: Values, over: Values): Values {
  const both = Object.entries(over).map(([key, value]) => [key, isMap(value) && isMap(under[key]) ? merged(under[key], value) : value]);
  return { ...under, ...Object.fromEntries(both) } as Values;
}
