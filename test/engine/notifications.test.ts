/** What arrives at Slack, Teams, Discord and webhooks: notification-controller's own messages for Providers of ours. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { alertSpec, providerSpec } from "../../components/flux/notifications.ts";
import type { NotificationSettings } from "../../components/settings/settings.ts";
import { FluxLogic } from "../flux-logic.ts";
import type { Provider } from "../flux-logic.ts";

const entry = (settings: Partial<NotificationSettings>): NotificationSettings =>
  ({ kind: "slack", to: "", secret: "chat", severity: "error", include: [], exclude: [], ...settings }) as NotificationSettings;

/** What the alert adds to every event: `eventMetadata`. */
const { eventMetadata: metadata } = alertSpec(entry({}), "chat", { environment: "staging", tenant: "orders" });
const event = {
  involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", name: "orders", namespace: "orders-flux" },
  severity: "error", timestamp: "2026-01-01T00:00:00Z", message: "health check failed: Deployment/orders/api", reason: "HealthCheckFailed",
  reportingController: "kustomize-controller", metadata,
};

let flux: FluxLogic;
before(async () => { flux = await FluxLogic.open(); });
after(() => flux.close());

/** The one request for an entry of the settings, with the contents of its Secret. */
async function sent(settings: Partial<NotificationSettings>, secret: { address?: string; token?: string }) {
  const { type, address, channel } = providerSpec(entry(settings), "chat", "github.com");
  const requests = await flux.notification({ type: type as Provider["type"], address: secret.address ?? address ?? "", channel, token: secret.token }, event);
  assert.equal(requests.length, 1);
  const [request] = requests;
  return { ...request!, body: JSON.parse(request!.body) as Record<string, unknown>, text: request!.body };
}

test("writes to Slack's channel as a bot", async () => {
  const { method, url, headers, body, text } = await sent({ kind: "slack", to: "#orders", bot: true }, { token: "xoxb-1" });
  assert.deepEqual([method, url, headers.Authorization, body.channel], ["POST", "https://slack.com/api/chat.postMessage", "Bearer xoxb-1", "#orders"]);
  for (const part of [event.message, "orders", "staging"]) assert.ok(text.includes(part), part);
});

test("writes to Slack's webhook", async () => {
  const { url, headers, body } = await sent({ kind: "slack", to: "#orders", bot: false }, { address: "https://hooks.slack.com/services/T0/B0/x" });
  assert.deepEqual([url, headers.Authorization, body.channel], ["https://hooks.slack.com/services/T0/B0/x", undefined, "#orders"]);
});

test("writes a card to a workflow of Teams", async () => {
  const address = "https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x";
  const { url, body, text } = await sent({ kind: "msteams" }, { address });
  assert.equal(url, address);
  assert.equal(body.type, "message");
  assert.ok(text.includes("AdaptiveCard") && text.includes(event.message), text);
});

test("writes to Discord in the form of Slack", async () => {
  const { url, text } = await sent({ kind: "discord" }, { address: "https://discord.com/api/webhooks/1/x" });
  assert.equal(url, "https://discord.com/api/webhooks/1/x/slack");
  assert.ok(text.includes(event.message));
});

test("signs for a webhook of the team's own", async () => {
  const address = "https://hooks.contoso.example/flux?team=orders";
  const { url, headers, body, text } = await sent({ kind: "webhook", signature: "hmac" }, { address, token: "secret" });
  assert.equal(url, address);
  assert.equal(headers["X-Signature"], `sha256=${createHmac("sha256", "secret").update(text).digest("hex")}`);
  assert.deepEqual([body.message, body.metadata], [event.message, metadata]);
});
