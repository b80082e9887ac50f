/** Whom alerts of Prometheus reach, of the channels that the platform's own failures are told in. */
import { notificationName, notificationSecret } from "../flux/notifications.ts";
import { add } from "../flux/specs/kustomization.ts";
import type { Patch } from "../flux/specs/kustomization.ts";
import type { NotificationSettings } from "../settings/settings.ts";

/** The module that has the rules, and the object that says whom: scaffold/fleet/addons/platform-alerts. */
const module = "platform-alerts";
const target = { kind: "AlertmanagerConfig", name: "platform" };

/** Where no route leads. */
const nobody = "nobody";

/**
 * What Alertmanager can tell by the same address as Flux. Not a bot's token, which Flux alone sends; not a webhook, whose receiver
 * expects Flux's events; nor statuses of commits.
 */
function receiver(entry: NotificationSettings, name: string): Record<string, unknown> | undefined {
  const address = { name: notificationSecret(name), key: "address" };
  const sendResolved = true;
  switch (entry.kind) {
    case "slack":
      return entry.bot ? undefined : { slackConfigs: [{ apiURL: address, channel: entry.to, sendResolved }] };
    case "discord":
      return { discordConfigs: [{ apiURL: address, sendResolved }] };
    case "msteams":
      return { msteamsv2Configs: [{ webhookURL: address, sendResolved }] };
    case "webhook":
    case "github":
    case "azureDevOps":
      return undefined;
  }
}

/** For a module of the fleet; nothing for others, and where nobody is to be told. Source: prometheus-operator.dev, AlertmanagerConfig v1alpha1. */
export function alertReceivers(of: string, notify: readonly NotificationSettings[]): Patch[] {
  const told = notify.flatMap((entry) => {
    const name = notificationName(entry);
    const settings = receiver(entry, name);
    return settings === undefined ? [] : [{ name, severity: entry.severity === "error" ? "critical" : "warning|critical", settings }];
  });
  if (of !== module || told.length === 0) return [];
  const spec = {
    route: {
      receiver: nobody,
      groupBy: ["alertname"],
      // Each hears of it, not the first alone.
      routes: told.map(({ name, severity }) => ({ receiver: name, matchers: [{ name: "severity", matchType: "=~", value: severity }], continue: true })),
    },
    receivers: [{ name: nobody }, ...told.map(({ name, settings }) => ({ name, ...settings }))],
  };
  return [{ target, patch: add("/spec", spec) }];
}
