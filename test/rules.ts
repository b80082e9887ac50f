/** Tests of the rules that settings keep. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mistakes } from "./settings.ts";

/** What breaks the rule, the only lines that it may then give, and what comes closest to that and is right. */
export interface Rule {
  what: string;
  wrong: Record<string, unknown>;
  lines: string[];
  right: Record<string, unknown>;
}

/** A test for each rule. */
export function testRules(rules: readonly Rule[]): void {
  for (const { what, wrong, lines, right } of rules) {
    test(what, () => {
      assert.deepEqual(mistakes(wrong), lines);
      assert.deepEqual(mistakes(right), []);
    });
  }
}
