/** Issuers and subjects of pipelines' tokens, to the letter: Azure compares both exactly. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { shortGuid } from "../../components/settings/trust.ts";
import { settings } from "../settings.ts";

const entraTenant = "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e";
const organizationId = "1b671a64-40d5-491e-99b0-da01ff1f3341";
const connectionId = "7f3a1b2c-8d4e-4f5a-9b6c-0d1e2f3a4b5c";

/** Issuer and subject of one entry of the settings. */
function trusted(entry: Record<string, unknown>): [string, string] {
  const [made] = settings({ pipelines: { build: { trust: [{ name: "entry", ...entry }] } } }).pipelines.build.trust;
  return [made!.issuer, made!.subject];
}

describe("Azure DevOps", () => {
  test("a connection of the new form: Entra's issuer, and ids alone", () => {
    assert.deepEqual(trusted({ azureDevOps: { organizationId, connectionId } }), [
      `https://login.microsoftonline.com/${entraTenant}/v2.0`,
      `/eid1/c/pub/t/Uh0MXwtvfkqdfAyPWhstPg/a/rISbSSETf0KqFyZ8ppdXmA/sc/${organizationId}/${connectionId}`,
    ]);
  });

  test("a connection of the old form: the organisation's issuer, and names as they are", () => {
    assert.deepEqual(trusted({ azureDevOps: { organizationId, organization: "acme", project: "Platform Team", connection: "acr-staging" } }), [
      `https://vstoken.dev.azure.com/${organizationId}`,
      "sc://acme/Platform Team/acr-staging",
    ]);
  });

  test("ids are written in lower case, however they were copied", () => {
    assert.deepEqual(trusted({ azureDevOps: { organizationId: organizationId.toUpperCase(), connectionId: connectionId.toUpperCase() } }), trusted({ azureDevOps: { organizationId, connectionId } }));
  });
});

describe("GitHub", () => {
  const issuer = "https://token.actions.githubusercontent.com";
  const contexts: [Record<string, unknown>, string][] = [
    [{ environment: "staging" }, "environment:staging"],
    [{ environment: "eu:staging" }, "environment:eu%3Astaging"],
    [{ branch: "main" }, "ref:refs/heads/main"],
    [{ branch: "release/1.x" }, "ref:refs/heads/release/1.x"],
    [{ tag: "v1.0.0" }, "ref:refs/tags/v1.0.0"],
    [{ pullRequests: true }, "pull_request"],
  ];
  for (const [context, subject] of contexts) {
    test(subject, () => {
      assert.deepEqual(trusted({ github: { repository: "acme/Orders.api", ...context } }), [issuer, `repo:acme/Orders.api:${subject}`]);
      assert.deepEqual(trusted({ github: { repository: "acme/Orders.api", ownerId: 5544123, repositoryId: 821093847, ...context } }), [issuer, `repo:acme@5544123/Orders.api@821093847:${subject}`]);
    });
  }
});

test("any other issuer and subject are taken as they are", () => {
  assert.deepEqual(trusted({ issuer: "https://gitlab.example/", subject: "project_path:acme/orders:ref_type:branch:ref:main" }), ["https://gitlab.example/", "project_path:acme/orders:ref_type:branch:ref:main"]);
});

describe("a GUID in short", () => {
  test("as Microsoft writes it", () => {
    // Microsoft's own tenant, and Azure DevOps' application, which stands in every subject of the new form.
    assert.equal(shortGuid("72f988bf-86f1-41af-91ab-2d7cd011db47"), "v4j5cvGGr0GRqy180BHbRw");
    assert.equal(shortGuid("499b84ac-1321-427f-aa17-267ca6975798"), "rISbSSETf0KqFyZ8ppdXmA");
    assert.equal(shortGuid(entraTenant), "Uh0MXwtvfkqdfAyPWhstPg");
    assert.equal(shortGuid("00000000-0000-0000-0000-000000000000"), "AAAAAAAAAAAAAAAAAAAAAA");
  });

  test("holds the whole of it, in an address's letters, whatever the case", () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        const short = shortGuid(guid);
        assert.match(short, /^[A-Za-z0-9_-]{22}$/);
        assert.equal(shortGuid(guid.toUpperCase()), short);
        // Back again, with the first three groups turned round byte by byte.
        const hex = Buffer.from(short, "base64url").toString("hex");
        const turned = (from: number, to: number) => Buffer.from(hex.slice(from, to), "hex").reverse().toString("hex");
        assert.equal([turned(0, 8), turned(8, 12), turned(12, 16), hex.slice(16, 20), hex.slice(20)].join("-"), guid);
      }),
    );
  });
});
