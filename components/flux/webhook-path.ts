import { createHash } from "node:crypto";

/**
 * The path at which Flux answers for a Receiver: `/hook/` and 64 hexadecimal digits. It follows from the token in the Receiver's
 * Secret, so that a webhook can be registered in the same run that makes the Receiver. It is as secret as the token, since some types
 * of Receivers check nothing else. Nothing stands between the three parts, and nothing is trimmed: a token that ends in a newline has
 * another path. The server takes it letter by letter, without a query or a slash at the end.
 * Source: notification-controller, api/v1/receiver_types.go, `GetWebhookPath`; internal/server/receiver_handlers.go, `handlePayload`.
 */
export function webhookPath(token: string, name: string, namespace: string): string {
  return `/hook/${createHash("sha256").update(token + name + namespace).digest("hex")}`;
}
