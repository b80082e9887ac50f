/** Whom alerts of Prometheus reach: routes and receivers of Alertmanager, from the platform's channels. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { alertReceivers } from "../../components/fleet/alert-receivers.ts";
import { notificationName } from "../../components/flux/notifications.ts";
import type { NotificationSettings } from "../../components/settings/settings.ts";

const common = { include: [], exclude: [], severity: "info" as const };
const slack: NotificationSettings = { ...common, kind: "slack", to: "#platform", bot: false, secret: "s" };
const teams: NotificationSettings = { ...common, kind: "msteams", to: "platform", secret: "t", severity: "error" };
const discord: NotificationSettings = { ...common, kind: "discord", to: "platform", secret: "d" };

interface Spec {
  route: { receiver: string; routes: { receiver: string; continue: boolean; matchers: { value: string }[] }[] };
  receivers: { name: string; [kind: string]: unknown }[];
}

function spec(...notify: NotificationSettings[]): Spec {
  const [{ target, patch } = { target: {}, patch: "[]" }] = alertReceivers("platform-alerts", notify);
  assert.deepEqual(target, { kind: "AlertmanagerConfig", name: "platform" });
  const [{ op, path, value }] = JSON.parse(patch) as [{ op: string; path: string; value: Spec }];
  assert.deepEqual([op, path], ["add", "/spec"]);
  return value;
}

describe("alerts of Prometheus", () => {
  test("reach each channel by the address in the Secret that Flux has for it", () => {
    const { receivers } = spec(slack, teams, discord);
    const address = (entry: NotificationSettings) => ({ name: `notify-${notificationName(entry)}`, key: "address" });
    assert.deepEqual(receivers, [
      { name: "nobody" },
      { name: notificationName(slack), slackConfigs: [{ apiURL: address(slack), channel: "#platform", sendResolved: true }] },
      { name: notificationName(teams), msteamsv2Configs: [{ webhookURL: address(teams), sendResolved: true }] },
      { name: notificationName(discord), discordConfigs: [{ apiURL: address(discord), sendResolved: true }] },
    ]);
  });

  test("of the severity that the channel asks for reach every channel, not the first alone; others nobody", () => {
    const { route } = spec(slack, teams);
    assert.equal(route.receiver, "nobody");
    assert.deepEqual(route.routes.map((one) => [one.receiver, one.matchers[0]!.value, one.continue]), [[notificationName(slack), "warning|critical", true], [notificationName(teams), "critical", true]]);
  });

  test("do not reach what expects Flux's own words, and need no word where nobody is to be told", () => {
    const deaf: NotificationSettings[] = [
      { ...slack, bot: true },
      { ...common, kind: "webhook", to: "pager", secret: "w" },
      { ...common, kind: "github", to: "acme/fleet", secret: "g" },
      { ...common, kind: "azureDevOps", to: "https://dev.azure.com/a/b/_git/c", secret: "a" },
    ];
    assert.deepEqual([alertReceivers("platform-alerts", deaf), alertReceivers("platform-alerts", []), alertReceivers("cert-manager", [slack])], [[], [], []]);
    assert.deepEqual(spec(slack, ...deaf), spec(slack));
  });
});
