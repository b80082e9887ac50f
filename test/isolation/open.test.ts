/**
 * The same attacks on the same tenants without the lockdown. That they succeed shows that each denial comes from it, and that the
 * tests of the denials can fail. Where something else still denies one, the case says what.
 */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { successes } from "./attack.ts";
import { attacks } from "./attacks/all.ts";
import { ground } from "./ground.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { renderedBy } from "./rendered.ts";
import type { Rendered } from "./rendered.ts";
import { objectsWithoutLockdown, renderedWithoutLockdown } from "./without-lockdown.ts";

const SETTLE_MS = 60_000;
const PAUSE_MS = 200;

let lab: Lab;
let rendered: Rendered;

before(async () => {
  lab = await openLab(ground(), { change: objectsWithoutLockdown });
  rendered = renderedWithoutLockdown(renderedBy(lab.program));
  for (const role of ["edit", "view"]) await aggregated(role);
});
after(() => lab?.close());

successes(attacks, () => lab, () => rendered);

/** Until a controller has put Flux's kinds into one of Kubernetes's own roles. */
async function aggregated(role: string): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const found = await lab.admin.get(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${role}`);
    if (JSON.stringify(found?.rules ?? []).includes("kustomize.toolkit.fluxcd.io")) return;
    assert.ok(performance.now() < end, `the role ${role} has no Flux kinds after ${SETTLE_MS / 1000} s`);
    await delay(PAUSE_MS);
  }
}
