/** The path of a Receiver. That Flux computes the same is proved in test/engine/webhook-path.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { webhookPath } from "../../components/flux/webhook-path.ts";

test("is the hash of token, name and namespace, in this order and with nothing between", () => {
  assert.equal(webhookPath("tok", "github-receiver", "flux-system"), "/hook/a2918a3ed108ee476815e2418dd414713191574180464862af7a3eb174360005");
});

test("trims nothing: a token with a newline has another path", () => {
  assert.notEqual(webhookPath("tok\n", "github-receiver", "flux-system"), webhookPath("tok", "github-receiver", "flux-system"));
});
