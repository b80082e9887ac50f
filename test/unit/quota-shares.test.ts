/** A tenant's quota between its namespaces: the parts are the whole, and follow the shares. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { percentages, quotaShares } from "../../components/settings/quota-shares.ts";
import { sizes } from "../../components/settings/sizes.ts";
import { amount } from "../../components/settings/values.ts";

/** What is written of up to six namespaces, together at most 99 percent where one says nothing, else 100. */
const written = fc.array(fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }), { minLength: 1, maxLength: 6 }).map((shares) => {
  const sum = shares.reduce<number>((all, share) => all + (share ?? 0), 0);
  return sum > 99 || !shares.includes(undefined) ? shares.map(() => undefined) : shares;
});

test("percentages: what is written stays, the rest is shared evenly, and together they are 100", () => {
  fc.assert(
    fc.property(written, (shares) => {
      const all = percentages(shares);
      assert.equal(all.reduce((sum, share) => sum + share, 0), 100);
      shares.forEach((share, index) => share === undefined || assert.equal(all[index], share));
      const rest = all.filter((_, index) => shares[index] === undefined);
      assert.ok(Math.max(...rest) - Math.min(...rest) <= 1, rest.join());
    }),
  );
  assert.deepEqual([percentages([100, undefined]), percentages([60, 60, undefined]), percentages([50])], [[100, 0], [60, 60, 0], [50]]);
});

test("the parts of a quota are the whole, none more than one unit from its share", () => {
  const count = fc.integer({ min: 0, max: 10_000 });
  const quota = fc.record({ cpu: fc.integer({ min: 1, max: 100_000 }).map((milli) => `${milli}m`), memory: fc.integer({ min: 1, max: 4096 }).map((gibi) => `${gibi}Gi`), storage: fc.constant("1Ti"),
    pods: count, volumes: count, services: count, loadBalancers: count, configMaps: count, secrets: count, jobs: count, objects: count, fluxObjects: count });
  fc.assert(
    fc.property(quota, written, (whole, shares) => {
      const percent = percentages(shares);
      const parts = quotaShares(whole, percent);
      for (const what of Object.keys(whole) as (keyof typeof whole)[]) {
        const unit = what === "cpu" ? 1e-3 : what === "memory" || what === "storage" ? 2 ** 20 : 1;
        const [total, ...each] = [whole[what], ...parts.map((part) => part[what])].map((value) => Math.round(amount(String(value)) / unit));
        assert.equal(each.reduce((sum, part) => sum + part, 0), total, what);
        each.forEach((part, index) => assert.ok(Math.abs(part - (total! * percent[index]!) / 100) < 1, `${what}: ${part} of ${total} for ${percent[index]} percent`));
      }
    }),
  );
});

test("a single namespace has what was written, to the letter", () => assert.deepEqual(quotaShares({ ...sizes.small, memory: "1.5Gi" }, [100]), [{ ...sizes.small, memory: "1.5Gi" }]));

test("as many as there are namespaces is one for each, although a hundred does not divide by three", () => {
  assert.deepEqual(quotaShares({ ...sizes.small, pods: 3 }, percentages([undefined, undefined, undefined])).map(({ pods }) => pods), [1, 1, 1]);
});

test("a fraction of a mebibyte is not given out", () => {
  const parts = quotaShares({ ...sizes.small, memory: "3.5Mi", storage: "1M" }, [50, 50]);
  assert.deepEqual(parts.map(({ memory, storage }) => [memory, storage]), [["2Mi", "0Mi"], ["1Mi", "0Mi"]]);
});
