/** The policy pack and `npm run preview` on the real engine, with the stack file `staging`. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { PlanReader } from "../../cli/preview/plan.ts";
import type { Plan } from "../../cli/preview/plan.ts";
import type { RunResult } from "../../local/pulumi-process.ts";
import { rules } from "../../policies/rules.ts";
import { Environment, typeOf } from "./environment.ts";
import { settingsOf } from "./plans.ts";

const environment = await Environment.open("staging");
after(() => environment.close());

/** Runs an operation with the pack and reads what it would do. */
async function withPack(operation: "preview" | "up", args: string[], cwd = projectRoot): Promise<{ result: RunResult; plan: Plan }> {
  const env = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
  const result = await environment.operate(operation, ["--json", "--policy-pack", join(projectRoot, "policies"), ...args], { cwd, env });
  const reader = new PlanReader();
  for (const line of result.stdout.split("\n")) reader.read(line);
  return { result, plan: reader.plan };
}

/** `npm run preview` of the project as it stands. The engine's language host and stand-ins live in this process. */
async function previewed(...accepted: string[]): Promise<{ status: number | null; stdout: string }> {
  const args = ["--import", "./cli/preload.mjs", "cli/preview.ts", "staging", "--config-file", environment.stackFile, ...accepted.flatMap((name) => ["--accept", name])];
  const child = spawn(process.execPath, args, { cwd: projectRoot, env: environment.env, stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, stdout };
}

const pools = (batch: object) => environment.configure((config) => Object.assign((config.cluster as { pools: Record<string, object> }).pools, { batch }));

describe("the policy pack", () => {
  test("lets staging pass before anything is up, and every rule looks at something", async () => {
    const { result, plan } = await withPack("preview", []);
    assert.equal(result.code, 0, result.stdout.slice(-2000) + result.stderr);
    assert.deepEqual(plan.violations, []);
    const looked = result.stdout.split("\n").flatMap((line) => /"policyAnalyzeSummaryEvent":.*"passed":\[([^\]]*)\]/.exec(line)?.[1]?.split(",") ?? []);
    assert.deepEqual([...new Set(looked)].sort(), rules.map(({ name }) => `"${name}"`).sort());
  });

  const faults: [fault: string, rule: string, resource: string, message: RegExp][] = [
    ["an admin user", "registry-admin-user", "Registry", /adminUserEnabled/],
    ["local accounts", "cluster-local-accounts", "ManagedCluster", /disableLocalAccounts/],
    ["cluster-admin", "tenant-rights", "RoleBinding", /ClusterRole cluster-admin in orders/],
    ["cluster-admin by another name", "tenant-rights", "ClusterRole", /by a \*/],
    ["a moving image", "pinned-versions", "Release", /values\.sourceController\.tag is "latest"/],
    ["a tag of production", "production-protection", "ManagedCluster", /tier is production; pass the option protect/],
  ];
  for (const [fault, rule, resource, message] of faults) {
    test(`stops the preview of an environment with ${fault}`, async () => {
      environment.configure((config) => (config["test:fault"] = fault));
      const { result, plan } = await withPack("preview", [], join(import.meta.dirname, "faults"));
      assert.notEqual(result.code, 0);
      assert.deepEqual(plan.errors, []);
      assert.deepEqual(plan.violations.map(({ policy, urn, mandatory }) => [policy, typeOf(urn).split(":").at(-1), mandatory]), [[rule, resource, true]]);
      assert.match(plan.violations[0]!.message, message);
    });
  }

  test("stops an up before the resource is made", async () => {
    environment.configure((config) => (config["test:fault"] = "local accounts"));
    const { code, stdout } = await environment.operate("up", ["--yes", "--skip-preview", "--policy-pack", join(projectRoot, "policies")], { cwd: join(import.meta.dirname, "faults") });
    assert.notEqual(code, 0);
    assert.match(stdout, /cluster-local-accounts/);
    assert.ok(!(await environment.state()).some(({ type }) => type.endsWith(":ManagedCluster")));
    environment.configure((config) => delete config["test:fault"]);
  });
});

describe("npm run preview", () => {
  test("lets a first environment pass", async () => {
    const { status, stdout } = await previewed();
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^staging: \d+ to create/);
    assert.match(stdout, /^create {4}ManagedCluster mooring-cluster$/m);
  });

  test("says that nothing changes", async () => {
    await environment.up(["--policy-pack", "policies"]);
    const { status, stdout } = await previewed();
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^staging: no changes, \d+ unchanged\nstaging: nothing stands against it\.\n$/);
  });

  test("ends with 1 when a pool would be replaced, and with 0 when that is accepted", async () => {
    pools({ max: 2, vmSize: "Standard_E4ds_v5", taints: ["workload=batch:NoSchedule"] });
    const { status, stdout } = await previewed();
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^replace {3}AgentPool mooring-cluster-batch \(vmSize\)$/m);
    assert.match(stdout, /^refused {3}AgentPool mooring-cluster-batch would be replaced/m);
    const accepted = await previewed("mooring-cluster-batch");
    assert.equal(accepted.status, 0, accepted.stdout);
    pools({ max: 2, taints: ["workload=batch:NoSchedule"] });
  });

  test("ends with 1 when the cluster would be replaced; accepted, it takes along what is in it", async () => {
    environment.configure((config) => (config.network = { pods: "10.128.0.0/16" }));
    const { status, stdout } = await previewed();
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^refused {3}ManagedCluster mooring-cluster would be replaced/m);
    assert.match(stdout, /^refused {3}kubernetes provider mooring-kubernetes would be replaced/m);
    assert.match(stdout, /^ +with them: 7 Namespace/m);
    assert.match(stdout, /^error {5}unable to replace resource Namespace orders-workload$/m);
    assert.equal((await previewed("mooring-cluster", "mooring-kubernetes")).status, 1, "the tenants are protected");
    await environment.unprotect();
    assert.equal((await previewed("mooring-cluster")).status, 1);
    const accepted = await previewed("mooring-cluster", "mooring-kubernetes");
    assert.equal(accepted.status, 0, accepted.stdout);
    environment.configure((config) => delete config.network);
  });

  test("ends with 1 when a team would be removed with what runs in its namespaces", async () => {
    await environment.up(["--policy-pack", "policies"]);
    const without = (team: "web") =>
      environment.configure((config) => {
        const { [team]: _, ...others } = config.tenants as Record<string, { traffic?: unknown }>;
        for (const other of Object.values(others)) delete other.traffic;
        config.tenants = others;
      });
    const whole = settingsOf(environment).tenants as Record<string, object>;
    without("web");
    const { status: refused, stdout: said } = await previewed("web-sync", "web-workload", "web-control");
    assert.equal(refused, 1, said);
    assert.match(said, /^error {5}Preview failed: resource Kustomization web-sync cannot be deleted$/m);
    assert.match(said, /^note {6}web is protected: .*`state: left`/m);

    environment.configure((config) => (config.tenants = { ...whole, web: { ...whole.web, state: "left" } }));
    await environment.up(["--policy-pack", "policies"]);
    without("web");
    const { status, stdout } = await previewed();
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^refused {3}Namespace web-workload would be deleted/m);
    assert.match(stdout, /^delete {4}Repository web-repository \(from the state; it stays\)$/m);
    assert.equal((await previewed("web-sync", "web-workload", "web-control")).status, 0);
  });

  test("tells a mistake in the settings as the program does", async () => {
    environment.configure((config) => (config.tier = "nonsense"));
    const { status, stdout } = await previewed();
    assert.equal(status, 1);
    assert.match(stdout, /^ +mooring:tier: "nonsense" is not one of production, nonproduction$/m);
  });
});
