/** The rows of the stand-ins for Azure and azuread against the arguments and outputs of the real packages' classes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOnly } from "../../local/standins/azure/create-only.ts";
import { idArguments } from "../../local/standins/azure/ids.ts";
import { rules } from "../../local/standins/azure/rules.ts";
import { rows } from "../../local/standins/azuread/rows.ts";
import type { ObjectShape, Shape } from "../../local/standins/shape.ts";
import { argumentsOf, fieldsOf, outputsOf } from "./sdk-arguments.ts";
import type { Property } from "./sdk-arguments.ts";

/** What a row leaves open although the class describes it, and why. Whatever is not here is described to its last field. */
const open: Readonly<Record<string, string[]>> = {
  // Its own arguments again: an address within an address.
  "azure-native:network:PublicIPAddress": ["linkedPublicIPAddress", "natGateway", "servicePublicIPAddress"],
  // Blocks of azuread that nothing here uses.
  "azuread:index/application:Application": ["api", "appRoles", "featureTags", "optionalClaims", "password", "publicClient", "requiredResourceAccesses", "singlePageApplication", "web"],
  "azuread:index/servicePrincipal:ServicePrincipal": ["featureTags", "features", "samlSingleSignOn"],
};

/** Texts for which the class lists some values and takes others. */
const widened: Readonly<Record<string, string[]>> = {
  "azure-native:monitor:DataCollectionRule": ["dataFlows.streams"],
};

const join = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

/** What is wrong with a row's shape, by path: it must describe all that the class takes and nothing else. */
function mistakes(token: string, shape: Shape, real: Map<string, Property>, path: string): string[] {
  if (shape === "any") return [];
  if (typeof shape === "string") return [`${path} is an object in the class`];
  if (shape.kind === "list" || shape.kind === "map") return mistakes(token, shape.of, real, path);
  if (shape.kind !== "object") return [`${path} is an object in the class`];
  const { fields, required } = shape;
  return [
    ...[...real.keys()].filter((name) => fields[name] === undefined).map((name) => `${join(path, name)} is missing`),
    ...Object.entries(fields).flatMap(([name, field]) => {
      const property = real.get(name);
      const here = join(path, name);
      if (property === undefined) return [`${here} is not in the class`];
      return [
        ...(property.required && !required.includes(name) ? [`${here} is required`] : []),
        ...valueMistakes(token, field, property, here),
        ...(property.type === undefined ? [] : mistakes(token, field, fieldsOf(token, property.type), here)),
      ];
    }),
  ];
}

function valueMistakes(token: string, shape: Shape, { values, type }: Pick<Property, "values" | "type">, path: string): string[] {
  if (typeof shape !== "string" && (shape.kind === "list" || shape.kind === "map")) return valueMistakes(token, shape.of, { values, type }, path);
  if (shape === "any") return type !== undefined && open[token]?.includes(path) !== true ? [`${path} is described by the class`] : [];
  if (typeof shape !== "string" && shape.kind === "object") return type === undefined ? [`${path} has no fields in the class`] : [];
  // A row may be stricter than free text in the class, as Azure is; but not the other way round.
  if (values === undefined || widened[token]?.includes(path) === true) return [];
  if (typeof shape === "string" || shape.kind !== "enum") return [`${path} is an enum in the class`];
  const listed = [...shape.values].sort();
  return JSON.stringify(listed) === JSON.stringify(values) ? [] : [`${path} is one of ${values.join(", ")}, not ${listed.join(", ")}`];
}

const described: [token: string, shape: ObjectShape][] = [
  ...rules.map((rule): [string, ObjectShape] => [rule.token, rule.arguments]),
  ...Object.entries(rows).map(([token, row]): [string, ObjectShape] => [token, row.arguments]),
];

for (const [token, shape] of described) {
  // Catches: a property, enum value or required mark that was mistyped, forgotten, or belongs to another version.
  test(`arguments of ${token} are those of the real class`, () => {
    assert.deepEqual(mistakes(token, shape, argumentsOf(token), ""), []);
  });
}

test("a row that is wrong is found out", () => {
  const token = "azure-native:network:NatGateway";
  const of = (fields: Record<string, Shape>): string[] => {
    const right = rules.find((rule) => rule.token === token)!.arguments;
    return mistakes(token, { ...right, fields: { ...right.fields, ...fields } }, argumentsOf(token), "");
  };
  assert.deepEqual(of({}), []);
  assert.deepEqual(of({ colour: "string" }), ["colour is not in the class"]);
  assert.deepEqual(of({ sku: { kind: "object", fields: {}, required: [] } }), ["sku.name is missing"]);
  assert.deepEqual(of({ sku: { kind: "object", fields: { name: { kind: "enum", values: ["Basic"] } }, required: [] } }), ["sku.name is one of Standard, not Basic"]);
  assert.deepEqual(of({ sku: "any" }), ["sku is described by the class"]);
  const { location: _, ...without } = rules.find((rule) => rule.token === token)!.arguments.fields;
  assert.deepEqual(mistakes(token, { kind: "object", fields: without, required: [] }, argumentsOf(token), ""), ["location is missing", "resourceGroupName is required"]);
});

for (const rule of rules) {
  // Catches: an output that the class does not have, so that a program that reads it would work here and nowhere else.
  test(`what ${rule.token} answers, its class has`, () => {
    const outputs = outputsOf(rule.token);
    const silent = [...idArguments(rule).filter((name) => rule.echoed?.includes(name) !== true), ...(rule.silent ?? [])];
    const answered = [...Object.keys(rule.arguments.fields).filter((name) => !silent.includes(name)), ...Object.keys(rule.answers ?? {}).map((path) => path.split(".")[0]!), "name"];
    assert.deepEqual(answered.filter((name) => !outputs.has(name)), []);
  });

  // Catches: a row that names an argument which does not exist, so that its rule never applies.
  test(`the row of ${rule.token} speaks of its own arguments`, () => {
    const { fields } = rule.arguments;
    const named = [...idArguments(rule), ...(rule.name ? [rule.name.argument] : []), ...(rule.silent ?? []), ...(rule.echoed ?? []), ...(rule.subResources ?? [])];
    assert.deepEqual(named.filter((name) => fields[name] === undefined), []);
    for (const [path, token] of Object.entries(rule.references ?? {})) {
      assert.ok(hasPath(rule.arguments, path), path);
      assert.ok(rules.some((other) => other.token === token), token);
    }
    if (rule.name === undefined) return;
    assert.match(rule.name.checked, /^\d{4}-\d\d-\d\d$/);
    assert.notEqual(rule.name.source, "");
  });
}

for (const [token, row] of Object.entries(rows)) {
  test(`the row of ${token} speaks of its own arguments and outputs`, () => {
    assert.deepEqual(row.createOnly.filter((name) => row.arguments.fields[name] === undefined), []);
    assert.deepEqual([...row.outputs, ...Object.keys(row.arguments.fields)].filter((name) => !outputsOf(token).has(name)), []);
  });
}

/** Whether a shape has something at `a.b` or `a[].b`. */
function hasPath(shape: Shape, path: string): boolean {
  let at: Shape | undefined = shape;
  for (const step of path.split(".")) {
    if (at === undefined || typeof at === "string") return at === "any";
    if (at.kind === "map") at = at.of;
    else if (at.kind === "object") {
      const field: Shape | undefined = at.fields[step.replace(/\[\]$/, "")];
      at = step.endsWith("[]") && field !== undefined && typeof field !== "string" && field.kind === "list" ? field.of : field;
    } else return false;
  }
  return at !== undefined;
}

test("each create-only row names an argument of its type once, with its source and day", () => {
  for (const { type, path, source, checked } of createOnly) {
    const rule = rules.find(({ token }) => token === type);
    assert.ok(rule && hasPath(rule.arguments, path), `${type} ${path}`);
    assert.ok(!idArguments(rule).includes(path) || rule.echoed?.includes(path) === true, `${type} ${path} stands in the id`);
    assert.notEqual(source, "");
    assert.match(checked, /^\d{4}-\d\d-\d\d$/);
  }
  const keys = createOnly.map(({ type, path }) => `${type} ${path}`);
  assert.deepEqual(keys.filter((key, index) => keys.indexOf(key) !== index), []);
});
