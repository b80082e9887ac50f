/**
 * What a tenant may try against the platform and other tenants, each attack denied for the reason that we mean, and what a good
 * team would do instead allowed. The numbers to 42 are those of the research on Flux's multi-tenancy.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { denials } from "./attack.ts";
import { attacks } from "./attacks/all.ts";
import { ground } from "./ground.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { renderedBy } from "./rendered.ts";
import type { Rendered } from "./rendered.ts";
import { table } from "./report.ts";

let lab: Lab;
let rendered: Rendered;

before(async () => {
  lab = await openLab(ground());
  rendered = renderedBy(lab.program);
});
after(() => lab?.close());

test("every attack of the list is tried once", () => {
  const numbers = attacks.map(({ number }) => number);
  assert.deepEqual(numbers.slice(0, 2), [13, 5]);
  assert.deepEqual([...numbers].sort((a, b) => a - b), Array.from({ length: numbers.length }, (_, index) => index + 1));
  assert.ok(numbers.length >= 42);
});

const lines = denials(attacks, () => lab, () => rendered);

test("the table of attacks", (t) => {
  t.diagnostic(`\n${table([...lines].sort((a, b) => a.number - b.number))}\n`);
  const requests = lines.reduce((sum, line) => sum + line.requests, 0);
  const allowed = lines.reduce((sum, line) => sum + line.allowed, 0);
  t.diagnostic(`${lines.length} attacks: ${requests} requests denied, ${allowed} legal ones allowed`);
  assert.ok(lines.every(({ denied }) => denied.size > 0));
});
