/** Who is told of failures and deployments: a team's channels and the platform's, of each kind. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { production } from "../azure.ts";
import type { Program } from "../evaluate.ts";
import { keysOf, objectsIn, spec, stackOf } from "../delivered.ts";

const ado = "https://dev.azure.com/acme/shop/_git/orders";
/** Of each kind: what is written, its Provider's spec without the Secret, and that Secret's keys. */
const kinds: Record<string, { written: object; provider: object; keys: string[]; severity?: string; commit?: true }> = {
  slack: { written: { slack: "#orders_all", secret: "slack" }, provider: { type: "slack", channel: "#orders_all" }, keys: ["address"] },
  bot: { written: { slack: "#bots", bot: true, secret: "bot" }, provider: { type: "slack", channel: "#bots", address: "https://slack.com/api/chat.postMessage" }, keys: ["token"] },
  teams: { written: { msteams: "Orders channel", secret: "teams" }, provider: { type: "msteams" }, keys: ["address"] },
  discord: { written: { discord: "orders", secret: "discord" }, provider: { type: "discord" }, keys: ["address"] },
  hook: { written: { webhook: "pager", secret: "hook", severity: "error" }, provider: { type: "generic" }, keys: ["address"], severity: "error" },
  signed: { written: { webhook: "signed", secret: "signed", signature: "signature" }, provider: { type: "generic-hmac" }, keys: ["address", "token"] },
  github: { written: { github: "acme/orders", secret: "status" }, provider: { type: "github", address: "https://github.com/acme/orders" }, keys: ["token"], commit: true },
  ado: { written: { azureDevOps: ado, secret: "ado" }, provider: { type: "azuredevops", address: ado }, keys: ["token"], commit: true },
};
const secrets = ["slack", "bot", "teams", "discord", "hook", "signed", "signature", "status", "ado", "one", "two"];
const all = Object.values(kinds).map(({ written }) => written);
const team = await stackOf(
  { orders: { notify: all }, filtered: { notify: [{ slack: "#a", secret: "one", include: ["failed"], exclude: ["waiting", "retry"] }, { slack: "#b", secret: "one" }] }, silent: null },
  {},
  { secrets },
);
const platform = await stackOf({ orders: null }, { notify: all }, { secrets });
const told = ["GitRepository", "OCIRepository", "HelmRepository", "Bucket", "Kustomization", "HelmRelease", "ImageRepository", "ImageUpdateAutomation"];
const status = "'mooring/' + event.metadata.environment + '/' + event.involvedObject.kind + '/' + event.involvedObject.name";

/** The names of the Providers in a namespace, by the entry that they are for: each Secret was made of one. */
function named(program: Program, namespace: string): string[] {
  return program.all("Provider").filter(({ inputs }) => (inputs.metadata as { namespace: string }).namespace === namespace).map(({ inputs }) => (inputs.metadata as { name: string }).name);
}

for (const [whose, program, namespace, metadata] of [["a team's", team, "orders-flux", { environment: "staging", tenant: "orders" }], ["the platform's", platform, "flux-system", { environment: "staging" }]] as const) {
  describe(`${whose} channels`, () => {
    const names = named(program, namespace);
    const find = (provider: { type: string }) => names.find((name) => JSON.stringify({ ...spec(program, "Provider", namespace, name), secretRef: undefined, commitStatusExpr: undefined }) === JSON.stringify(sorted(provider)));

    for (const [kind, { provider, keys, severity = "info", commit }] of Object.entries(kinds)) {
      test(`${kind}: a provider, its Secret, an alert`, () => {
        const name = find(provider as { type: string });
        assert.ok(name !== undefined, `no provider like ${JSON.stringify(provider)}`);
        const secretRef = { name: `notify-${name}` };
        assert.deepEqual(spec(program, "Provider", namespace, name), { ...provider, ...(commit && { commitStatusExpr: status }), secretRef });
        assert.deepEqual(keysOf(program, namespace, secretRef.name), keys);
        assert.deepEqual(spec(program, "Alert", namespace, name), {
          providerRef: { name },
          eventSeverity: severity,
          eventSources: (commit ? ["Kustomization"] : told).map((source) => ({ kind: source, name: "*" })),
          eventMetadata: metadata,
        });
      });
    }

    test("are those and no more, each with a name of its own", () => {
      assert.equal(new Set(names).size, Object.keys(kinds).length);
      assert.deepEqual(objectsIn(program, namespace, /^(Alert|Provider)$/), ["Alert", "Provider"].flatMap((kind) => names.map((name) => `${kind} ${name}`)).sort());
      assert.deepEqual(objectsIn(program, namespace, /^Secret$/).filter((name) => name.includes("notify-")), names.map((name) => `Secret notify-${name}`).sort());
    });

    test("wait for the Secret, the alert for the provider", () => {
      for (const alert of program.all("Alert").filter(({ inputs }) => (inputs.metadata as { namespace: string }).namespace === namespace)) {
        assert.ok(program.dependsOn(alert, program.one("Provider", alert.name)));
        assert.ok(program.dependsOn(program.one("Provider", alert.name), program.one("Secret", alert.name)));
      }
    });
  });
}

const sorted = (record: object): object => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

describe("notifications", () => {
  test("are filtered as the settings say", () => {
    const alerts = named(team, "filtered-flux").map((name) => spec(team, "Alert", "filtered-flux", name));
    assert.deepEqual(alerts.map(({ inclusionList, exclusionList }) => [inclusionList, exclusionList]), [[["failed"], ["waiting", "retry"]], [undefined, undefined]]);
  });

  test("of a team reach that team alone, and none is made where none is named", () => {
    assert.deepEqual(objectsIn(team, "silent-flux", /^(Alert|Provider)$/), []);
    assert.deepEqual(objectsIn(team, "flux-system", /^(Alert|Provider|Secret)$/), []);
    assert.deepEqual(objectsIn(platform, "orders-flux", /^(Alert|Provider)$/), []);
  });

  test("tell failures alone in production, but a commit's status always", async () => {
    const prod = await stackOf({ orders: { notify: [{ slack: "#a", secret: "one" }, { github: "acme/orders", secret: "status" }] } }, production({ notify: [{ slack: "#p", secret: "two" }] }), { secrets, environment: "prod" });
    assert.deepEqual(Object.fromEntries(prod.all("Alert").map(({ inputs }) => [(inputs.metadata as { name: string }).name.replace(/-[0-9a-f]{6}$/, ""), (inputs.spec as { eventSeverity: string }).eventSeverity])), { a: "error", "acme-orders": "info", p: "error" });
  });

  test("of commits go to the Enterprise Server where the repositories are there", async () => {
    const hostKeys = ["git.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"];
    const server = await stackOf({ orders: { notify: [{ github: "acme/orders", secret: "status" }] } }, { github: { owner: "acme", enterpriseServer: { host: "git.acme.example", hostKeys } }, notify: [{ github: "acme/fleet", secret: "two" }] }, { secrets });
    assert.deepEqual(server.all("Provider").map(({ inputs }) => (inputs.spec as { address: string }).address).sort(), ["https://git.acme.example/acme/fleet", "https://git.acme.example/acme/orders"]);
  });
});
