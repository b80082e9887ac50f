/** Everything in Azure says which environment it belongs to, who answers for it, what made it and whose it is. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Registration } from "../../cli/render/evaluate.ts";
import type { Program } from "../evaluate.ts";
import { argumentsOf } from "./sdk.ts";
import { evaluateStacks } from "./stacks.ts";

const stacks = await evaluateStacks();

/** The tenant that a resource was registered for: it stands below what a tenant has in Azure, is a pool kept for it, or a call of its pushes. */
function tenantOf({ name, inputs, parent }: Registration, program: Program): string | undefined {
  const kept = (inputs.nodeLabels as Record<string, string> | undefined)?.["mooring.platform/tenant"];
  if (kept !== undefined) return kept;
  // What the registry calls stands beside the tenant.
  const [key = "", called] = name.split("-registry-webhook/");
  if (called !== undefined) return nameNow(key, program);
  const above = program.registrations.find(({ urn }) => urn === parent);
  if (above === undefined) return undefined;
  return above.type === "mooring:azure:TenantCloud" ? nameNow(above.name.replace(/-azure$/, ""), program) : tenantOf(above, program);
}

/** What people call the tenant whose resources begin with `key`, as its control namespace says. */
function nameNow(key: string, program: Program): string | undefined {
  const { annotations } = program.one("Namespace", `${key}-control`).inputs.metadata as { annotations: Record<string, string> };
  return annotations["mooring.platform/name"];
}

for (const stack of stacks) {
  const taggable = stack.resources.filter(({ type }) => argumentsOf(type).has("tags"));
  describe(`tags of the stack ${stack.name}`, () => {
    for (const resource of taggable) {
      test(`${resource.type.split(":").at(-1)} ${resource.name}`, () => {
        const { environment, owner, tenant, ...others } = (resource.inputs.tags ?? {}) as Record<string, string>;
        assert.deepEqual({ environment, owner, "managed-by": others["managed-by"] }, { environment: stack.name, owner: "platform@acme.example", "managed-by": "mooring" });
        assert.equal(tenant, tenantOf(resource, stack.program));
      });
    }
  });
}

test("some resources belong to tenants, and some to none", () => {
  const tenants = stacks.flatMap((stack) => stack.resources.map((resource) => tenantOf(resource, stack.program)));
  assert.ok(tenants.includes(undefined));
  assert.ok(tenants.includes("orders"));
  assert.ok(tenants.includes("web") && !tenants.includes("front"), "a tenant's resources say what it is called now");
});
