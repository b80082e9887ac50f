/** Where failures and deployments are told: a team's, and the platform's own. */
import * as z from "zod";
import { secretName } from "../values.ts";

const label = (what: string, example: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a name for ${what} (letters, digits, spaces, . _ -)` })
    .meta({ examples: [example] });

const expression = z.string().min(1).max(500).refine(isExpression, { error: ({ input }) => `${JSON.stringify(input)} is not a regular expression as Go has them, without look-around and references` });

/** Go's syntax (RE2) has no look-around and no references, which JavaScript would take. */
function isExpression(text: string): boolean {
  if (/\(\?(<?[=!])|\\[1-9]|\(\?<[A-Za-z]/.test(text)) return false;
  try {
    return new RegExp(text.replaceAll("(?P<", "(?<").replace(/^\(\?[imsU]+\)/, "")) instanceof RegExp;
  } catch {
    return false;
  }
}

export const notificationKinds = ["slack", "msteams", "discord", "webhook", "github", "azureDevOps"] as const;

const notification = z
  .strictObject({
    slack: z
      .string()
      .regex(/^#[a-z0-9_-]{1,80}$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a Slack channel; write for example "#orders"` })
      .optional()
      .meta({ description: "A Slack channel. The secret is the address of an incoming webhook, or with `bot` the bot's token.", examples: ["#orders"] }),
    bot: z.boolean().optional().meta({ description: "Of Slack: the secret is the token (xoxb-…) of a bot that is in the channel. Default: false." }),
    msteams: label("a channel of Microsoft Teams", "orders").optional().meta({ description: "A channel of Microsoft Teams, under a name for people. The secret is the address of its workflow." }),
    discord: label("a channel of Discord", "orders").optional().meta({ description: "A channel of Discord, under a name for people. The secret is the address of its webhook." }),
    webhook: label("a webhook", "pager").optional().meta({ description: "Anything that takes Flux's events as JSON, under a name for people. The secret is its address." }),
    signature: secretName().optional().meta({ description: "Of a webhook: name of the secret with whose value events are signed (X-Signature, HMAC-SHA256)." }),
    github: z
      .string()
      .regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a repository; write owner/name` })
      .optional()
      .meta({ description: "Commit statuses in a repository of GitHub, owner/name. The secret is a token with the right `statuses: write`; deploy keys have no such right.", examples: ["acme/orders"] }),
    azureDevOps: z
      .string()
      .regex(/^https:\/\/dev\.azure\.com\/[^/\s]+\/[^/\s]+\/_git\/[^/\s]+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a repository of Azure DevOps; write https://dev.azure.com/<organisation>/<project>/_git/<repository>` })
      .optional()
      .meta({ description: "Commit statuses in a repository of Azure DevOps. The secret is a token with the right Code (status).", examples: ["https://dev.azure.com/acme/shop/_git/orders"] }),
    secret: secretName().meta({ description: "Name of the secret: `pulumi config set --secret secret:<name> <value>`." }),
    severity: z.enum(["info", "error"]).optional().meta({ description: "error: failures only. info: also what was applied. Default: error in production, else info; commit statuses are always told." }),
    include: z.array(expression).min(1).max(20).optional().meta({ description: "Only events whose message one of these regular expressions matches.", examples: [["failed"]] }),
    exclude: z.array(expression).min(1).max(20).optional().meta({ description: "No events whose message one of these matches.", examples: [["waiting for .* to be ready"]] }),
  })
  .refine((value) => notificationKinds.filter((kind) => value[kind] !== undefined).length === 1, { error: `write one of ${notificationKinds.join(", ")}` })
  .refine(({ bot, slack }) => bot === undefined || slack !== undefined, { error: "bot is for slack" })
  .refine(({ signature, webhook }) => signature === undefined || webhook !== undefined, { error: "signature is for webhook" })
  .refine(({ severity, github, azureDevOps }) => severity === undefined || (github === undefined && azureDevOps === undefined), { error: "a commit's status is told whether it fails or not; remove severity" });

export const notify = z.array(notification).max(20);

export type NotificationInput = z.infer<typeof notification>;
