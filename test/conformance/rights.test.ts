/** What doctor and bootstrap say of a stack's rights, against what the program then registers. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makesApplications, setsLocks } from "../../cli/rights-needed.ts";
import { readStackSettings } from "../../cli/stack-settings.ts";
import { everything, root } from "./files.ts";
import { evaluateStacks } from "./stacks.ts";

const files = [join(root, "Pulumi.staging.yaml"), join(root, "Pulumi.prod.yaml"), ...everything];
const stacks = await evaluateStacks();

describe("the rights that a stack needs beside those on its resources", () => {
  for (const [index, { name, program }] of stacks.entries()) {
    test(name, () => {
      const settings = readStackSettings({ root, file: files[index]! }).settings!;
      assert.equal(setsLocks(settings), program.all("ManagementLockByScope").length > 0);
      assert.equal(makesApplications(settings), program.all("Application").length > 0);
    });
  }

  test("are asked of some stacks and not of others", () => {
    for (const kind of ["ManagementLockByScope", "Application"]) assert.equal(new Set(stacks.map(({ program }) => program.all(kind).length > 0)).size, 2);
  });
});
