/** Azure's published schemas of deployment templates, made strict: what they do not name is refused. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import ajv from "ajv-draft-04";
import type { ErrorObject, ValidateFunction } from "ajv-draft-04";
import type { ArmResource, Fields } from "./arm-body.ts";
import { fillGaps } from "./schema-gaps.ts";
import { strict } from "./strict.ts";

/** `<api version>/<provider>.json` and `common/definitions.json` of Azure/azure-resource-manager-schemas (MIT). */
const folder = new URL("../../../shared/data/arm/", import.meta.url);

export const noSchemas = existsSync(folder) ? false : "Azure's schemas are not on this machine";

interface SchemaFile extends Fields {
  id: string;
}

/** What a resource may stand on, in the order in which a definition is looked for. */
const sections = ["resourceDefinitions", "subscription_resourceDefinitions", "extension_resourceDefinitions"];
const elsewhere = ["managementGroup_resourceDefinitions", "tenant_resourceDefinitions"];

/** Checks requests to Azure. Loads a schema file when a type first asks for it. */
export class Schemas {
  readonly #ajv = new ajv.default({ allErrors: true, strict: true, formats: { "date-time": isDateTime }, keywords: [...sections, ...elsewhere] });
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #files: string[];
  readonly #added = new Set<string>();

  constructor() {
    this.#files = readdirSync(folder).flatMap((version) => (/^\d/.test(version) ? readdirSync(new URL(`${version}/`, folder)).map((file) => `${version}/${file}`) : []));
    this.#ajv.addSchema(strict(read("common/definitions.json")) as SchemaFile);
  }

  /** Whether there is a schema of this type in this version of the API. */
  has(type: string, apiVersion: string): boolean {
    return this.#reference(type, apiVersion) !== undefined;
  }

  /** What is wrong with a request, a line each; none for a right one. Throws when there is no schema. */
  mistakes({ type, name, apiVersion, body }: ArmResource): string[] {
    const names = name.split("/");
    const [provider, ...types] = type.split("/");
    const parents = types.slice(0, -1).flatMap((_, index) => {
      const parent = [provider, ...types.slice(0, index + 1)].join("/");
      // Of a parent only the name is known here.
      return this.#check(parent, apiVersion, { name: names[index] }).filter((mistake) => mistake.startsWith("/name "));
    });
    // Names of children have patterns of their own, without the parents' names.
    return [...parents, ...this.#check(type, apiVersion, { ...body, name: names.at(-1) })];
  }

  #check(type: string, apiVersion: string, body: Fields): string[] {
    const reference = this.#reference(type, apiVersion);
    if (reference === undefined) throw new Error(`there is no schema of ${type} ${apiVersion}`);
    let validate = this.#validators.get(reference);
    if (validate === undefined) this.#validators.set(reference, (validate = this.#ajv.compile({ $ref: reference })));
    return validate({ type, apiVersion, ...body }) ? [] : (validate.errors ?? []).map(describe);
  }

  /** The address of a type's definition, whose file is loaded. */
  #reference(type: string, apiVersion: string): string | undefined {
    const [provider = "", ...types] = type.split("/");
    for (const file of this.#files.filter((path) => path.startsWith(`${apiVersion}/${provider}.`))) {
      const schema = read(file);
      for (const section of sections) {
        // Azure compares the names of types without regard to case, and its own files do not agree.
        const found = Object.keys((schema[section] as Fields | undefined) ?? {}).find((key) => key.toLowerCase() === types.join("_").toLowerCase());
        if (found === undefined) continue;
        if (!this.#added.has(file)) this.#ajv.addSchema(strict(schema) as SchemaFile);
        this.#added.add(file);
        return `${schema.id}/${section}/${found}`;
      }
    }
    return undefined;
  }
}

const loaded = new Map<string, SchemaFile>();

function read(path: string): SchemaFile {
  let schema = loaded.get(path);
  if (schema === undefined) {
    schema = JSON.parse(readFileSync(new URL(path, folder), "utf8")) as SchemaFile;
    fillGaps(path, schema);
    loaded.set(path, schema);
  }
  return schema;
}

function describe({ instancePath, message, keyword, params }: ErrorObject): string {
  if (keyword === "additionalProperties") return `${instancePath}/${params.additionalProperty} is not known to this version of the API`;
  const allowed = keyword === "enum" ? `: ${(params.allowedValues as unknown[]).join(", ")}` : "";
  return `${instancePath} ${message}${allowed}`;
}

/** RFC 3339, as Azure writes times. */
function isDateTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text) && !Number.isNaN(Date.parse(text));
}
