/** Properties of the parsers and of derived names, over generated input. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { azureNameRules, azureNames, grafanaNameRule, nameFault, suffixLength } from "../../components/settings/names.ts";
import { tenantName } from "../../components/settings/schema/tenant.ts";
import { addressAt, amount, cpu, isCidr, memory, overlap, seconds, within } from "../../components/settings/values.ts";
import { mistakes, settings } from "../settings.ts";

const address = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 255 }))).map((parts) => parts.join("."));
const bits = fc.integer({ min: 8, max: 30 });
/** A range that starts at its first address. */
const range = fc.tuple(address, bits).map(([a, b]) => `${addressAt(`${a}/${b}`, 0)}/${b}`);

test("overlap is symmetric, and a range overlaps what lies within it", () => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      assert.equal(overlap(a, b), overlap(b, a));
      if (within(a, b)) assert.ok(overlap(a, b));
    }),
  );
});

test("the halves of a range lie within it and do not overlap each other", () => {
  fc.assert(
    fc.property(range, (whole) => {
      const [, b] = whole.split("/");
      const size = 2 ** (32 - Number(b));
      const halves = [0, size / 2].map((offset) => `${addressAt(whole, offset)}/${Number(b) + 1}`);
      for (const half of halves) assert.ok(isCidr(half) && within(half, whole), half);
      assert.ok(!overlap(halves[0]!, halves[1]!));
    }),
  );
});

test("an address counts up from the start of its range", () => {
  assert.equal(addressAt("10.0.0.0/16", 10), "10.0.0.10");
  assert.equal(addressAt("10.0.1.77/16", 256), "10.0.1.0");
  assert.equal(addressAt("240.0.0.0/8", 1), "240.0.0.1");
});

test("every quantity that is accepted has a number, and units keep their order", () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 1, max: 1e6 }), fc.string({ maxLength: 8 }), fc.stringMatching(/^[0-9]{1,4}(m|Ki|Mi|Gi|Ti|k|M|G|T)?$/)), (written) => {
      for (const schema of [cpu(), memory()]) {
        const parsed = schema.safeParse(written);
        if (parsed.success) assert.ok(Number.isFinite(amount(parsed.data)), parsed.data);
      }
    }),
  );
  assert.ok(amount("1Gi") > amount("1G") && amount("1000m") === amount("1") && amount("1Ti") === 1024 * amount("1Gi"));
});

test("durations add up", () => {
  assert.equal(seconds("1h30m10s"), 5410);
  assert.equal(seconds("0.5h"), 1800);
});

test("every team name that is accepted makes only legal names", () => {
  fc.assert(
    fc.property(fc.oneof(fc.stringMatching(/^[a-z][-a-z0-9]{0,24}$/), fc.string({ maxLength: 24 })), (name) => {
      if (mistakes({ tenants: { [name]: {} } }).length > 0) return;
      const [tenant] = settings({ tenants: { [name]: {} } }).tenants;
      for (const namespace of [...tenant!.namespaces.map((one) => one.name), tenant!.controlNamespace]) assert.match(namespace, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      assert.match(tenant!.repository!.name, /^[A-Za-z0-9._-]{1,100}$/);
    }),
    { numRuns: 300 },
  );
});

test("every platform and stack name is either refused or makes only legal Azure names", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9]{1,11}$/), fc.stringMatching(/^[A-Za-z0-9_.-]{1,80}$/), (platform, environment) => {
      const refused = mistakes({ platform }, { environment }).length > 0;
      const faults = azureNameRules(azureNames(platform, environment)).map(nameFault).filter((fault) => fault !== undefined);
      assert.equal(refused, faults.length > 0);
    }),
  );
});

test("every team name makes a vault name that Azure takes, with six random characters, and tells its team", () => {
  const { vaultPrefix } = azureNames("acme", "staging");
  const accepted = fc.stringMatching(/^[a-z][-a-z0-9]{0,18}[a-z0-9]$/).filter((name) => tenantName.safeParse(name).success);
  const suffix = fc.stringMatching(/^[a-z0-9]{6}$/);
  assert.equal(suffixLength, 6);
  fc.assert(
    fc.property(accepted, suffix, (tenant, random) => {
      const name = vaultPrefix(tenant) + random;
      // learn.microsoft.com, naming rules: 3 to 24, letters, digits and hyphens, starts with a letter, ends with a letter or digit, no two hyphens in a row.
      assert.match(name, /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/);
      if (tenant.length <= 14 && !tenant.includes("--")) assert.equal(vaultPrefix(tenant), `kv-${tenant}-`);
    }),
  );
  assert.deepEqual(["a--b", "sixteen-letters1", "fourteen-char-x"].map(vaultPrefix), ["kv-a-b-", "kv-sixteen-letter-", "kv-fourteen-char-"]);
});

test("every name of one tenant's identity is legal wherever the environment's names are", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9]{1,11}$/), fc.stringMatching(/^[A-Za-z0-9-]{1,60}$/), fc.stringMatching(/^[a-z][-a-z0-9]{0,18}[a-z0-9]$/), (platform, environment, tenant) => {
      const names = azureNames(platform, environment);
      if (azureNameRules(names).some((rule) => nameFault(rule) !== undefined)) return;
      for (const purpose of ["workload", "flux", "build"] as const) assert.match(names.identity(purpose, tenant), /^[a-zA-Z0-9][-\w]{2,127}$/);
      // Names that no rule checks, since they are never the longest: public address and gateway, budget, metrics.
      const unchecked: [string, number][] = [[names.natAddress, 80], [names.natGateway, 80], [names.budget, 63], [names.metricsWorkspace, 63]];
      for (const [name, longest] of unchecked) assert.match(name, new RegExp(`^[a-zA-Z0-9][\\w-]{0,${longest - 2}}\\w$`));
      assert.ok(names.registryEndpoint.length <= 64);
      assert.equal(nameFault(grafanaNameRule(names)) === undefined, names.grafana.length <= 23 && !/-$/.test(names.grafana));
    }),
  );
});
