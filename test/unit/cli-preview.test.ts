import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { holders } from "../../cli/preview/holders.ts";
import { PlanReader, shortType, title } from "../../cli/preview/plan.ts";
import type { Plan } from "../../cli/preview/plan.ts";
import { report } from "../../cli/preview/report.ts";
import { judge } from "../../cli/preview/verdict.ts";
import { evaluateStacks } from "../conformance/stacks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const PROVIDER = "pulumi:providers:kubernetes";

const urnOf = (type: string, name: string) => `urn:pulumi:staging::mooring::mooring:index:Platform$${type}::${name}`;

/** One step as the engine tells it; recorded from Pulumi 3.259.0, values cut. */
function step(op: string, type: string, name: string, more: { keys?: string[]; diffs?: string[]; detailedDiff?: object | null; old?: object; new?: object } = {}): string {
  const state = { type, urn: urnOf(type, name), custom: true, id: "x", parent: "p", inputs: { password: "planted-value" }, outputs: {}, provider: "" };
  const old = op.startsWith("create") ? null : { ...state, ...more.old };
  const next = op.startsWith("delete") ? null : { ...state, ...more.new };
  return JSON.stringify({ sequence: 1, timestamp: 1, resourcePreEvent: { metadata: { detailedDiff: null, provider: "", ...more, op, urn: state.urn, type, old, new: next }, planning: true } });
}

const asks = (...paths: string[]) => ({ keys: paths, diffs: paths, detailedDiff: Object.fromEntries(paths.map((path) => [path, { diffKind: "update-replace", inputDiff: true }])) });

/** The three steps of a replacement, the old one deleted first. */
const replaced = (type: string, name: string, why: object, old: object = {}): string[] =>
  [step("delete-replaced", type, name, { old }), step("replace", type, name, { ...why, old }), step("create-replacement", type, name, why)];

/** Replaced because what `key` refers to is. Only one of the steps says so. */
const dragged = (type: string, name: string, key: string): string[] =>
  [step("replace", type, name), step("create-replacement", type, name, { keys: [key] }), step("delete-replaced", type, name)];

const summary = (PolicyPacks: object | null = { "mooring|local|policies": "0.1.0" }) => JSON.stringify({ summaryEvent: { maybeCorrupt: false, resourceChanges: {}, PolicyPacks, isPreview: true, result: "succeeded" } });
const diagnostic = (severity: string, message: string) => JSON.stringify({ diagnosticEvent: { prefix: `${severity}: `, message, color: "never", severity } });
const violation = (enforcementLevel: string) =>
  JSON.stringify({ policyEvent: { resourceUrn: urnOf(CLUSTER, "mooring-cluster"), message: "A cluster has no local accounts.\nSet it.\n", policyName: "cluster-local-accounts", policyPackName: "mooring", enforcementLevel } });

function planOf(...lines: string[]): Plan {
  const reader = new PlanReader();
  for (const line of [...lines, summary()]) reader.read(line);
  return reader.plan;
}

const refusedBy = (plan: Plan, ...accepted: string[]) => judge(plan, accepted).refused.map(({ change }) => change.name);

describe("drift", () => {
  const differs = (type: string, name: string, ...paths: string[]) =>
    planOf(step("refresh", type, name), step("update", type, name, { diffs: paths, detailedDiff: Object.fromEntries(paths.map((path) => [path, { diffKind: "delete", inputDiff: true }])) }));
  const drifted = (plan: Plan) => judge(plan, [], true).drifted.map(({ name }) => name);

  test("is any difference, which without it would only be told", () => {
    const plan = differs(CLUSTER, "c", "tags.owner");
    assert.deepEqual([judge(plan, []).passed, judge(plan, [], true).passed, drifted(plan)], [true, false, ["c"]]);
    assert.ok(report(plan, judge(plan, [], true), "staging").includes("drift     ManagedCluster c is not as the program would make it"));
  });
});

describe("a plan", () => {
  test("without changes passes", () => {
    const plan = planOf(step("same", CLUSTER, "mooring-cluster"), step("same", POOL, "mooring-cluster-apps"));
    assert.deepEqual([plan.unchanged, plan.changes], [2, []]);
    assert.equal(judge(plan, []).passed, true);
    assert.deepEqual(report(plan, judge(plan, []), "staging"), ["staging: no changes, 2 unchanged", "staging: nothing stands against it."]);
  });

  test("has a replacement once, with the properties that ask for it, in whatever order its steps come", () => {
    const steps = replaced(POOL, "mooring-cluster-batch", { ...asks("vmSize"), detailedDiff: { vmSize: { diffKind: "update-replace" }, maxCount: { diffKind: "update" } } });
    for (const lines of [steps, steps.toReversed()]) {
      const { changes } = planOf(...lines);
      assert.equal(changes.length, 1);
      assert.deepEqual(changes[0]!.because, ["vmSize"]);
      assert.deepEqual([changes[0]!.kind, changes[0]!.consequence], ["replace", false]);
    }
  });

  test("names what an update changes, by its path where there is one", () => {
    const detailedDiff = { "agentPoolProfiles[0].count": { diffKind: "update" }, tags: { diffKind: "add" } };
    assert.deepEqual(planOf(step("update", CLUSTER, "c", { diffs: ["agentPoolProfiles", "tags"], detailedDiff })).changes[0]!.because, ["agentPoolProfiles[0].count", "tags"]);
    assert.deepEqual(planOf(step("update", CLUSTER, "c", { diffs: ["tags"] })).changes[0]!.because, ["tags"]);
  });

  test("is read past everything else the engine tells, and past what is not known", () => {
    const plan = planOf(
      "Previewing update (staging):",
      "",
      diagnostic("debug", "resource: planted"),
      diagnostic("warning", "deprecated"),
      JSON.stringify({ preludeEvent: { config: {} } }),
      JSON.stringify({ cancelEvent: {} }),
      step("read", CLUSTER, "c"),
      step("some-new-operation", CLUSTER, "c"),
      step("create", NAMESPACE, "n", { new: { inputs: { metadata: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, outputs: null } }),
      JSON.stringify({ resourcePreEvent: { metadata: { op: "update", urn: urnOf(CLUSTER, "x"), type: CLUSTER, old: null, new: null } } }),
    );
    assert.deepEqual(plan.changes.map(({ kind, name }) => `${kind} ${name}`), ["create n", "update x"]);
    assert.deepEqual([plan.errors, plan.violations], [[], []]);
    assert.equal(judge(plan, []).passed, true);
  });
});

describe("what holds data or a name", () => {
  test("is not replaced unless that is accepted by name", () => {
    const plan = planOf(...replaced(CLUSTER, "mooring-cluster", asks("networkProfile.podCidr")));
    assert.deepEqual(refusedBy(plan), ["mooring-cluster"]);
    assert.deepEqual(refusedBy(plan, "another"), ["mooring-cluster"]);
    assert.equal(judge(plan, []).passed, false);
    assert.equal(judge(plan, ["mooring-cluster"]).passed, true);
  });

  test("is not deleted unless that is accepted, each by its own name", () => {
    const plan = planOf(step("delete", NAMESPACE, "web-control"), step("delete", NAMESPACE, "web-workload"), step("delete", "kubernetes:core/v1:ServiceAccount", "web-reconciler"));
    assert.deepEqual(refusedBy(plan, "web-control"), ["web-workload"]);
    assert.deepEqual(refusedBy(plan, "web-control", "web-workload"), []);
  });

  test("is created and updated without a word", () => {
    assert.deepEqual(refusedBy(planOf(step("create", CLUSTER, "c"), step("update", NAMESPACE, "n", { diffs: ["metadata"] }), step("import", NAMESPACE, "m"))), []);
  });

  test("a pool may be removed, and not replaced", () => {
    assert.deepEqual(refusedBy(planOf(step("delete", POOL, "p"))), []);
    assert.deepEqual(refusedBy(planOf(...replaced(POOL, "p", asks("vmSize")))), ["p"]);
  });

  test("stays where Pulumi only forgets it", () => {
    const type = "github:index/repository:Repository";
    const plan = planOf(step("delete", type, "web-repository", { old: { retainOnDelete: true } }));
    assert.deepEqual(refusedBy(plan), []);
    assert.ok(report(plan, judge(plan, []), "staging").includes("delete    Repository web-repository (from the state; it stays)"));
    assert.deepEqual(refusedBy(planOf(step("delete", type, "web-repository"))), ["web-repository"]);
  });

  test("a resource that is marked for replacement is asked about, though nothing of it differs", () => {
    const plan = planOf(...replaced(CLUSTER, "c", asks("dnsPrefix")), ...replaced(NAMESPACE, "n", {}, { taint: true }));
    assert.deepEqual(refusedBy(plan, "c"), ["n"]);
  });
});

describe("what is replaced for the sake of others", () => {
  const cascade = [...replaced(CLUSTER, "c", asks("dnsPrefix")), ...replaced(PROVIDER, "k", asks("clusterIdentifier")), ...dragged(NAMESPACE, "web-workload", "provider"), ...dragged(POOL, "c-apps", "resourceName")];

  test("goes with them when they are accepted", () => {
    const plan = planOf(...cascade);
    assert.deepEqual(refusedBy(plan), ["c", "k"]);
    assert.deepEqual(judge(plan, []).consequences.map(({ change }) => change.name), ["web-workload", "c-apps"]);
    assert.deepEqual(refusedBy(plan, "c"), ["k"]);
    assert.equal(judge(plan, ["c", "k"]).passed, true);
  });

  test("is asked about itself when a cause is, that holds nothing", () => {
    const plan = planOf(...cascade, ...replaced("kubernetes:core/v1:ConfigMap", "settings", asks("metadata.name")));
    assert.deepEqual(refusedBy(plan, "c", "k"), ["web-workload", "c-apps"]);
    assert.deepEqual(refusedBy(plan, "c", "k", "settings"), []);
  });

  test("is asked about itself when there is no cause to be seen", () => {
    assert.deepEqual(refusedBy(planOf(...dragged(NAMESPACE, "web-workload", "provider"))), ["web-workload"]);
  });

  test("does not make a deletion pass", () => {
    assert.deepEqual(refusedBy(planOf(...cascade, step("delete", NAMESPACE, "web-control")), "c", "k"), ["web-control"]);
  });
});

describe("a plan does not pass", () => {
  const passes = (lines: string[], end: string[] = [summary()]): boolean => {
    const reader = new PlanReader();
    for (const line of [...lines, ...end]) reader.read(line);
    return judge(reader.plan, []).passed;
  };

  test("with a violation of a mandatory policy; an advisory one is a note", () => {
    assert.equal(passes([violation("mandatory")]), false);
    assert.equal(passes([violation("advisory")]), true);
    const plan = planOf(violation("mandatory"), violation("advisory"));
    assert.deepEqual(report(plan, judge(plan, []), "staging").slice(1, 3), [
      "policy    cluster-local-accounts, ManagedCluster mooring-cluster: Set it.",
      "note      cluster-local-accounts, ManagedCluster mooring-cluster: Set it.",
    ]);
  });

  test("after an error", () => assert.equal(passes([diagnostic("error", "no\n")]), false));
  test("when the engine came to no end", () => assert.equal(passes([step("same", CLUSTER, "c")], []), false));
  test("when the policy pack did not run", () => {
    for (const packs of [null, {}, { "other|local|policies": "1" }]) assert.equal(passes([], [summary(packs)]), false);
    assert.equal(passes([], [summary({ mooring: "v0.1.0" })]), true);
  });
});

describe("the report", () => {
  const plan = planOf(
    ...replaced(POOL, "mooring-cluster-batch", asks("vmSize")),
    ...replaced(PROVIDER, "mooring-kubernetes", asks("clusterIdentifier")),
    ...dragged(NAMESPACE, "web-workload", "provider"),
    step("update", CLUSTER, "mooring-cluster", { diffs: ["tags"] }),
    ...Array.from({ length: 21 }, (_, index) => step("create", index < 20 ? "kubernetes:core/v1:Secret" : NAMESPACE, `shop-${index}`)),
    step("create", "mooring:tenant:Tenant", "shop", { new: { custom: false } }),
  );

  test("names what weighs, counts the rest, and says how to go on", () => {
    assert.deepEqual(report(plan, judge(plan, ["mooring-kubernetes", "idle"]), "staging", ["--config-file", "a.yaml"]), [
      "staging: 3 to replace, 1 to update, 22 to create",
      "replace   AgentPool mooring-cluster-batch (vmSize)",
      "replace   kubernetes provider mooring-kubernetes (clusterIdentifier)",
      "replace   Namespace web-workload (provider)",
      "update    ManagedCluster mooring-cluster (tags)",
      "create    Namespace shop-20",
      "create    20 others: 20 Secret",
      "accepted  kubernetes provider mooring-kubernetes would be replaced, which loses every object in the cluster",
      "refused   AgentPool mooring-cluster-batch would be replaced, which loses its nodes and what is on their disks",
      "          with them: 1 Namespace",
      "note      --accept idle: nothing of that name is lost",
      "If that is meant: `npm run preview -- staging --config-file a.yaml --accept mooring-kubernetes --accept mooring-cluster-batch`. Otherwise take the change back.",
      "staging: not to be run like this.",
    ]);
  });

  test("shows no value of a property", () => assert.doesNotMatch(report(plan, judge(plan, []), "staging").join("\n"), /planted/));

  test("shows errors by the resource's name, and leaves a command as it is", () => {
    const urn = urnOf(CLUSTER, "mooring-cluster");
    const failed = planOf(diagnostic("error", `unable to replace resource "${urn}"\nuse \`pulumi state unprotect '${urn}'\`\n`), diagnostic("error", "preview failed\n"));
    assert.deepEqual(report(failed, judge(failed, []), "prod"), [
      "prod: the preview failed; as far as it came: no changes",
      "error     unable to replace resource ManagedCluster mooring-cluster",
      `          use \`pulumi state unprotect '${urn}'\``,
      "prod: not to be run like this.",
    ]);
  });

  test("says how the protection of a tenant is lifted, and of nothing else", () => {
    const kustomization = "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization";
    const ofTenant = (type: string, name: string) => `urn:pulumi:staging::mooring::mooring:index:Platform$mooring:tenant:Tenant$${type}::${name}`;
    const errors = [
      ...["web-sync", "web-workload"].map((name) => `resource "${ofTenant(kustomization, name)}" cannot be deleted\nbecause it is protected. To unprotect …`),
      ...["shop/legacy-workload", "news-control"].map((name) => `unable to replace resource "${ofTenant(NAMESPACE, name)}"\nas it is currently marked for protection.`),
      `resource "${urnOf(CLUSTER, "mooring-cluster")}" cannot be deleted\nbecause it is protected.`,
      `resource "${ofTenant(NAMESPACE, "other-control")}" was refused by the API server`,
    ].map((message) => diagnostic("error", `${message}\n`));
    const failed = planOf(...errors);
    assert.deepEqual(report(failed, judge(failed, []), "prod").filter((line) => line.startsWith("note")), [
      "note      web is protected: write `state: left` before its entry goes, or `formerly: web` beside a new name (docs/offboarding.md)",
      "note      news, shop: protected; docs/rebuild-a-cluster.md says how that is lifted for a new cluster",
    ]);
  });

  test("advises the command of the local platform for its stack", () => {
    const small = planOf(step("create", NAMESPACE, "n"));
    assert.equal(report(small, judge(small, []), "local").at(-1), "local: nothing stands against it. Next: `npm run local -- up --policy-pack policies`");
    assert.equal(report(small, judge(small, []), "prod").at(-1), "prod: nothing stands against it. Next: `npx pulumi up -s prod --policy-pack policies`");
  });
});

test("a title is the last part of the type, and the name", () => {
  assert.equal(title(urnOf(POOL, "mooring-cluster-batch")), "AgentPool mooring-cluster-batch");
  assert.equal(shortType("github:index/repository:Repository"), "Repository");
  assert.equal(title(urnOf("pulumi:providers:azure-native", "a")), "azure-native provider a");
});

describe("the table of holders", async () => {
  const registrations = (await evaluateStacks()).flatMap(({ program }) => program.registrations);

  test("has everything that some stack protects", () => {
    const types = new Set(registrations.filter(({ protect, custom }) => protect && custom).map(({ type }) => type));
    assert.ok(types.size >= 4);
    assert.deepEqual([...types].filter((type) => !Object.hasOwn(holders, type)), []);
  });

  test("has no type that nobody registers", () => {
    const types = new Set(registrations.map(({ type }) => type));
    assert.deepEqual(Object.keys(holders).filter((type) => !types.has(type)), []);
  });
});

describe("npm run preview", () => {
  const folder = mkdtempSync(join(tmpdir(), "mooring-preview-"));
  after(() => rmSync(folder, { recursive: true }));

  /** The command, with a `pulumi` that prints these lines and ends with `code`. */
  function called(lines: string[], { code = 0, stderr = "", args = ["staging"] } = {}) {
    writeFileSync(join(folder, "events"), lines.join("\n"));
    writeFileSync(join(folder, "errors"), stderr);
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$PULUMI_ENABLE_STREAMING_JSON_PREVIEW $@" > '${folder}/called'\ncat '${folder}/events'\ncat '${folder}/errors' >&2\nexit ${code}\n`);
    chmodSync(join(folder, "pulumi"), 0o700);
    const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
    return spawnSync(process.execPath, [join(projectRoot, "cli/preview.ts"), ...args], { encoding: "utf8", env });
  }
  const pool = replaced(POOL, "mooring-cluster-batch", asks("vmSize"));

  test("previews with the policy pack, and ends with 0 when nothing stands against the plan", () => {
    const { status, stdout } = called([summary()]);
    assert.deepEqual([status, stdout], [0, "staging: no changes\nstaging: nothing stands against it.\n"]);
    assert.equal(readFileSync(join(folder, "called"), "utf8"), "true preview --json --stack staging --policy-pack policies --non-interactive --color never\n");
  });

  test("ends with 1 for a refused plan, and with 0 when it is accepted", () => {
    assert.equal(called([...pool, summary()]).status, 1);
    assert.equal(called([...pool, summary()], { args: ["staging", "--accept", "other", "--accept", "mooring-cluster-batch"] }).status, 0);
  });

  test("ends with 1 for a violation, which makes Pulumi end so too", () => {
    const { status, stdout } = called([violation("mandatory"), summary()], { code: 255 });
    assert.equal(status, 1);
    assert.match(stdout, /^policy {4}cluster-local-accounts/m);
  });

  test("ends with 1 and Pulumi's words when there is no plan", () => {
    const { status, stdout, stderr } = called([], { code: 255, stderr: "warning: a new version\nerror: no stack named 'staging' found\n" });
    assert.deepEqual([status, stdout, stderr], [1, "", "error: no stack named 'staging' found\n"]);
  });

  test("never passes when Pulumi fails, whatever it printed", () => {
    const { status, stdout } = called([summary()], { code: 3, stderr: "error: the state cannot be read\n" });
    assert.equal(status, 1);
    assert.match(stdout, /^error {5}error: the state cannot be read$/m);
  });

  test("ends with 2 and the usage for a wrong call", () => {
    const { status, stderr } = called([], { args: ["staging", "--accept"] });
    assert.equal(status, 2);
    assert.match(stderr, /usage: npm run preview -- <stack> \[--accept RESOURCE\]\.\.\. \[--config-file FILE\] \[--markdown FILE\]\n.*<stack> --drift \[--config-file FILE\] \[--markdown FILE\]\n$/);
  });
});
