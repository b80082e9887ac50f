/**
 * Every resource that a stack registers in Azure, as the request it becomes, against Azure's own schema of the API version
 * that the SDK speaks.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Registration } from "../../cli/render/evaluate.ts";
import { toArm } from "./arm-body.ts";
import type { ArmResource, Fields } from "./arm-body.ts";
import { armTypes } from "./arm-types.ts";
import { inputMistakes, noInputs } from "./azure-inputs.ts";
import { changed, objects, scalars } from "./refusals.ts";
import { Schemas, noSchemas } from "./schemas.ts";
import { apiVersion } from "./sdk.ts";
import { evaluateStacks, filled } from "./stacks.ts";

/** Types whose API version has no published schema, and why. Their arguments are checked against the class's own. */
const withoutSchema: Readonly<Record<string, string>> = {
  "azure-native:dns:Zone": "Azure publishes it, schemas/2023-07-01-preview/Microsoft.Network.DNS.json, but the folder lacks it",
  "azure-native:dns:RecordSet": "the same",
  "azure-native:consumption:Budget": "Azure publishes it, schemas/2024-08-01/Microsoft.Consumption.json, but the folder lacks it",
};

const stacks = await evaluateStacks();
const all = stacks.flatMap(({ resources }) => resources);
const covered = all.filter(({ type }) => !(type in withoutSchema));

const inputsOf = ({ inputs }: Registration) => filled(inputs) as Fields;
const request = (resource: Registration): ArmResource => toArm(resource.type, inputsOf(resource), apiVersion(resource.type));
const label = ({ type, name }: Registration) => `${type.split(":").at(-1)} ${name}`;

/** How many properties a request sets, at all depths. */
function properties(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  const items = Object.values(value);
  return (Array.isArray(value) ? 0 : items.length) + items.reduce<number>((sum, item) => sum + properties(item), 0);
}

test("every type that a row describes is registered by a stack, and the other way round", () => {
  assert.deepEqual([...new Set(all.map(({ type }) => type))].sort(), Object.keys(armTypes).map((token) => `azure-native:${token}`).sort());
});

describe("requests to Azure", { skip: noSchemas }, () => {
  let schemas: Schemas;
  before(() => void (schemas = new Schemas()));

  for (const { name, resources } of stacks) {
    describe(`of the stack ${name}`, () => {
      for (const resource of resources.filter(({ type }) => !(type in withoutSchema))) {
        test(label(resource), () => assert.deepEqual(schemas.mistakes(request(resource)), []));
      }
    });
  }

  test("have a schema in the version that the SDK uses", (t) => {
    const missing = Object.entries(armTypes).map(([token, { type }]) => ({ token: `azure-native:${token}`, type })).filter(({ token, type }) => !schemas.has(type, apiVersion(token)));
    assert.deepEqual(missing.map(({ token }) => token), Object.keys(withoutSchema));
    for (const { name, resources } of stacks) {
      const requests = resources.filter((resource) => covered.includes(resource)).map(request);
      const count = requests.reduce((sum, { body }) => sum + properties(body), 0);
      t.diagnostic(`${name}: ${requests.length} resources of ${new Set(requests.map(({ type }) => type)).size} types, ${count} properties`);
    }
  });

  describe("are refused", () => {
    test("with an unknown property, in whatever object it stands", (t) => {
      let count = 0;
      for (const resource of covered) {
        const right = request(resource);
        for (const path of objects(right.body)) {
          count++;
          const wrong = { ...right, body: changed(right.body, `${path}/networkPolcy`, true) };
          assert.notDeepEqual(schemas.mistakes(wrong), [], `${label(resource)}: ${path}/networkPolcy`);
        }
      }
      t.diagnostic(`tried in ${count} objects`);
    });

    test("with a value of the wrong type, whichever it is", (t) => {
      let count = 0;
      for (const resource of covered) {
        const right = request(resource);
        for (const path of scalars(right.body)) {
          count++;
          assert.notDeepEqual(schemas.mistakes({ ...right, body: changed(right.body, path, {}) }), [], `${label(resource)}: ${path}`);
        }
      }
      t.diagnostic(`tried for ${count} values`);
    });

    const one = (token: string): ArmResource => request(covered.find(({ type }) => type === `azure-native:${token}`)!);
    const wrong: [what: string, request: (right: ArmResource) => ArmResource, token: string, mistake: string][] = [
      ["an unknown property", (right) => ({ ...right, body: changed(right.body, "/properties/networkProfile/networkPolcy", "cilium") }), "containerservice:ManagedCluster", "/properties/networkProfile/networkPolcy is not known to this version of the API"],
      ["a value that an enum lacks", (right) => ({ ...right, body: changed(right.body, "/properties/autoUpgradeProfile/upgradeChannel", "weekly") }), "containerservice:ManagedCluster", "/properties/autoUpgradeProfile/upgradeChannel must be equal to one of the allowed values: rapid, stable, patch, node-image, none"],
      ["a number that is a text", (right) => ({ ...right, body: changed(right.body, "/properties/count", "3") }), "containerservice:AgentPool", "/properties/count must be integer"],
      ["a template expression, which only a deployment may have", (right) => ({ ...right, body: changed(right.body, "/properties/count", "[variables('x')]") }), "containerservice:AgentPool", "/properties/count must be integer"],
      ["a pool's bad name", (right) => ({ ...right, name: "aks/Apps" }), "containerservice:AgentPool", '/name must match pattern "^[a-z][a-z0-9]{0,11}$"'],
      ["its cluster's bad name", (right) => ({ ...right, name: "-aks/apps" }), "containerservice:AgentPool", '/name must match pattern "^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$"'],
      ["a registry's bad name", (right) => ({ ...right, name: "cr-acme" }), "containerregistry:Registry", '/name must match pattern "^[a-zA-Z0-9]*$"'],
      ["a required property missing", (right) => ({ ...right, body: changed(right.body, "/properties", { principalId: "x" }) }), "authorization:RoleAssignment", "/properties must have required property 'roleDefinitionId'"],
    ];
    for (const [what, make, token, mistake] of wrong) {
      test(`with ${what}`, () => {
        const right = one(token);
        assert.deepEqual(schemas.mistakes(right), []);
        assert.deepEqual(schemas.mistakes(make(right)), [mistake]);
      });
    }

    test("with a property of a newer version of the API: a registry's roleAssignmentMode", () => {
      const right = one("containerregistry:Registry");
      const wrong = { ...right, body: changed(right.body, "/properties/roleAssignmentMode", "AbacRepositoryPermissions") };
      assert.deepEqual(schemas.mistakes(wrong), ["/properties/roleAssignmentMode is not known to this version of the API"]);
      assert.deepEqual(schemas.mistakes({ ...wrong, apiVersion: "2025-11-01" }), []);
    });
  });
});

describe("arguments of classes whose version of the API has no schema", { skip: noInputs }, () => {
  const uncovered = all.filter(({ type }) => type in withoutSchema);
  for (const resource of uncovered) {
    test(label(resource), (t) => {
      assert.deepEqual(inputMistakes(resource.type, inputsOf(resource)), []);
      t.diagnostic(`${resource.type}: ${properties(inputsOf(resource))} properties`);
    });
  }

  test("are refused when they are wrong", () => {
    const { type, ...resource } = uncovered.find(({ type }) => type.endsWith(":Budget"))!;
    const right = filled(resource.inputs) as Fields;
    const { amount: _amount, ...without } = right;
    assert.deepEqual(inputMistakes(type, without), ["/amount is required"]);
    assert.deepEqual(inputMistakes(type, { ...right, ammount: 1 }), ["/ammount is not an argument of the class"]);
    assert.deepEqual(inputMistakes(type, { ...right, timeGrain: "Weekly" }), ["/timeGrain must be one of Monthly, Quarterly, Annually, BillingMonth, BillingQuarter, BillingAnnual"]);
    assert.deepEqual(inputMistakes(type, { ...right, amount: "2000" }), ["/amount must be number"]);
    for (const path of objects(right)) assert.notDeepEqual(inputMistakes(type, changed(right, `${path}/colour`, true)), [], path);
  });
});
