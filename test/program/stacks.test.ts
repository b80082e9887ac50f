/**
 * What each stack of this project declares, against reviewed files. After a wanted change:
 * `node --test --test-update-snapshots test/program/stacks.test.ts`, then read the difference as a reviewer would.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { renderFiles } from "../../cli/render/files.ts";
import { readStackFile } from "../../cli/stack-file.ts";
import { Program } from "../evaluate.ts";

const root = join(import.meta.dirname, "../..");

for (const stack of ["staging", "prod", "local"]) {
  const { configuration, mistakes } = readStackFile({ root, stack });
  if (configuration === undefined) throw new Error(mistakes.map(({ message }) => message).join("\n"));
  const values = { ...configuration.values, "secret:orders-slack": "planted-secret" };
  const program = await Program.of({ ...configuration, values, isSecret: (key) => key.startsWith("secret:") });
  const files = renderFiles(program.registrations);

  describe(`the stack ${stack}`, () => {
    test("declares exactly what was reviewed", (t) => {
      const text = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, content]) => `=== ${path}\n${content}`).join("");
      t.assert.fileSnapshot(text, join(import.meta.dirname, `snapshots/${stack}.txt`), { serializers: [String] });
    });

    test("renders to the same bytes each time, in whatever order things are registered", () => {
      assert.deepEqual([...renderFiles([...program.registrations].reverse())].sort(), [...files].sort());
    });

    test("renders no secret", () => {
      for (const [path, content] of files) assert.ok(!content.includes("planted-secret"), path);
    });
  });
}
