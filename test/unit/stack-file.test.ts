import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { formatMistake } from "../../components/settings/mistake.ts";
import { environmentOf, readStackFile, stackNames } from "../../cli/stack-file.ts";
import { engineFiles, engineValues } from "../engine-values.ts";

const root = mkdtempSync(join(tmpdir(), "mooring-stack-file-"));
after(() => rmSync(root, { recursive: true }));
writeProject("name: mooring\nruntime: nodejs\n");

function writeProject(yaml: string): void {
  writeFileSync(join(root, "Pulumi.yaml"), yaml);
}

function read(yaml: string) {
  writeFileSync(join(root, "Pulumi.test.yaml"), yaml);
  return readStackFile({ root, stack: "test" });
}

function linesOf(yaml: string): string[] {
  return read(yaml).mistakes.map(formatMistake);
}

describe("values are what the engine gives the program", () => {
  for (const [written, whole, nested] of engineValues) {
    test(JSON.stringify(written), () => {
      const { configuration } = read(`config:\n  other:a: ${written}\n${nested === undefined ? "" : `  other:b: [${written}]\n`}`);
      assert.equal(configuration?.values["other:a"], whole);
      if (nested !== undefined) assert.equal(configuration?.values["other:b"], `[${nested}]`);
    });
  }
});

describe("files are read, or refused, as by the engine", () => {
  for (const { what, yaml, values, secrets } of engineFiles) {
    test(what, () => {
      const file = read(yaml);
      if (values === undefined) return assert.notDeepEqual(file.mistakes, []);
      assert.deepEqual(file.configuration?.values, values);
      assert.deepEqual(file.secrets.toSorted(), secrets ?? []);
      for (const key of Object.keys(values)) assert.equal(file.configuration?.isSecret(key), secrets?.includes(key) ?? false);
    });
  }
});

describe("what a person reads", () => {
  test("a stack that does not exist", () => {
    read("config:\n");
    assert.deepEqual(readStackFile({ root, stack: "tset" }).mistakes.map(formatMistake), [
      "stack tset: there is no file Pulumi.tset.yaml; did you mean test? There are test",
    ]);
    assert.equal(readStackFile({ root, stack: "tset" }).configuration, undefined);
  });

  test("a file that does not exist, and a folder", () => {
    const missing = join(root, "Pulumi.none.yaml");
    assert.deepEqual(readStackFile({ root, file: missing }).mistakes, [{ path: missing, message: "there is no such file" }]);
    assert.equal(readStackFile({ root, file: root }).mistakes[0]?.message, "is a folder, a stack file is needed");
  });

  test("no YAML: line and column", () => {
    assert.deepEqual(linesOf("config:\n  a: b: c\n"), ["Pulumi.test.yaml: line 2, column 6: is not YAML: Nested mappings are not allowed in compact mappings"]);
  });

  test("a setting whose text the engine changes, with the text as it was written", () => {
    assert.deepEqual(linesOf("config:\n  mooring:owner: 017\n  mooring:platform: 2026-11-20\n  other:owner: 017\n"), [
      'mooring:owner: 017 is read as 15; put it in quotes: "017"',
      'mooring:platform: 2026-11-20 is read as 2026-11-20 00:00:00 +0000 UTC; put it in quotes: "2026-11-20"',
    ]);
    assert.deepEqual(linesOf('config:\n  mooring:owner: "017"\n  mooring:tier: production\n'), []);
  });

  test("a misspelled part of the file, which the engine would pass over", () => {
    assert.deepEqual(linesOf("confg:\n  a: 1\nmooring:tier: production\nnonsense: 1\n"), [
      "Pulumi.test.yaml: `confg` is not a part of a stack file; did you mean `config`?",
      "Pulumi.test.yaml: `mooring:tier` is not a part of a stack file; settings belong under `config:`, indented",
      "Pulumi.test.yaml: `nonsense` is not a part of a stack file; there are config, encryptionsalt, encryptedkey, secretsprovider, environment",
    ]);
  });

  test("keys and tags that are refused", () => {
    assert.deepEqual(linesOf("config:\n  a: {1: x}\n"), ["Pulumi.test.yaml: line 2, column 7: the key 1 is not a text; put it in quotes"]);
    assert.deepEqual(linesOf("config:\n  a: !!binary aGk=\n"), ["Pulumi.test.yaml: line 2, column 15: remove the tag; a text in quotes needs none"]);
    assert.deepEqual(linesOf("config:\n  a:b:c: x\n"), ["a:b:c: is not a configuration key; write `<namespace>:<name>`"]);
  });
});

test("what stands in the file is found by its path, through anchors, unless it is in quotes", () => {
  const { configuration } = read('config:\n  mooring:cluster: {kubernetesVersion: 1.30, ids: [1.10, "1.20"]}\n  mooring:x: &v 1.40\n  mooring:y: {z: *v}\n');
  const written = (key: string, ...path: (string | number)[]) => configuration?.written?.(key, path);
  assert.equal(written("mooring:cluster", "kubernetesVersion"), "1.30");
  assert.equal(written("mooring:cluster", "ids", 0), "1.10");
  assert.equal(written("mooring:cluster", "ids", 1), undefined);
  assert.equal(written("mooring:y", "z"), "1.40");
  assert.equal(written("mooring:cluster", "nothing", "here"), undefined);
  assert.equal(written("mooring:nothing"), undefined);
});

describe("configuration in Pulumi.yaml", () => {
  const project = [
    "name: mooring",
    "runtime: nodejs",
    "config:",
    "  tier: nonproduction",
    "  mooring:owner: {type: string, default: us, value: them}",
    "  pulumi:disable-default-providers: {value: [azure-native, github]}",
    "  azure-native:location: westeurope",
    "",
  ].join("\n");

  test("values and defaults reach a stack that does not set them", () => {
    writeProject(project);
    assert.deepEqual(read("config:\n  mooring:tier: production\n").configuration?.values, {
      "mooring:tier": "production",
      "mooring:owner": "us",
      "pulumi:disable-default-providers": '["azure-native","github"]',
      "azure-native:location": "westeurope",
    });
  });

  test("a key that is declared without a value must be set", () => {
    writeProject("name: mooring\nconfig:\n  owner: {type: string}\n  other:owner: {type: string}\n");
    assert.deepEqual(linesOf("config:\n"), ["mooring:owner: is required by Pulumi.yaml"]);
    assert.deepEqual(linesOf("config:\n  owner: us\n"), []);
  });

  test("no Pulumi.yaml, and one that is no YAML", () => {
    writeProject("name: [\n");
    assert.match(linesOf("config:\n")[0] ?? "", /^Pulumi\.yaml: line \d+, column \d+: is not YAML/);
    rmSync(join(root, "Pulumi.yaml"));
    assert.deepEqual(linesOf("config:\n"), ["Pulumi.yaml: there is no such file in the project"]);
  });
});

test("the environment's name is made from the file's", () => {
  assert.equal(environmentOf("/x/Pulumi.qa.yaml"), "qa");
  assert.equal(environmentOf("/x/Pulumi.eu.qa.yml"), "eu.qa");
  assert.equal(environmentOf("draft.yaml"), "draft");
  assert.equal(environmentOf("draft"), "draft");
});

test("stacks are the files of the project", () => {
  const folder = join(root, "stacks");
  mkdirSync(folder);
  for (const name of ["Pulumi.yaml", "Pulumi.b.yaml", "Pulumi.a.yaml", "Pulumi.c.yml", "other.yaml"]) writeFileSync(join(folder, name), "");
  assert.deepEqual(stackNames(folder), ["a", "b"]);
});
