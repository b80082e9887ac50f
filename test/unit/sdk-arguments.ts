/**
 * What the classes of an SDK take and answer, read from the package's declarations: `export interface XArgs`, the types
 * that it refers to, and the outputs of the class.
 */
import { readFileSync } from "node:fs";

const modules = new URL("../../node_modules/@pulumi/", import.meta.url);

/** One property. `fields` of an object, of a list's items or of a map's values; `name` of the type that has them. */
export interface Property {
  required: boolean;
  /** The values that the declarations list; absent where any will do. */
  values?: string[];
  type?: string;
  /** One value, a list of them, or a map from names to them. */
  holds: "value" | "list" | "map";
  /** What a value is that has no `type`. */
  scalar: "string" | "number" | "boolean" | "any";
}

const read = (path: string): string => readFileSync(new URL(path, modules), "utf8").replace(/\/\*\*[\s\S]*?\*\//g, "");
const cache = new Map<string, string>();

function source(path: string): string {
  const found = cache.get(path) ?? read(path);
  cache.set(path, found);
  return found;
}

/** The part of a file between a line and the next line that closes at the same depth. */
function block(text: string, opening: string, close: string): string {
  const start = text.indexOf(opening);
  if (start < 0) throw new Error(`no "${opening}" in the declarations`);
  return text.slice(start + opening.length, text.indexOf(close, start));
}

/** `azure-native:network:Subnet` and `azuread:index/application:Application` are declared in files of their own. */
function classFile(token: string): { pack: string; module: string; name: string; file: string } {
  const [pack = "", path = "", name = ""] = token.split(":");
  const module = path.split("/")[0]!;
  const file = `${name[0]!.toLowerCase()}${name.slice(1)}`;
  return { pack, module, name, file: module === "index" ? `${pack}/${file}` : `${pack}/${module}/${file}` };
}

function properties(body: string, pack: string): Map<string, Property> {
  const found = new Map<string, Property>();
  for (const [, name = "", optional, type = ""] of body.matchAll(/^ +(\w+)(\??): ([\s\S]*?);$/gm)) {
    const of = /inputs(?:\.(\w+))?\.(\w+)/.exec(type);
    const listed = /enums\.(\w+)\.(\w+)/.exec(type);
    found.set(name, {
      required: optional !== "?",
      holds: /\[key: string\]/.test(type) ? "map" : /\[\]/.test(type) ? "list" : "value",
      scalar: (/Input<(string|number|boolean)\b/.exec(type)?.[1] as Property["scalar"] | undefined) ?? (listed ? "string" : "any"),
      ...(listed ? { values: enumValues(pack, listed[1]!, listed[2]!) } : {}),
      ...(of ? { type: `${of[1] ?? ""}.${of[2]!}` } : {}),
    });
  }
  return found;
}

function enumValues(pack: string, module: string, name: string): string[] {
  const body = block(source(`${pack}/types/enums/${module}/index.d.ts`), `export declare const ${name}: {`, "};");
  return [...body.matchAll(/readonly \w+: "(.*)"/g)].map(([, value]) => value!).sort();
}

/** The arguments of a class. */
export function argumentsOf(token: string): Map<string, Property> {
  const { pack, name, file } = classFile(token);
  return properties(block(source(`${pack}/${file.slice(pack.length + 1)}.d.ts`), `export interface ${name}Args {`, "\n}"), pack);
}

/** The properties of a type that an argument has, as {@link Property} names it. */
export function fieldsOf(token: string, type: string): Map<string, Property> {
  const { pack } = classFile(token);
  const [module = "", name = ""] = type.split(".");
  const inputs = source(`${pack}/types/input.d.ts`);
  if (module === "") return properties(block(inputs, `export interface ${name} {`, "\n}"), pack);
  return properties(block(block(inputs, `export declare namespace ${module} {`, "\n}"), `    interface ${name} {`, "\n    }"), pack);
}

/** The outputs of a class. */
export function outputsOf(token: string): Set<string> {
  const { pack, name, file } = classFile(token);
  const body = block(source(`${pack}/${file.slice(pack.length + 1)}.d.ts`), `export declare class ${name} extends`, "\n}");
  return new Set([...body.matchAll(/^ {4}readonly (\w+): pulumi\.Output/gm)].map(([, output]) => output!));
}
