/** Runs a check on those sets of tenants that the settings accept. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Settings, TenantSettings } from "../../components/settings/settings.ts";
import { read } from "../settings.ts";
import { tenantSets } from "./tenants-inputs.ts";
import type { WrittenSet } from "./tenants-inputs.ts";

/** All runs of a file: how many sets were tried, and how many of them accepted. */
export const tally = { written: 0, accepted: 0 };

type Check = (settings: Settings, written: WrittenSet) => void | Promise<void>;

/**
 * Runs `check` for every accepted one of `numRuns` sets; fails when too few are accepted to mean anything.
 * @param endOnFailure shows the first set that fails, instead of looking for a smaller one
 */
export async function forAccepted(numRuns: number, check: Check, { endOnFailure = false } = {}): Promise<void> {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(tenantSets, async (written) => {
      const { settings } = read({ ...written });
      if (settings === undefined) return;
      accepted++;
      await check(settings, written);
    }),
    { numRuns, endOnFailure },
  );
  tally.written += numRuns;
  tally.accepted += accepted;
  assert.ok(accepted > numRuns / 10, `only ${accepted} of ${numRuns} sets were accepted`);
}

/** A tenant's namespaces, the control namespace first. */
export const namespacesOf = ({ controlNamespace, namespaces }: TenantSettings): string[] => [controlNamespace, ...namespaces.map(({ name }) => name)];
