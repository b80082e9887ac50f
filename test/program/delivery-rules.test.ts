/** Who may change what in a repository: the rulesets, for each kind of owner, and for each way in which images are written. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rulesets as madeFor } from "../../components/github/rules.ts";
import type { GithubSettings, RepositorySettings, RuleSettings } from "../../components/settings/settings.ts";
import { settings } from "../settings.ts";
import { atGithub, stackOf } from "../delivered.ts";

const github = (more: object = {}): GithubSettings => ({ ...settings().github, ...more });
const rules = (more: Partial<RuleSettings> = {}): RuleSettings => ({ reviews: 1, codeOwners: true, checks: [], branches: [], tags: [], keysMayPush: false, closedToKeys: [".github/**/*"], ...more });
const rulesets = (owner: GithubSettings, said: RuleSettings, visibility: RepositorySettings["visibility"] = "private") => madeFor(owner, said, visibility);
const owners = { actorType: "OrganizationAdmin", bypassMode: "always" };
const app = { actorType: "Integration", actorId: 4711, bypassMode: "always" };
/** Ids of GitHub's own roles: docs.github.com/rest/repos/rules. */
const [maintain, write, admin] = [2, 4, 5].map((actorId) => ({ actorType: "RepositoryRole", actorId, bypassMode: "always" }));
const keys = { actorType: "DeployKey", bypassMode: "always" };
const history = { deletion: true, nonFastForward: true };
const reviewed = { ...history, pullRequest: { requiredApprovingReviewCount: 1, requireCodeOwnerReview: true, dismissStaleReviewsOnPush: true, requireLastPushApproval: true } };

describe("the rules of a repository", () => {
  test("hold for its default branch, and nobody but who commits the first files is above them", () => {
    const of = (owner: object) => rulesets(github(owner), rules());
    const expected = (actor: object) => ({ "default-branch": { target: "branch", conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } }, bypassActors: [actor], rules: reviewed } });
    assert.deepEqual(of({}), expected(owners));
    assert.deepEqual(of({ ownerType: "person" }), expected(admin!));
    assert.deepEqual(of({ app: { id: 4711, installationId: 1, key: "k" } }), expected(app));
    assert.deepEqual(of({ ownerType: "person", app: { id: 4711, installationId: 1, key: "k" } }), expected(app));
  });

  test("let keys through to the default branch alone, and only where an automation pushes there", () => {
    const all = rulesets(github(), rules({ keysMayPush: true, branches: ["prod", "release/*"], tags: ["v*", "*/v*"] }));
    assert.deepEqual(Object.fromEntries(Object.entries(all).map(([name, { bypassActors }]) => [name, bypassActors])), {
      "default-branch": [owners, keys],
      // Nor does a key lose what was there.
      history: [owners],
      keys: [owners, write, maintain, admin],
      branches: [owners],
      tags: [owners, maintain, admin],
    });
    const { pullRequest } = reviewed;
    assert.deepEqual([all["default-branch"]?.rules, all.history?.rules], [{ pullRequest }, history]);
    assert.deepEqual(all.history?.conditions, all["default-branch"]?.conditions);
    assert.deepEqual(all.branches?.conditions, { refName: { includes: ["refs/heads/prod", "refs/heads/release/*"], excludes: [] } });
    assert.deepEqual(all.branches?.rules, reviewed);
  });

  test("keep keys that may push from what pipelines run, on any branch, where GitHub has push rulesets", () => {
    const of = (owner: object, visibility?: "public" | "internal", more: Partial<RuleSettings> = {}) => rulesets(github(owner), rules({ keysMayPush: true, closedToKeys: ["ci/**/*", "deploy/prod/**/*"], ...more }), visibility).keys;
    const expected = { target: "push", bypassActors: [owners, write, maintain, admin], rules: { filePathRestriction: { restrictedFilePaths: ["ci/**/*", "deploy/prod/**/*"] } } };
    for (const plan of ["team", "enterprise"]) assert.deepEqual(of({ plan }), expected, plan);
    assert.deepEqual(of({ plan: "enterprise" }, "internal"), expected);
    assert.deepEqual(of({ app: { id: 4711, installationId: 1, key: "k" } })?.bypassActors, [app, write, maintain, admin]);
    // It would be refused there.
    assert.deepEqual([of({ plan: "enterprise" }, "public"), of({ plan: "pro" }), of({ ownerType: "person" })], [undefined, undefined, undefined]);
    assert.equal(of({}, undefined, { keysMayPush: false }), undefined);
  });

  test("keep tags to who maintains the repository: nobody makes, moves or removes one", () => {
    const of = (owner: object) => rulesets(github(owner), rules({ tags: ["v*", "*/v*"] })).tags;
    assert.deepEqual(of({}), {
      target: "tag",
      conditions: { refName: { includes: ["refs/tags/v*", "refs/tags/*/v*"], excludes: [] } },
      bypassActors: [owners, maintain, admin],
      rules: { creation: true, update: true, deletion: true, nonFastForward: true },
    });
    assert.deepEqual(of({ app: { id: 4711, installationId: 1, key: "k" } })?.bypassActors, [app, maintain, admin]);
    // An administrator stands there once.
    assert.deepEqual(of({ ownerType: "person" })?.bypassActors, [admin, maintain]);
  });

  test("ask for as many reviews as the settings say, and for checks", () => {
    const [none, two] = [rules({ reviews: 0, codeOwners: false }), rules({ reviews: 2, checks: ["build", "lint"] })].map((one) => rulesets(github(), one)["default-branch"]?.rules);
    assert.deepEqual(none, { ...reviewed, pullRequest: { ...reviewed.pullRequest, requiredApprovingReviewCount: 0, requireCodeOwnerReview: false, requireLastPushApproval: false } });
    assert.deepEqual(two, {
      ...reviewed,
      pullRequest: { ...reviewed.pullRequest, requiredApprovingReviewCount: 2 },
      requiredStatusChecks: { requiredChecks: [{ context: "build" }, { context: "lint" }], strictRequiredStatusChecksPolicy: false },
    });
  });
});

describe("of a stack's repositories", async () => {
  const images = [{ name: "api", follow: { branch: "main" } }];
  const program = await stackOf({
    plain: null,
    pushes: { images },
    proposes: { images, imageUpdates: { propose: true } },
    leaving: { images, state: "leaving" },
    own: { images, repository: { rules: { checks: ["lint"], branches: ["prod"], reviews: 3, closedToKeys: ["deploy/prod/**/*"] } } },
    other: { images, deploy: { branch: "live" } },
    elsewhere: { images, repository: { manage: false } },
    adopted: { repository: { adopt: true } },
    gone: { state: "left" },
  }, { github: { owner: "acme", rules: { reviews: 2, checks: ["build"], closedToKeys: ["Makefile"] }, adoptable: ["elsewhere", "adopted"] } });
  const named = (tenant: string) => atGithub(program, tenant).filter((name) => name.startsWith("RepositoryRuleset")).map((name) => name.split("/").at(-1));
  const rule = (tenant: string, name: string) => program.one("RepositoryRuleset", `${tenant}-rules/${name}`);
  const bypasses = (tenant: string) => (rule(tenant, "default-branch").inputs.bypassActors as { actorType: string }[]).map(({ actorType }) => actorType);

  test("each has those that its settings ask for; every tag is protected, whatever becomes of the team", () => {
    assert.deepEqual(Object.fromEntries(["plain", "pushes", "proposes", "leaving", "own", "elsewhere", "adopted"].map((tenant) => [tenant, named(tenant)])), {
      plain: ["default-branch", "tags"],
      pushes: ["default-branch", "history", "keys", "tags"],
      proposes: ["default-branch", "tags"],
      leaving: ["default-branch", "tags"],
      own: ["branches", "default-branch", "history", "keys", "tags"],
      elsewhere: [],
      adopted: ["default-branch", "tags"],
    });
    assert.deepEqual(rule("plain", "tags").inputs.conditions, { refName: { includes: ["~ALL"], excludes: [] } });
  });

  test("keys push to the default branch only where this environment's automation does", () => {
    assert.deepEqual(["plain", "pushes", "proposes", "leaving", "own", "other"].map((tenant) => bypasses(tenant).includes("DeployKey")), [false, true, false, false, true, false]);
  });

  test("a team's own rules add to those of all", () => {
    const reviews = (tenant: string) => (rule(tenant, "default-branch").inputs.rules as { pullRequest: { requiredApprovingReviewCount: number }; requiredStatusChecks: { requiredChecks: unknown } });
    assert.deepEqual([reviews("plain").pullRequest.requiredApprovingReviewCount, reviews("own").pullRequest.requiredApprovingReviewCount], [2, 3]);
    assert.deepEqual(reviews("own").requiredStatusChecks.requiredChecks, [{ context: "build" }, { context: "lint" }]);
    const closed = (tenant: string) => (rule(tenant, "keys").inputs.rules as { filePathRestriction: { restrictedFilePaths: string[] } }).filePathRestriction.restrictedFilePaths;
    const pipelines = [".github/**/*", "azure-pipelines.yml", "build.sh", "ci/**/*", "services.json"];
    assert.deepEqual([closed("pushes"), closed("own")], [[...pipelines, "Makefile"], [...pipelines, "Makefile", "deploy/prod/**/*"]]);
  });

  test("the platform may do without any, or say which tags, and that another environment's automation pushes", async () => {
    const of = async (rules: object) => {
      const other = await stackOf({ orders: null }, { github: { owner: "acme", rules } });
      return Object.fromEntries(other.all("RepositoryRuleset").map(({ name, inputs }) => [name.split("/")[1], inputs]));
    };
    assert.deepEqual(await of({ enforce: false }), {});
    const { tags, history: kept } = await of({ tags: ["release-*"], keysMayPush: true });
    assert.deepEqual(tags!.conditions, { refName: { includes: ["refs/tags/release-*"], excludes: [] } });
    assert.ok(kept);
  });

  test("they are in force, called after Mooring, and stay untouched with the repository's archive, where nothing can be changed any more", () => {
    for (const { name, inputs, retainOnDelete, ignoreChanges } of program.all("RepositoryRuleset")) {
      const gone = name.startsWith("gone-");
      assert.deepEqual([inputs.enforcement, inputs.name, retainOnDelete, ignoreChanges], ["active", `mooring ${name.split("/")[1]}`, gone, gone ? ["*"] : []], name);
    }
  });
});
