/**
 * `tenancy.admission: Audit`: what breaks a rule is accepted, and its author is warned in the words of the denial. Every attack
 * that a rule denies is tried, so that the trial run shows all that `Deny` would refuse.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Trial } from "./attack.ts";
import { attacks } from "./attacks/all.ts";
import { ground } from "./ground.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { callOf } from "./requests.ts";
import { clientOf } from "./subjects.ts";

const SETTLE_MS = 60_000;
const PAUSE_MS = 200;

const fromRules = /ValidatingAdmissionPolicy/;

let lab: Lab;

before(async () => {
  lab = await openLab(ground("Audit"));
});
after(() => lab?.close());

for (const { number, what, prepare, trials = [], legal } of attacks) {
  const ruled = trials.filter(({ denied }) => denied.source.includes("'mooring-tenant-"));
  if (ruled.length === 0) continue;
  test(`${number} ${what}: warned`, async () => {
    await prepare?.(lab);
    for (const trial of ruled) {
      const wanted = new RegExp(trial.denied.source.replace("^403 ", ""));
      const { status, text, warnings } = await untilWarned(trial);
      assert.match(warnings, wanted);
      // A quota is no rule of ours, and holds.
      assert.ok(status < 300 || text.includes("exceeded quota"), text);
    }
    for (const good of legal) assert.doesNotMatch((await heard(good)).warnings, fromRules);
  });
}

interface Heard {
  status: number;
  text: string;
  /** The header `Warning`, as kubectl and Flux print it. */
  warnings: string;
}

/** The API server learns of a new rule within seconds. */
async function untilWarned(trial: Trial): Promise<Heard> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const answer = await heard(trial);
    if (fromRules.test(answer.warnings) || performance.now() > end) return answer;
    await delay(PAUSE_MS);
  }
}

async function heard({ as, does }: Pick<Trial, "as" | "does">): Promise<Heard> {
  const client = await clientOf(lab, as);
  const { method, path, query = {}, body, contentType = "application/json" } = await callOf(lab, does);
  const { credentials, headers } = await client.identity();
  const response = await client.transport.open({
    method,
    path: `${path}?${new URLSearchParams(query).toString()}`,
    headers: { ...headers, ...(body && { "content-type": contentType }) },
    body: body && JSON.stringify(body),
    credentials,
  });
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  return { status: response.statusCode ?? 0, text, warnings: String(response.headers.warning ?? "") };
}
