/** Names that are made of settings: valid at the longest settings there are, and never two alike. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { notificationName } from "../../components/flux/notifications.ts";
import type { NotificationSettings } from "../../components/settings/settings.ts";
import type { Program } from "../evaluate.ts";
import { stackOf } from "../delivered.ts";
import { mistakes } from "../settings.ts";

const tenancy = { ingressNamespace: "gateways", charts: ["https://charts.example", "oci://ghcr.io/acme"] };
const webhooks = { host: "flux.acme.example", gateway: { name: "g", namespace: "gateways" } };

/** RFC 1123: a subdomain for most names, a label for namespaces and for what becomes a label's value or a host name. */
const subdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Controllers put the names of these into labels of what they make, or make names of them. */
const asLabels = new Set(["Namespace", "Kustomization", "HelmRelease", "ServiceAccount", "Service"]);

function assertValid(program: Program): void {
  for (const { inputs } of program.objects()) {
    const { name, namespace, labels = {} } = inputs.metadata as { name: string; namespace?: string; labels?: Record<string, string> };
    const kind = String(inputs.kind);
    if (kind.startsWith("ClusterRole") || kind === "CustomResourceDefinition") continue;
    assert.match(name, asLabels.has(kind) ? label : subdomain, kind);
    if (namespace !== undefined) assert.match(namespace, label, `${kind} ${name}`);
    for (const value of Object.values(labels)) assert.match(value, /^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, `${kind} ${name}`);
  }
}

function assertUnique(program: Program): void {
  const twice = (all: string[]) => all.filter((one, index) => all.indexOf(one) < index);
  assert.deepEqual(twice(program.registrations.map(({ urn }) => urn)), []);
  const identified = program.objects().map(({ inputs }) => {
    const { name, namespace } = inputs.metadata as { name: string; namespace?: string };
    return `${String(inputs.apiVersion).split("/")[0]} ${String(inputs.kind)} ${namespace ?? ""}/${name}`;
  });
  assert.deepEqual(twice(identified), []);
}

describe("names", () => {
  test("are valid at the longest settings", async () => {
    const [tenant, namespace, secret, part, image] = ["t".repeat(20), "n".repeat(63), "s".repeat(63), "p".repeat(40), "i".repeat(50)];
    const all = {
      namespaces: { [namespace]: {} },
      identity: { serviceAccounts: ["a".repeat(63)] },
      images: [{ name: image, follow: { tag: "t".repeat(128) } }, { name: "a.b-c.d", follow: { semver: "1.x" } }],
      sources: { [part]: { helm: "https://charts.example", secret, username: "reader" }, signed: { oci: "oci://ghcr.io/acme/x", tag: "v1", verify: { provider: "cosign", secret } } },
      releases: { [part]: { source: part, chart: "c".repeat(63), valuesFrom: [{ secret }], name: "r".repeat(53) } },
      kustomizations: { [part]: { path: "./x" } },
      notify: [{ slack: `#${"_".repeat(80)}`, secret }, { msteams: "A".repeat(80), secret }, { azureDevOps: `https://dev.azure.com/acme/${"p".repeat(64)}/_git/${"r".repeat(100)}`, secret }, { github: "acme/.-", secret }],
      webhooks: { registry: "acr", rotation: 1000 },
      repository: { keyRotation: 1000, scaffold: "helm" },
    };
    const program = await stackOf({ [tenant]: all }, { tenancy, webhooks, platform: "p".repeat(10) }, { secrets: [secret], environment: "stage-4711" });
    assertValid(program);
    assertUnique(program);
    for (const { inputs } of program.all("Webhook").filter(({ type }) => type.startsWith("azure-native:"))) assert.match(String(inputs.webhookName), /^[a-zA-Z0-9]{5,50}$/);
  });

  test("that no object could have are refused", () => {
    const of = (tenant: object) => mistakes({ tenancy, webhooks, tenants: { orders: tenant } }, { secrets: { hook: true } }).map((line) => line.split(": ")[0]);
    const follow = { branch: "main" };
    for (const name of ["my_api", "Api", "a..b", "-a", "a-", "i".repeat(51)]) assert.deepEqual(of({ images: [{ name, follow }] }), ["mooring:tenants.orders.images[0].name"], name);
    for (const name of ["my_source", "Source", "s.t", "p".repeat(41)]) assert.equal(of({ sources: { [name]: { helm: "https://charts.example" } } })[0], `mooring:tenants.orders.sources.${name}`);
    assert.deepEqual(of({ images: [{ name: "api", follow }] }), []);
  });

  test("of two teams never meet, however their parts are called", async () => {
    const parts = ["source", "verify", "values", "notify", "image", "images", "release", "receiver", "kustomization", "webhook", "webhooks", "file", "team", "rules", "environment", "sync"];
    const inside = ["deploy-key", "webhook-token", "repository-access", "source-x", "x"];
    const sources = (secret: string) => ({
      git: { git: `https://git.example/${secret}`, branch: "main", secret },
      oci: { oci: "oci://ghcr.io/acme/x", tag: "v1", secret, username: "robot", verify: { provider: "cosign", secret } },
    });
    const tenants = Object.fromEntries(
      ["web", ...parts.map((part) => `web-${part}`)].map((name) => [
        name,
        {
          images: inside.map((image) => ({ name: image, follow: { branch: "main" } })),
          sources: Object.fromEntries(inside.map((source) => [source, sources(`${name}--${source}`)[source === "deploy-key" ? "git" : "oci"]])),
          kustomizations: Object.fromEntries(inside.map((further) => [further, { path: "./x" }])),
          releases: Object.fromEntries(inside.map((release) => [release, { source: "x", valuesFrom: [{ secret: `${name}--${release}` }] }])),
          notify: inside.map((channel) => ({ slack: `#${channel}`, secret: `${name}--${channel}` })),
          repository: { teams: { deploy: "push", "deploy-key": "push" }, scaffold: "kustomize", keyRotation: name === "web" ? 2 : 1 },
          webhooks: { rotation: name === "web" ? 2 : 1 },
        },
      ]),
    );
    const secrets = Object.keys(tenants).flatMap((name) => inside.map((part) => `${name}--${part}`));
    const program = await stackOf(tenants, { tenancy, webhooks }, { secrets });
    assertUnique(program);
    assertValid(program);
    assert.ok(program.objects().length > 1000);
  });
});

describe("a channel's name", () => {
  const kinds = ["slack", "msteams", "discord", "webhook", "github", "azureDevOps"] as const;
  const entries = fc.record({ kind: fc.constantFrom(...kinds), to: fc.string({ minLength: 1, maxLength: 250, unit: "grapheme" }), secret: fc.stringMatching(/^[a-z0-9-]{1,63}$/) }).map((entry) => ({ ...entry, severity: "info", include: [], exclude: [], bot: false }) as NotificationSettings);

  test("is one that Kubernetes takes, with room for what stands before it", () => {
    fc.assert(fc.property(entries, (entry) => {
      const name = notificationName(entry);
      assert.match(name, label);
      assert.match(`notify-${name}`, label);
    }));
  });

  test("is the same for the same channel, and another for another kind, place or secret", () => {
    const base: NotificationSettings = { kind: "slack", to: "#orders", secret: "hook", severity: "info", include: [], exclude: [], bot: false };
    const names = [base, { ...base, to: "#order-s" }, { ...base, to: "#order_s" }, { ...base, secret: "other" }, { ...base, kind: "discord" as const }].map((entry) => notificationName(entry as NotificationSettings));
    assert.equal(new Set(names).size, names.length);
    assert.equal(notificationName({ ...base, severity: "error", include: ["x"] }), names[0]);
  });
});
