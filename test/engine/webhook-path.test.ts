/** Where Flux listens for calls, and which it believes: notification-controller's own path and its own webhook server. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { webhookPath } from "../../components/flux/webhook-path.ts";
import { FluxLogic } from "../flux-logic.ts";

const token = "0123456789abcdef";
const namespace = "orders-flux";

let flux: FluxLogic;
before(async () => { flux = await FluxLogic.open(); });
after(() => flux.close());

test("computes the path that Flux computes", async () => {
  const name = fc.string({ unit: fc.constantFrom(..."abc-09"), minLength: 1, maxLength: 63 });
  await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme" }), name, name, async (secret, receiver, within) => {
    assert.equal(webhookPath(secret, receiver, within), await flux.webhookPath(secret, receiver, within));
  }), { numRuns: 300, examples: [["a token\n", "a", "b"], ["", "a", "b"], ["x", "ab", "c"], ["x", "a", "bc"]] });
});

const source = (kind: string, name: string, within = namespace): object => ({
  apiVersion: kind.startsWith("Image") ? "image.toolkit.fluxcd.io/v1" : "source.toolkit.fluxcd.io/v1", kind, metadata: { name, namespace: within },
});

const resources = [{ kind: "GitRepository", name: "orders" }, { kind: "ImageRepository", name: "orders-api" }, { kind: "OCIRepository", name: "chart" }];

/** A receiver for a source and an image, beside things that it has no business with. */
const objects = (type: string, spec: object = {}): object[] => [
  {
    apiVersion: "notification.toolkit.fluxcd.io/v1", kind: "Receiver", metadata: { name: "orders", namespace },
    spec: { type, secretRef: { name: "receiver" }, resources, ...spec },
  },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "receiver", namespace }, stringData: { token } },
  source("GitRepository", "orders"), source("ImageRepository", "orders-api"), source("OCIRepository", "chart"),
  source("GitRepository", "other"), source("GitRepository", "orders", "billing-flux"),
];
const all = [`GitRepository/${namespace}/orders`, `ImageRepository/${namespace}/orders-api`, `OCIRepository/${namespace}/chart`];

const path = webhookPath(token, "orders", namespace);
const body = JSON.stringify({ ref: "refs/heads/main" });
const signed = (text: string, secret = token): string => `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;

const events = { events: ["ping", "push"] };
const fromGitHub = (event: string, headers: Record<string, string> = {}) => ({ headers: { "X-Hub-Signature-256": signed(body), "X-GitHub-Event": event, ...headers } });

const calls: [string, string, object, { path?: string; headers?: Record<string, string>; body?: string }, number][] = [
  ["a pipeline's call with its signature", "generic-hmac", {}, { headers: { "X-Signature": signed(body) } }, 200],
  ["a signature over another body", "generic-hmac", {}, { headers: { "X-Signature": signed("{}") } }, 400],
  ["a signature with another token", "generic-hmac", {}, { headers: { "X-Signature": signed(body, "guess") } }, 400],
  ["a signature without its algorithm", "generic-hmac", {}, { headers: { "X-Signature": signed(body).slice(7) } }, 400],
  ["no signature", "generic-hmac", {}, {}, 400],
  ["the path with a query", "generic-hmac", {}, { path: `${path}?`, headers: { "X-Signature": signed(body) } }, 404],
  ["the path with a slash", "generic-hmac", {}, { path: `${path}/`, headers: { "X-Signature": signed(body) } }, 404],
  ["another receiver's path", "generic-hmac", {}, { path: webhookPath(token, "billing", "billing-flux"), headers: { "X-Signature": signed(body) } }, 404],
  ["GitHub's push", "github", events, fromGitHub("push"), 200],
  ["an event of GitHub's that is not listed", "github", events, fromGitHub("issues"), 400],
  ["GitHub's push with another secret", "github", events, fromGitHub("push", { "X-Hub-Signature-256": signed(body, "guess") }), 400],
  ["GitHub's push as a form", "github", events, fromGitHub("push", { "Content-Type": "text/plain" }), 400],
  ["anything at the path of a suspended receiver", "generic-hmac", { suspend: true }, { headers: { "X-Signature": signed(body) } }, 503],
];

for (const [what, type, spec, call, status] of calls) {
  test(`${status === 200 ? "follows" : "refuses"} ${what} (${type}: ${status})`, async () => {
    const { headers, ...rest } = call;
    const answer = await flux.receive({ objects: objects(type, spec), path, body, ...rest, headers: { "Content-Type": "application/json", ...headers } });
    assert.deepEqual(answer, { status, requested: status === 200 ? all : [] });
  });
}

test("asks for nothing in another namespace, whatever the receiver says", async () => {
  const foreign = objects("generic-hmac", { resources: [{ kind: "GitRepository", name: "orders", namespace: "billing-flux" }] });
  const answer = await flux.receive({ objects: foreign, path, body, headers: { "X-Signature": signed(body) } });
  assert.deepEqual(answer, { status: 500, requested: [] });
});
