/** The admission rules of tenants' namespaces: what holds for each of them, whatever it is about. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { policies } from "../../components/tenant/admission/policies.ts";
import { Program } from "../evaluate.ts";
import { configuration, settings } from "../settings.ts";

interface Spec {
  failurePolicy: string;
  matchConstraints: { namespaceSelector: unknown; objectSelector?: unknown; excludeResourceRules?: unknown; resourceRules: { apiGroups: string[]; apiVersions: string[]; resources: string[]; operations: string[] }[] };
  matchConditions: { name: string; expression: string }[];
  variables?: { name: string; expression: string }[];
  validations: { expression: string; message?: string; messageExpression?: string; reason: string }[];
}

/** Those of add-ons are there with them. */
const addons = { certManager: { email: "platform@acme.example" }, externalSecrets: {}, gateway: {}, kubePrometheusStack: {}, flagger: {} };
const withAddOns = { tenancy: { domain: "staging.acme.example" }, dns: { zone: "acme.example" }, fleet: {}, addons };
const program = await Program.of(configuration({ ...withAddOns, tenancy: { ...withAddOns.tenancy, minimumInterval: "90s", maximumTimeout: "20m" }, tenants: { least: null } }));
const metadata = (inputs: Record<string, unknown>) => inputs.metadata as { name: string; annotations: Record<string, string> };
const found = program.all("ValidatingAdmissionPolicy").map(({ inputs }) => ({ ...metadata(inputs), spec: inputs.spec as Spec }));
const [control, workload] = ["least-flux", "least"].map((name) => program.object("Namespace", undefined, name).inputs.metadata as { labels: Record<string, string> });

describe("the admission rules", () => {
  test("are those of the folder, each in a file of its name, and each registered", () => {
    const files = readdirSync(join(import.meta.dirname, "../../components/tenant/admission/policies")).map((file) => file.replace(/\.ts$/, ""));
    assert.ok(files.length >= 11);
    assert.deepEqual(found.map(({ name }) => name).sort(), files.map((file) => `mooring-tenant-${file}`).sort());
  });

  test("of an add-on's kinds hold where it is on", async () => {
    const without = (await Program.of(configuration({ tenants: { least: null } }))).all("ValidatingAdmissionPolicy").map(({ inputs }) => metadata(inputs).name);
    const ofAddOns = found.map(({ name }) => name).filter((name) => !without.includes(name));
    assert.deepEqual(ofAddOns.sort(), ["canaries", "certificates", "monitors", "secret-stores"].map((name) => `mooring-tenant-${name}`));
  });

  for (const { name, annotations, spec } of found) {
    describe(name, () => {
      test("says its one idea in a sentence", () => assert.match(annotations["kubernetes.io/description"] ?? "", /^[A-Z][^\n]{20,140}[^.]\.$/));

      test("refuses what it cannot evaluate", () => assert.equal(spec.failurePolicy, "Fail"));

      test("holds in every namespace of a tenant, the control namespace included, and in no other", () => {
        const { namespaceSelector, objectSelector, excludeResourceRules } = spec.matchConstraints;
        assert.deepEqual([namespaceSelector, objectSelector, excludeResourceRules], [{ matchExpressions: [{ key: "toolkit.fluxcd.io/tenant", operator: "Exists" }] }, undefined, undefined]);
        for (const { labels } of [control!, workload!]) assert.ok("toolkit.fluxcd.io/tenant" in labels);
      });

      test("looks at every version of named resources", () => {
        for (const { apiVersions, apiGroups, resources, operations } of spec.matchConstraints.resourceRules) {
          assert.deepEqual(apiVersions, ["*"]);
          assert.ok(![...apiGroups, ...resources, ...operations].includes("*"));
          assert.ok(operations.includes("CREATE") || operations.includes("DELETE"));
        }
      });

      test("tells what to do in every message, and says why as Forbidden", () => {
        for (const { message, messageExpression, reason, expression } of spec.validations) {
          assert.ok((message === undefined) !== (messageExpression === undefined), expression);
          assert.match(message ?? messageExpression!, /\b(write|remove|leave|use|name|names|mount|make|choose|ask)\b/, expression);
          assert.equal(reason, "Forbidden");
        }
        assert.ok(spec.validations.length > 0);
      });

      test("keeps to the lengths that the API server takes", () => {
        // kubernetes.io/docs/reference/kubernetes-api/policy-resources/validating-admission-policy-v1: 64 conditions; names qualified; a message in one line.
        for (const { message } of spec.validations) assert.ok(message === undefined || (!message.includes("\n") && message.length <= 512), message);
        assert.ok(spec.matchConditions.length > 0 && spec.matchConditions.length <= 64);
      });
    });
  }

  test("the shortest interval and the longest timeout are those of the settings", () => {
    const { spec } = found.find(({ name }) => name === "mooring-tenant-intervals")!;
    for (const { expression, message } of spec.validations) {
      assert.match(expression, /duration\('90s'\)/);
      assert.match(message!, /shorter than 90s; write 90s or more$/);
    }
    const timeouts = JSON.stringify(found.find(({ name }) => name === "mooring-tenant-timeouts")!.spec.validations);
    assert.match(timeouts, /duration\('20m'\)/);
    assert.match(timeouts, /longer than 20m/);
    assert.deepEqual(policies(settings(withAddOns)).map(({ name }) => `mooring-tenant-${name}`).sort(), found.map(({ name }) => name).sort());
  });

  test("what a tenant may refer to is read from annotations that its namespaces have", () => {
    const { annotations } = program.object("Namespace", undefined, "least").inputs.metadata as { annotations: Record<string, string> };
    const read = new Set(JSON.stringify(found.map(({ spec }) => spec)).match(/annotations\[\?'mooring\.platform\/[a-z-]+'/g)!.map((text) => text.split("'")[1]!));
    const given = Object.keys(annotations).filter((key) => key.startsWith("mooring.platform/"));
    // The name is for whoever reads.
    assert.deepEqual([...read, "mooring.platform/name"].sort(), given.sort());
  });
});

describe("what happens to an object that breaks a rule", () => {
  const actions = async (tenancy: Record<string, unknown>) => {
    const bindings = (await Program.of(configuration({ ...withAddOns, tenancy: { ...withAddOns.tenancy, ...tenancy } }))).all("ValidatingAdmissionPolicyBinding").map(({ inputs }) => ({ name: metadata(inputs).name, spec: inputs.spec as Record<string, unknown> }));
    assert.equal(bindings.length, found.length);
    // No selector of its own: a binding holds wherever its policy does.
    for (const { name, spec } of bindings) assert.deepEqual(spec, { policyName: name, validationActions: bindings[0]!.spec.validationActions }, name);
    return bindings[0]!.spec.validationActions;
  };

  test("it is refused, by default and where the settings say so", async () => assert.deepEqual([await actions({}), await actions({ admission: "Deny" })], [["Deny"], ["Deny"]]));

  test("its author is warned and the audit log has it, where the rules are tried out", async () => assert.deepEqual(await actions({ admission: "Audit" }), ["Warn", "Audit"]));
});
