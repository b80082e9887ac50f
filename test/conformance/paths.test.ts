/**
 * How resources depend on each other. After a step that failed the engine walks every path from its resource to all that it depends on,
 * and a resource on many paths as often (pkg/resource/graph, `markAsDependency` of v3.259): where each of some forty resources
 * depended on all before it, `up` stood still for hours.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Registration } from "../../cli/render/evaluate.ts";
import { evaluateStacks } from "./stacks.ts";

/** The engine walks some millions a second. */
const BOUND = 30_000_000;

/** What the state has as dependencies of a resource, as often as it has it. The parent is walked once in any case. */
const named = ({ dependsOn, inputDependencies, deletedWith, provider }: Registration): string[] => [
  ...dependsOn,
  ...Object.values(inputDependencies).flat(),
  ...(deletedWith === undefined ? [] : [deletedWith]),
  ...(provider === undefined ? [] : [provider.replace(/::[^:]*$/, "")]),
];

/** The number of steps that the engine takes from each resource. */
function steps(registrations: readonly Registration[]): Map<string, number> {
  const byUrn = new Map(registrations.map((registration) => [registration.urn, registration]));
  const known = new Map<string, number>();
  const from = (urn: string): number => {
    const registration = byUrn.get(urn);
    if (registration === undefined) return 0;
    if (!known.has(urn)) known.set(urn, named(registration).reduce((sum, other) => sum + from(other), 1));
    return known.get(urn)!;
  };
  for (const { urn } of registrations) from(urn);
  return known;
}

const stacks = await evaluateStacks();

describe("the paths from a resource to what it depends on", () => {
  for (const { name, program } of stacks) {
    test(`are few in ${name}`, () => {
      const many = [...steps(program.registrations)].filter(([, count]) => count > BOUND);
      assert.deepEqual(many, []);
    });
  }

  test("are as many as that where each depends on all before it", () => {
    const urns = Array.from({ length: 42 }, (_, index) => `urn:${index}`);
    const dense = urns.map((urn, index) => ({ urn, dependsOn: urns.slice(0, index), inputDependencies: {} }) as unknown as Registration);
    assert.equal(steps(dense).get("urn:41"), 2 ** 41);
  });
});
