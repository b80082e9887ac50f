import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { check } from "../../cli/check.ts";

const root = mkdtempSync(join(tmpdir(), "mooring-check-"));
after(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, "Pulumi.yaml"), "name: mooring\nruntime: nodejs\n");

const right = `config:
  mooring:platform: acme
  mooring:tier: nonproduction
  mooring:owner: platform@acme.example
  mooring:azure: {tenant: 5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e, subscription: 8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d, location: westeurope}
  mooring:cluster: {administrators: [3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01]}
  mooring:github: {owner: acme}
`;

function checked(yaml: string) {
  writeFileSync(join(root, "Pulumi.test.yaml"), yaml);
  return check({ root, stack: "test" });
}

test("a right stack is one line", () => {
  assert.deepEqual(checked(right), { right: true, lines: ["Pulumi.test.yaml is right: nonproduction, Kubernetes 1.35, 0 tenants"] });
});

test("mistakes of the file, of a setting and of a team are told together, and counted", () => {
  const yaml = right.replace("acme\n", "017\n").replace("administrators", "kubernetesVersion: 1.30, administrators") + "  mooring:tenants: {shop: {quota: {cpu: 8x}}}\n";
  assert.deepEqual(checked(yaml), {
    right: false,
    lines: [
      'mooring:platform: 017 is read as 15; put it in quotes: "017"',
      'mooring:platform: "15" is not a platform name; write 2 to 12 lower-case letters and digits, for example acme',
      'mooring:cluster.kubernetesVersion: 1.30 is read as a number, a text is needed; put it in quotes: "1.30"',
      'mooring:tenants.shop.quota.cpu: "8x" is not a quantity; write 500m or 8',
      "Pulumi.test.yaml: 4 mistakes",
    ],
  });
});

test("a secret that is not set is a warning, and one that is set in plain text a mistake", () => {
  const tenant = '  mooring:tenants: {shop: {notify: [{slack: "#shop", secret: shop-slack}]}}\n';
  const missing = checked(right + tenant);
  assert.equal(missing.right, true);
  assert.match(missing.lines[0] ?? "", /^warning: mooring:tenants\.shop\.notify\[0\]\.secret: the secret shop-slack is not set/);
  assert.equal(missing.lines[1], "Pulumi.test.yaml is right, with 1 warning: nonproduction, Kubernetes 1.35, 1 tenant");
  assert.deepEqual(checked(`${right}${tenant}  secret:shop-slack: {secure: AAAB}\n`).lines.length, 1);
  const plain = checked(`${right}${tenant}  secret:shop-slack: https://hooks.example\n`);
  assert.equal(plain.right, false);
  assert.match(plain.lines[0] ?? "", /^secret:shop-slack: is stored in plain text/);
  assert.ok(!plain.lines.join().includes("hooks.example"), "the value must not be shown");
});

test("an unquoted version in a team's own file is shown as it stands there", () => {
  mkdirSync(join(root, "teams"), { recursive: true });
  writeFileSync(join(root, "teams/shop.yaml"), "deploy: { tag: 1.10 }\n");
  assert.equal(
    checked(`${right}  mooring:tenantsFolder: teams\n`).lines[0],
    'teams/shop.yaml: deploy.tag: 1.10 is read as a number, a text is needed; put it in quotes: "1.10"',
  );
});

test("a section with nothing in it", () => {
  assert.equal(checked(`${right}  mooring:tenants:\n`).lines[0], "mooring:tenants: a map is needed, not nothing");
});

test("settings from Pulumi ESC cannot be seen, which is said", () => {
  assert.match(checked(`environment: [base]\n${right}`).lines[0] ?? "", /^warning: Pulumi\.test\.yaml: .*Pulumi ESC/);
});

describe("the command", () => {
  const run = (...argv: string[]) => spawnSync(process.execPath, [join(projectRoot, "cli/check.ts"), ...argv], { encoding: "utf8", cwd: root });

  test("exits with 0 for the project's own stacks", () => {
    for (const stack of ["staging", "prod", "local"]) assert.equal(run(stack).status, 0, stack);
  });

  test("exits with 1 after a mistake, which is on the output, not a stack trace", () => {
    const { status, stdout, stderr } = run("nowhere");
    assert.deepEqual([status, stderr], [1, ""]);
    assert.match(stdout, /^stack nowhere: there is no file Pulumi\.nowhere\.yaml/);
  });

  test("takes a file anywhere, whose tenants folder is the project's", () => {
    const file = join(root, "Pulumi.elsewhere.yaml");
    writeFileSync(file, `${right}  mooring:tenantsFolder: tenants/local\n`.replace("administrators", "pools: {batch: {}}, administrators"));
    const { status, stdout } = run("--config", file);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /Pulumi\.elsewhere\.yaml is right, with 1 warning: nonproduction, Kubernetes 1\.35, 3 tenants\n$/);
  });

  test("loads nothing of the SDKs: it must stay fast", () => {
    const { stdout } = spawnSync(
      process.execPath,
      ["--input-type=module", "-e", `import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } }); await import(${JSON.stringify(join(projectRoot, "cli/check.ts"))});`],
      { encoding: "utf8" },
    );
    assert.match(stdout, /node_modules\/zod/);
    assert.doesNotMatch(stdout, /node_modules\/@pulumi/);
  });
});
