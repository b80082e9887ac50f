/** Repositories that another environment makes: who is named, what is asked of GitHub, and what is said of it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tenantFacts } from "../../cli/render/tenants/facts.ts";
import { pageModel } from "../../cli/render/tenants/model.ts";
import { madeElsewhere } from "../../components/github/made-elsewhere.ts";
import { testRules } from "../rules.ts";
import { mistakes, settings } from "../settings.ts";

const github = { owner: "acme", managedBy: "staging" };
const prod = { environment: "prod" };

describe("github.managedBy", () => {
  testRules([
    {
      what: "says all of it",
      wrong: { github: { owner: "acme", managedBy: "dev", manageRepositories: true } },
      lines: ["mooring:github.managedBy: says that another environment owns the repositories; remove manageRepositories"],
      right: { github: { owner: "acme", managedBy: "dev" } },
    },
    {
      what: "names another environment",
      wrong: { github: { owner: "acme", managedBy: "staging" } },
      lines: ["mooring:github.managedBy: staging is this environment; remove the line, and it owns the repositories"],
      right: { github: { owner: "acme", managedBy: "dev" } },
    },
    {
      what: "is a stack's name",
      wrong: { github: { owner: "acme", managedBy: "the other" } },
      lines: ['mooring:github.managedBy: "the other" is not the name of an environment; write for example staging'],
      right: { github: { owner: "acme", managedBy: "the-other" } },
    },
  ]);

  testRules([
    {
      what: "is said, where releases would go to the environment that main goes to",
      wrong: { github: { owner: "acme", releaseEnvironment: "staging" }, tenants: { orders: { repository: { scaffold: "helm" } } } },
      lines: ["mooring:github.releaseEnvironment: staging owns the repositories, so their main branch goes there, and releases would go there as well; write the environment that releases go to, or let the one before it own the repositories (github.managedBy)"],
      right: { github: { owner: "acme", releaseEnvironment: "staging" }, tenants: { orders: {} } },
    },
  ]);

  test("is for every repository, unless a team says otherwise", () => {
    const { tenants, fleet } = settings({ github, fleet: {}, tenants: { orders: {}, web: { repository: { manage: true } } } }, prod);
    assert.deepEqual([...tenants.map(({ repository }) => repository!.manage), fleet!.repository.manage], [false, true, false]);
  });

  test("stands on the tenants' page", () => {
    const words = (owner: object): string => {
      const page = pageModel(settings({ github: owner, tenants: { orders: {} } }, prod));
      return JSON.stringify(tenantFacts(page.tenants[0]!, page)[1]!.facts[0]);
    };
    assert.match(words(github), /acme\/orders.*, made by staging/);
    assert.match(words({ owner: "acme", manageRepositories: false }), /, made by another environment/);
  });
});

describe("what GitHub is asked for", () => {
  const asked = (changes: object): string[] => madeElsewhere(settings({ github, ...changes }, prod));
  test("is each that is made elsewhere and used here, by name", () => {
    assert.deepEqual(asked({ tenants: { web: {}, orders: {} } }), ["orders", "web"]);
    assert.deepEqual(asked({ fleet: {}, tenants: { orders: {} } }), ["fleet", "orders"]);
    assert.deepEqual(asked({ github: { ...github, adoptable: ["shop-front"] }, tenants: { orders: { repository: { manage: true } }, web: { repository: { name: "shop-front" } } } }), ["shop-front"]);
    assert.deepEqual(asked({ tenants: { orders: { state: "leaving" }, web: {} } }), ["web"]);
  });
  test("is nothing where all is made here, or lies elsewhere", () => {
    assert.deepEqual(asked({ github: { owner: "acme" }, fleet: {}, tenants: { orders: {} } }), []);
    assert.deepEqual(asked({ tenants: { orders: { git: { url: "https://gitlab.com/acme/orders.git" } } } }), []);
  });
});

test("an environment that is made again keeps its teams' settings: what they say of a repository is as it was made", () => {
  const orders = { repository: { scaffold: "kustomize", topics: ["orders"], codeOwners: { "*": ["@acme/orders"] } } };
  const [tenant] = settings({ github: { owner: "acme", adoptRepositories: true }, tenants: { orders } }).tenants;
  assert.equal(tenant!.repository!.adopt, true);
  assert.deepEqual(mistakes({ github: { owner: "acme", adoptable: ["orders"] }, tenants: { orders: { repository: { ...orders.repository, adopt: true } } } }).map((line) => line.split(": ")[0]), [
    "mooring:tenants.orders.repository.topics",
    "mooring:tenants.orders.repository.codeOwners",
  ]);
});
