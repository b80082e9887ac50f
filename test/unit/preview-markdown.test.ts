/**
 * The Markdown of a preview. What must be read by people is in golden/, each page of a kind of plan; after a change on
 * purpose: `node --test --test-update-snapshots test/unit/preview-markdown.test.ts`, then read the difference.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { commentLimit } from "../../cli/comment/fit.ts";
import { failedMarkdown, previewMarkdown } from "../../cli/preview/markdown.ts";
import { judge } from "../../cli/preview/verdict.ts";
import { cloudOf, clusterOf, ended, failed, planOf, planted, platform, replaced, same, step, tenantOf, types, under, violated } from "./engine-events.ts";
import { outsideOfCode } from "./markdown-spans.ts";

interface Shown {
  accepted?: string[];
  drift?: boolean;
  limit?: number;
  options?: string[];
}

function markdown(lines: readonly string[], { accepted = [], ...text }: Shown = {}): string {
  const plan = planOf(...lines);
  return previewMarkdown(plan, judge(plan, accepted, text.drift), { stack: "staging", ...text });
}

const pool = under(clusterOf, types.pool, "mooring-cluster-batch");
const parts = (name: string) => {
  const tenant = tenantOf(name);
  return {
    tenant,
    control: under(tenant, types.namespace, `${name}-control`),
    workload: under(tenant, types.namespace, `${name}-workload`),
    policy: under(tenant, types.policy, `${name}-traffic`),
    sync: under(tenant, types.kustomization, `${name}-sync`),
    repository: under(tenant, types.repository, `${name}-repository`),
  };
};
const created = (name: string): string[] => Object.values(parts(name)).map((what) => step("create", what));
const thousand = Array.from({ length: 1000 }, (_, index) => `team-${String(index).padStart(4, "0")}`);

const pages: Record<string, [lines: string[], shown?: Shown]> = {
  create: [[...same(platform), ...created("shop"), step("create", under(cloudOf("shop"), types.identity, "shop-azure-workload")), ended]],
  update: [[
    ...same(platform, clusterOf, tenantOf("orders"), tenantOf("web"), pool),
    step("update", under(clusterOf, types.cluster, "mooring-cluster"), { paths: ["tags.owner", 'addonProfiles["a.b"].enabled'] }),
    ...["orders", "web"].map((name) => step("update", parts(name).policy, { paths: ["spec.egress[2]"] })),
    ended,
  ]],
  replace: [[...same(platform, clusterOf), ...replaced(pool, "vmSize"), ...replaced(under(platform, "pulumi:providers:kubernetes", "mooring-kubernetes"), "clusterIdentifier"), ended], { accepted: ["mooring-kubernetes", "no-such"], options: ["--config-file", "a.yaml"] }],
  delete: [[
    ...same(platform),
    ...Object.values(parts("web")).reverse().map((what) => step("delete", what, { retained: what.type === types.repository })),
    ended,
  ]],
  failure: [[
    ...same(platform, clusterOf),
    step("create", pool),
    violated(under(clusterOf, types.cluster, "mooring-cluster"), "cluster-local-accounts", "Set disableLocalAccounts: true."),
    violated(pool, "pool-size", "Two nodes are few.", "advisory"),
    failed(`resource "${parts("orders").workload.urn}" cannot be deleted\nbecause it is protected.\n`),
    failed("the API server answered: `admission` denied\n<b>@everyone</b> see https://evil.example |\n"),
    failed("preview failed\n"),
    ended,
  ]],
  "no-change": [[...same(platform, clusterOf, pool, ...Object.values(parts("orders"))), ended]],
  drift: [[...same(platform, clusterOf, tenantOf("orders")), step("refresh", pool), step("update", pool, { paths: ["maxCount"] }), step("update", parts("orders").policy, { paths: ["spec.ingress"] }), ended], { drift: true }],
  "thousand-tenants": [[
    ...same(platform),
    ...thousand.flatMap((name, index) => [
      step("same", tenantOf(name)),
      step("update", parts(name).policy, { paths: ["spec.egress[2]"] }),
      // Each third tenant loses its namespaces, each by its own name: more than any comment holds.
      ...(index % 3 === 0 ? [step("delete", parts(name).workload), step("delete", parts(name).control), step("create", under(tenantOf(name), types.namespace, `${name}-two`))] : []),
    ]),
    ended,
  ]],
};

describe("the page of a plan", () => {
  for (const [name, [lines, shown]] of Object.entries(pages)) {
    test(`with ${name}`, (t) => t.assert.fileSnapshot(markdown(lines, shown), join(import.meta.dirname, `golden/preview-${name}.md`), { serializers: [String] }));
  }

  test("shows no value and is a comment in any case", () => {
    for (const [name, [lines, shown]] of Object.entries(pages)) {
      const text = markdown(lines, shown);
      assert.ok(lines.join("").includes(planted) && !text.includes(planted), name);
      assert.ok(text.length <= commentLimit, name);
    }
  });

  test("of a thousand tenants counts what it leaves out", () => {
    const text = markdown(pages["thousand-tenants"]![0]);
    const refused = text.split("#### Refused (668)")[1]!.split("If that is meant")[0]!.split("\n").filter((line) => line.startsWith("- "));
    const left = Number(/^- … and (\d+) more$/.exec(refused.at(-1)!)?.[1]);
    assert.equal(refused.length - 1 + left, 668);
    assert.ok(refused.length > 100, `${refused.length} are shown`);
    // Who takes the room of the others would leave none to the table and the rest.
    assert.match(text, /\| 334 tenants: `team-0000`, `team-0003`.* and 329 more \| 2 each \| 1 each \| 1 each \|/);
    assert.match(text, /- `NetworkPolicy` `team-0000-traffic`, .* and 997 more: `spec\.egress\[2\]`/);
  });
});

test("a run that came to no plan has a page too", () => {
  assert.equal(
    failedMarkdown("staging", "error: no stack named 'staging' found\nerror: `x`"),
    "### Preview of `staging`: no plan\n\n**The preview failed.**\n\n#### Errors (1)\n\n- `error: no stack named 'staging' found`<br>`` error: `x` ``\n",
  );
});

describe("where a resource belongs", () => {
  const where = (...lines: string[]) => planOf(...lines, ended).changes.map(({ part }) => `${part.kind} ${part.name}`);

  test("is the tenant that it stands in, at whatever depth, its part in Azure too", () => {
    const deep = under(under(tenantOf("orders"), "mooring:tenant:Later", "orders-later"), types.namespace, "n");
    assert.deepEqual(where(...same(platform, tenantOf("orders"), deep.parent!), step("create", deep)), ["tenant orders"]);
    assert.deepEqual(where(step("create", under(cloudOf("orders"), types.identity, "i"))), ["tenant orders"]);
    assert.deepEqual(where(step("delete", parts("gone").workload), step("delete", tenantOf("gone"))), ["tenant gone", "tenant gone"]);
  });

  test("is else the component below the platform, or the platform", () => {
    const inner = under(clusterOf, "mooring:azure:Identity", "mooring-cluster-identity");
    assert.deepEqual(where(...same(platform, clusterOf, inner), step("create", under(inner, types.identity, "i")), step("create", under(platform, types.identity, "j"))), ["component mooring-cluster", "component mooring"]);
  });

  test("is told from the types where the engine names no parent", () => {
    const orphan = (urn: string) => JSON.stringify({ resourcePreEvent: { metadata: { op: "delete", urn, type: types.namespace, old: { custom: true }, new: null } } });
    const chain = "urn:pulumi:staging::mooring::mooring:index:Platform$";
    assert.deepEqual(where(orphan(`${chain}mooring:tenant:Tenant$${types.namespace}::a`), orphan(`${chain}mooring:azure:Cluster$${types.namespace}::b`), orphan(`urn:pulumi:staging::mooring::${types.namespace}::c`)), [
      "component tenants",
      "component Cluster",
      "component stack",
    ]);
  });
});

describe("whatever names, paths and messages are", () => {
  const nasty = fc.oneof(
    fc.constantFrom("`", "``", "|", "</details>", "<!--", "@everyone", "[x](https://evil.example)", "\n", "\r\n\r\n# x", "\\", "$", "\u202e", "\u200b", "\ud800", "💥", "[//]: # (mooring:x)", "- ", "~~~", "&lt;"),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  const name = fc.array(nasty, { minLength: 1, maxLength: 6 }).map((all) => all.join("").replaceAll("::", ":")).filter((text) => text.trim() !== "");
  const plans = fc.array(fc.record({ name, tenant: name, path: name, message: name, op: fc.constantFrom("create", "update", "delete", "replace") }), { maxLength: 12 });
  const linesOf = (things: { name: string; tenant: string; path: string; message: string; op: string }[]) =>
    things.flatMap(({ name, tenant, path, message, op }) => {
      const what = under(tenantOf(tenant), types.namespace, name);
      return [...same(platform, tenantOf(tenant)), step(op, what, { paths: [path] }), violated(what, name, message), failed(message)];
    });

  test("a page is never longer than its limit, and shows no value", () => {
    fc.assert(fc.property(plans, fc.integer({ min: 1500, max: 6000 }), (things, limit) => {
      const text = markdown([...linesOf(things), ended], { limit });
      assert.ok(text.length <= limit, `${text.length} of ${limit}`);
      assert.ok(!text.includes(planted));
    }), { numRuns: 200 });
  });

  test("outside of code spans stands only what the program says", () => {
    fc.assert(fc.property(plans, (things) => {
      const outside = outsideOfCode(markdown([...linesOf(things), ended]));
      assert.match(outside, /^[\w\s#()*|,:;.…<>/-]*$/);
      assert.doesNotMatch(outside, /<(?!\/?(details|summary)>|br>)/);
    }), { numRuns: 200 });
  });
});
