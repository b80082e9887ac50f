/** Rules of pipelines' identities: each gives one line with its path and remedy, and its nearest right sibling passes. */
import { describe } from "node:test";
import { production } from "../azure.ts";
import { testRules } from "../rules.ts";

const trust = (...entries: unknown[]) => ({ pipelines: { build: { trust: entries } } });
const devOps = (more: Record<string, unknown>) => trust({ name: "azure-devops", azureDevOps: { organizationId: "1b671a64-40d5-491e-99b0-da01ff1f3341", ...more } });
const github = (more: Record<string, unknown>) => trust({ name: "github-actions", github: { repository: "acme/orders", ...more } });
const other = (name: string, subject: string) => ({ name, issuer: "https://ci.example", subject });
const many = (count: number) => Array.from({ length: count }, (_, i) => other(`ci-${i}`, `s${i}`));
const connectionId = "7f3a1b2c-8d4e-4f5a-9b6c-0d1e2f3a4b5c";
const secrets = (...list: [number, string][]) => ({ pipelines: { deploy: { password: { secrets: list.map(([number, expires]) => ({ number, expires })) } } } });
const at = "mooring:pipelines.build.trust";

describe("whom an identity trusts", () => {
  testRules([
    {
      what: "one of three forms",
      wrong: trust({ name: "none" }),
      lines: [`${at}[0]: write one of azureDevOps, github, or issuer with subject`],
      right: trust(other("none", "s")),
    },
    {
      what: "not two of them",
      wrong: trust({ ...other("both", "s"), github: { repository: "acme/orders", branch: "main" } }),
      lines: [`${at}[0]: write one of azureDevOps, github, or issuer with subject`],
      right: trust({ name: "one", github: { repository: "acme/orders", branch: "main" } }),
    },
    {
      what: "an issuer has a subject",
      wrong: trust({ name: "half", issuer: "https://ci.example" }),
      lines: [`${at}[0]: issuer and subject go together`],
      right: trust(other("half", "s")),
    },
    {
      what: "an issuer is asked in secret",
      wrong: trust({ ...other("plain", "s"), issuer: "http://ci.example" }),
      lines: [`${at}[0].issuer: an issuer is an https address`],
      right: trust(other("plain", "s")),
    },
    {
      what: "Azure DevOps by the connection's id alone",
      wrong: devOps({ connectionId, project: "platform" }),
      lines: [`${at}[0].azureDevOps: write either connectionId, or (until 2027-07-01) organization, project and connection`],
      right: devOps({ connectionId }),
    },
    {
      what: "or by three names",
      wrong: devOps({ organization: "acme", project: "platform" }),
      lines: [`${at}[0].azureDevOps: write either connectionId, or (until 2027-07-01) organization, project and connection`],
      right: devOps({ organization: "acme", project: "Platform Team", connection: "acr staging" }),
    },
    {
      what: "whose parts a slash would mix up",
      wrong: devOps({ organization: "acme", project: "plat/form", connection: "acr" }),
      lines: [`${at}[0].azureDevOps.project: "plat/form" is not a project's name`],
      right: devOps({ organization: "acme", project: "plat-form", connection: "acr" }),
    },
    {
      what: "GitHub in one context",
      wrong: github({ branch: "main", environment: "staging" }),
      lines: [`${at}[0].github: write one of environment, branch, tag, pullRequests`],
      right: github({ environment: "staging" }),
    },
    {
      what: "GitHub in any context is too much",
      wrong: github({}),
      lines: [`${at}[0].github: write one of environment, branch, tag, pullRequests`],
      right: github({ pullRequests: true }),
    },
    {
      what: "GitHub's numbers",
      wrong: github({ branch: "main", ownerId: 1 }),
      lines: [`${at}[0].github: ownerId and repositoryId go together`],
      right: github({ branch: "main", ownerId: 1, repositoryId: 2 }),
    },
    {
      what: "a repository has an owner",
      wrong: trust({ name: "github-actions", github: { repository: "orders", branch: "main" } }),
      lines: [`${at}[0].github.repository: "orders" is not a repository; write owner/name`],
      right: github({ branch: "main" }),
    },
    {
      what: "a credential has a name that Azure takes",
      wrong: trust(other("ci", "s")),
      lines: [`${at}[0].name: a federated credential's name has 3 to 111 letters, digits, \`-\` and \`_\``],
      right: trust(other("ci_1", "s")),
    },
    {
      what: "a name is used once",
      wrong: trust(other("same", "a"), other("same", "b")),
      lines: [`${at}[1]: the name same is already used above`],
      right: trust(other("same", "a"), other("same2", "b")),
    },
    {
      what: "a pair is used once, however it is written",
      wrong: trust({ name: "one", issuer: "https://token.actions.githubusercontent.com", subject: "repo:acme/orders:ref:refs/heads/main" }, { name: "two", github: { repository: "acme/orders", branch: "main" } }),
      lines: [`${at}[1]: the same issuer and subject stand above already; Azure takes each pair once`],
      // Azure compares to the letter.
      right: trust({ name: "one", issuer: "https://token.actions.githubusercontent.com", subject: "repo:acme/orders:ref:refs/heads/Main" }, { name: "two", github: { repository: "acme/orders", branch: "main" } }),
    },
    {
      what: "a subject has 600 characters",
      wrong: github({ branch: "x".repeat(600) }),
      lines: [`${at}[0]: makes a subject of 632 characters, more than the 600 that Azure takes`],
      right: github({ branch: "x".repeat(568) }),
    },
    {
      what: "an identity takes twenty",
      wrong: trust(...many(21)),
      lines: [`${at}: Azure takes at most 20 federated credentials for one identity`],
      right: trust(...many(20)),
    },
  ]);
});

describe("whom production trusts", () => {
  const unread = "trusts pull requests, which nobody has reviewed, with production; name an environment, a branch or a tag";
  const build = (more: Record<string, unknown>) => github(more).pipelines;
  testRules([
    {
      what: "not pull requests, which stay out of no other tier",
      wrong: production({ pipelines: build({ pullRequests: true }) }),
      lines: [`${at}[0]: ${unread}`],
      right: { pipelines: build({ pullRequests: true }) },
    },
    {
      what: "not those of a repository known by its numbers, or with the subject written out",
      wrong: production({
        pipelines: {
          ...build({ pullRequests: true, ownerId: 1, repositoryId: 2 }),
          deploy: { trust: [other("main", "s"), { name: "github-pulls", issuer: "https://token.actions.githubusercontent.com", subject: "repo:acme/orders:pull_request" }] },
        },
      }),
      lines: [`${at}[0]: ${unread}`, `mooring:pipelines.deploy.trust[1]: ${unread}`],
      // A branch may have that name.
      right: production({ pipelines: build({ branch: "pull_request" }) }),
    },
  ]);
});

describe("passwords of pipelines", () => {
  const path = "mooring:pipelines.deploy.password.secrets";
  testRules([
    { what: "are at least one", wrong: secrets(), lines: [`${path}: must not be empty`], right: secrets([1, "2027-05-01"]) },
    {
      what: "are two while pipelines change over, and no more",
      wrong: secrets([3, "2028-05-01"], [2, "2027-11-01"], [1, "2027-05-01"]),
      lines: [`${path}: has 3 entries, at most 2 are allowed`],
      right: secrets([3, "2028-05-01"], [2, "2027-11-01"]),
    },
    {
      what: "stand with the newest first",
      wrong: secrets([1, "2027-05-01"], [2, "2027-11-01"]),
      lines: [`${path}[1].number: 2 is not below the first line's (1); put the newest first, and count up`],
      right: secrets([2, "2027-11-01"], [1, "2027-05-01"]),
    },
    {
      what: "count up by one",
      wrong: secrets([4, "2027-11-01"], [2, "2027-05-01"]),
      lines: [`${path}[1].number: 2 is not the one before the newest (4); write 3`],
      right: secrets([4, "2027-11-01"], [3, "2027-05-01"]),
    },
    {
      what: "end one after the other",
      wrong: secrets([2, "2027-05-01"], [1, "2027-05-01"]),
      lines: [`${path}[1].expires: 2027-05-01 is not before the newest secret's (2027-05-01); put the newest first`],
      right: secrets([2, "2027-05-02"], [1, "2027-05-01"]),
    },
    {
      what: "end on a day",
      wrong: secrets([1, "2027-02-30"]),
      lines: [`${path}[0].expires: "2027-02-30" is not a day of the calendar`],
      right: secrets([1, "2027-02-28"]),
    },
  ]);
});
