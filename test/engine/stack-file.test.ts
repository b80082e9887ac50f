/**
 * Mooring's own reading of stack files against the real engine's. It catches a record in `engine-values.ts` that the
 * engine does not (or no longer) confirm; the unit tests catch a reading that differs from the record.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readStackFile } from "../../cli/stack-file.ts";
import { silentProgress } from "../../local/progress.ts";
import { providePulumi } from "../../local/toolchain/toolchain.ts";
import { engineFiles, engineValues } from "../engine-values.ts";

const root = mkdtempSync(join(tmpdir(), "mooring-config-"));
const project = "name: mooring\nruntime: nodejs\n";
let program: string;

interface Answer {
  /** Keys to what the program would receive; a secret has none. */
  values: Record<string, string | undefined>;
  secrets: string[];
}

function pulumi(...args: string[]) {
  return spawnSync(program, [...args, "--non-interactive", "--stack", "test"], {
    cwd: root,
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      HOME: root,
      PULUMI_HOME: join(root, "home"),
      PULUMI_BACKEND_URL: `file://${root}`,
      PULUMI_CONFIG_PASSPHRASE: "for this test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // A time with the offset of the machine's zone would be printed with that zone's name.
      TZ: "UTC",
    },
  });
}

/** What the engine makes of a stack file, or nothing when it refuses it. */
function ask(yaml: string): Answer | undefined {
  const file = join(root, "Pulumi.asked.yaml");
  writeFileSync(file, yaml);
  const { status, stdout } = pulumi("config", "--json", "--config-file", file);
  if (status !== 0) return undefined;
  const answer = JSON.parse(stdout) as Record<string, { value?: string; secret: boolean }>;
  const keys = Object.keys(answer).sort();
  return { values: Object.fromEntries(keys.map((key) => [key, answer[key]?.value])), secrets: keys.filter((key) => answer[key]?.secret) };
}

/** The same from a reading of ours, in which a secret's value is a placeholder. */
function asAnswer(values: Record<string, string>, secrets: readonly string[]): Answer {
  const keys = Object.keys(values).sort();
  return { values: Object.fromEntries(keys.map((key) => [key, secrets.includes(key) ? undefined : values[key]])), secrets: [...secrets].sort() };
}

before(async () => {
  program = join((await providePulumi({ progress: silentProgress })).bin, "pulumi");
  writeFileSync(join(root, "Pulumi.yaml"), project);
  const made = pulumi("stack", "init");
  assert.equal(made.status, 0, made.stderr);
});
after(() => rmSync(root, { recursive: true, force: true }));

test("every recorded value is the engine's", () => {
  const yaml = engineValues.flatMap(([written, , nested], index) => [`  a${index}: ${written}`, ...(nested === undefined ? [] : [`  b${index}: [${written}]`])]);
  const answer = ask(`config:\n${yaml.join("\n")}\n`);
  assert.ok(answer, "the engine refuses the file");
  for (const [index, [written, whole, nested]] of engineValues.entries()) {
    const secret = answer.secrets.includes(`mooring:a${index}`);
    assert.equal(secret ? "[secret]" : answer.values[`mooring:a${index}`], whole, written);
    if (nested !== undefined && !secret) assert.equal(answer.values[`mooring:b${index}`], `[${nested}]`, `[${written}]`);
  }
});

describe("every recorded file is the engine's", () => {
  for (const { what, yaml, values, secrets } of engineFiles) {
    test(what, () => assert.deepEqual(ask(yaml), values && asAnswer(values, secrets ?? [])));
  }
});

test("values and defaults of Pulumi.yaml are applied as the engine does", () => {
  const config = "config:\n  tier: nonproduction\n  mooring:a: {type: string, default: us}\n  pulumi:b: {value: [x, y]}\n  other:c: 017\n  other:d: {value: 1.30}\n  mooring:e: {default: true}\n";
  const yaml = "config:\n  mooring:tier: production\n";
  writeFileSync(join(root, "Pulumi.yaml"), project + config);
  try {
    const answer = ask(yaml);
    const { configuration, secrets, mistakes } = readStackFile({ root, file: join(root, "Pulumi.asked.yaml") });
    assert.deepEqual(mistakes, []);
    assert.deepEqual(answer, asAnswer(configuration?.values ?? {}, secrets));
    assert.equal(answer?.values["mooring:tier"], "production");
  } finally {
    writeFileSync(join(root, "Pulumi.yaml"), project);
  }
});
