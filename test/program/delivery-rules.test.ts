/** Who may change what in a repository: the rulesets, for each kind of owner, and for each way in which images are written. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rulesets } from "../../components/github/rules.ts";
import type { GithubSettings, RuleSettings } from "../../components/settings/settings.ts";
import { settings } from "../settings.ts";
import { atGithub, stackOf } from "../delivered.ts";

const github = (more: object = {}): GithubSettings => ({ ...settings().github, ...more });
const rules = (more: Partial<RuleSettings> = {}): RuleSettings => ({ reviews: 1, codeOwners: true, checks: [], branches: [], tags: [], keysMayPush: false, ...more });
const owners = { actorType: "OrganizationAdmin", bypassMode: "always" };
const app = { actorType: "Integration", actorId: 4711, bypassMode: "always" };
/** Ids of GitHub's own roles: docs.github.com/rest/repos/rules. */
const [maintain, admin] = [2, 5].map((actorId) => ({ actorType: "RepositoryRole", actorId, bypassMode: "always" }));
const keys = { actorType: "DeployKey", bypassMode: "always" };
const reviewed = { deletion: true, nonFastForward: true, pullRequest: { requiredApprovingReviewCount: 1, requireCodeOwnerReview: true, dismissStaleReviewsOnPush: true, requireLastPushApproval: true } };

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
      branches: [owners],
      tags: [owners, maintain, admin],
    });
    assert.deepEqual(all.branches?.conditions, { refName: { includes: ["refs/heads/prod", "refs/heads/release/*"], excludes: [] } });
    assert.deepEqual(all.branches?.rules, reviewed);
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
    open: { images, repository: { rules: { enforce: false } } },
    own: { images, repository: { rules: { tags: ["release-*"], branches: ["prod"], reviews: 3 } } },
    elsewhere: { images, repository: { manage: false } },
    adopted: { repository: { adopt: true } },
    gone: { state: "left" },
  }, { github: { owner: "acme", rules: { reviews: 2, checks: ["build"] } } });
  const named = (tenant: string) => atGithub(program, tenant).filter((name) => name.startsWith("RepositoryRuleset")).map((name) => name.split("/").at(-1));
  const rule = (tenant: string, name: string) => program.one("RepositoryRuleset", `${tenant}-rules/${name}`);
  const bypasses = (tenant: string) => (rule(tenant, "default-branch").inputs.bypassActors as { actorType: string }[]).map(({ actorType }) => actorType);

  test("each has those that its settings ask for; release tags are protected where an automation may write, whatever becomes of the team", () => {
    assert.deepEqual(Object.fromEntries(["plain", "pushes", "proposes", "leaving", "open", "own", "elsewhere", "adopted"].map((tenant) => [tenant, named(tenant)])), {
      plain: ["default-branch"],
      pushes: ["default-branch", "tags"],
      proposes: ["default-branch", "tags"],
      leaving: ["default-branch", "tags"],
      open: [],
      own: ["branches", "default-branch", "tags"],
      elsewhere: [],
      adopted: ["default-branch"],
    });
    assert.deepEqual(["pushes", "own"].map((tenant) => (rule(tenant, "tags").inputs.conditions as { refName: { includes: string[] } }).refName.includes), [["refs/tags/v*", "refs/tags/*/v*"], ["refs/tags/release-*"]]);
  });

  test("keys push to the default branch only where this environment's automation does", () => {
    assert.deepEqual(["plain", "pushes", "proposes", "leaving", "own"].map((tenant) => bypasses(tenant).includes("DeployKey")), [false, true, false, false, true]);
  });

  test("a team's own rules go over those of all", () => {
    const reviews = (tenant: string) => (rule(tenant, "default-branch").inputs.rules as { pullRequest: { requiredApprovingReviewCount: number }; requiredStatusChecks: { requiredChecks: unknown } });
    assert.deepEqual([reviews("plain").pullRequest.requiredApprovingReviewCount, reviews("own").pullRequest.requiredApprovingReviewCount], [2, 3]);
    assert.deepEqual(reviews("own").requiredStatusChecks.requiredChecks, [{ context: "build" }]);
  });

  test("they are in force, called after Mooring, and go with the repository's archive, where nothing can be changed any more", () => {
    for (const { name, inputs, retainOnDelete } of program.all("RepositoryRuleset")) {
      assert.deepEqual([inputs.enforcement, inputs.name, retainOnDelete], ["active", `mooring ${name.split("/")[1]}`, name.startsWith("gone-")], name);
    }
  });
});
