/** The files that the program declares in a team's repository, and those that the repository starts with. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { codeowners } from "../../components/github/scaffold/codeowners.ts";
import { firstImages, firstVersion, placeholder } from "../../components/github/scaffold/first-image.ts";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import type { OverlayArgs } from "../../components/github/scaffold/overlay-args.ts";
import { readScaffold } from "../../components/github/scaffold/reader.ts";

const args = (over: Partial<OverlayArgs> = {}): OverlayArgs => ({
  tenant: "orders", environment: "staging", controlNamespace: "orders-flux", namespaces: ["orders", "orders-jobs"], registryHost: "acmestaging.azurecr.io",
  allowed: ["mcr.microsoft.com"], interval: "5m",
  ref: { branch: "main" }, images: [{ name: "orders-api", follow: { branch: "main" }, digest: true }], ...over,
});

const imagesOf = (over: Partial<OverlayArgs>): unknown => (parse(kustomizeOverlay(args(over)).content) as { images: unknown }).images;

describe("the folder of an environment", () => {
  test("that follows a branch starts with an image that runs, marked for Flux", () => {
    assert.deepEqual(kustomizeOverlay(args()), {
      path: "deploy/staging/kustomization.yaml",
      content: `# orders in staging: what differs from the other environments. From here on it is yours; add what you like.
# The values behind a marker are written by Flux and by \`build.sh promote\`: keep the comments.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: orders
resources: [../base]
images:
  - name: app
    newName: mcr.microsoft.com/dotnet/samples # {"$imagepolicy": "orders-flux:orders-api:name"}
    newTag: "aspnetapp-chiseled" # {"$imagepolicy": "orders-flux:orders-api:tag"}
    digest: "" # {"$imagepolicy": "orders-flux:orders-api:digest"}
`,
    });
  });

  test("that follows releases starts with the lowest version of the range", () => {
    const ref = { semver: ">=1.0.0" };
    assert.deepEqual(imagesOf({ ref, images: [{ name: "orders-api", follow: { semver: "1.4.x" } }] }), [{ name: "app", newName: "acmestaging.azurecr.io/orders/orders-api", newTag: "1.4.0", digest: "" }]);
    assert.deepEqual(imagesOf({ ref, images: [{ name: "orders-api" }] }), [{ name: "app", newName: "acmestaging.azurecr.io/orders/orders-api", newTag: "1.0.0", digest: "" }]);
    assert.deepEqual(imagesOf({ ref: { tag: "v3" }, images: [] }), [{ name: "app", newName: "acmestaging.azurecr.io/orders/app", newTag: "0.1.0", digest: "" }]);
  });

  test("has an entry for each image; the first is the sample's", () => {
    assert.deepEqual(firstImages(args({ ref: { semver: "*" }, images: [{ name: "orders-api" }, { name: "orders-worker", follow: { tag: "stable" }, digest: true }] })).map(({ placeholder: base, name, tag, digest }) => [base, name, tag, digest]), [
      ["app", "acmestaging.azurecr.io/orders/orders-api", "0.1.0", ""],
      ["orders-worker", "acmestaging.azurecr.io/orders/orders-worker", "stable", ""],
    ]);
  });

  test("keeps a version a text, whatever it looks like", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}$/), (tag) => {
        assert.deepEqual(imagesOf({ ref: { tag: "v1" }, images: [{ name: "api", follow: { tag } }] }), [{ name: "app", newName: "acmestaging.azurecr.io/orders/api", newTag: tag, digest: "" }]);
      }),
      { examples: [["1.10"], ["1e3"], ["null"], ["0x1"], ["2026-11-21"]] },
    );
  });

  test("has a line for the digest where a promotion pins it, or the settings say so, and nowhere else", () => {
    const digests = (ref: OverlayArgs["ref"], digest: boolean) => firstImages(args({ ref, images: [{ name: "api", digest }] }))[0]!.digest;
    assert.deepEqual([digests({ branch: "main" }, false), digests({ branch: "main" }, true), digests({ semver: "*" }, false), digests({ tag: "v1" }, true)], [undefined, "", "", ""]);
  });

  test("begins with the placeholder only where the tenant may run it, as the rule about images has it", () => {
    const starts = (allowed: string[]) => firstImages(args({ allowed }))[0]!;
    for (const allowed of [["mcr.microsoft.com"], ["/shared", "mcr.microsoft.com/dotnet"], ["mcr.microsoft.com/dotnet/samples"]]) assert.equal(starts(allowed).name, placeholder.name, allowed.join());
    for (const allowed of [[], ["mcr.microsoft.co"], ["mcr.microsoft.com/dotnet/sample"], ["/mcr.microsoft.com"], ["docker.io/library"]]) {
      const { name, tag } = starts(allowed);
      assert.deepEqual([name, tag], ["acmestaging.azurecr.io/orders/orders-api", "0.1.0"], allowed.join());
    }
  });
});

test("the first version of a range", () => {
  const ranges: Record<string, string> = {
    "1.4.x": "1.4.0", "~1.4.2": "1.4.2", "^1.2": "1.2.0", "1.x": "1.0.0", ">=1.0.0 <2.0.0": "1.0.0", ">=1.0.0-0": "1.0.0", "> 1.4.0": "1.4.1", "*": "0.1.0", "<2.0.0": "0.1.0",
    "<= 1.0": "0.1.0", "=2.3.4": "2.3.4", "v1.2": "1.2.0", "1.2.3 - 2.0.0": "1.2.3", "2": "2.0.0", ">=1.10.0": "1.10.0",
  };
  for (const [range, version] of Object.entries(ranges)) assert.equal(firstVersion({ semver: range }), version, range);
  assert.equal(firstVersion(undefined), "0.1.0");
  assert.equal(firstVersion({ branch: "main" }), "0.1.0");
});

describe("CODEOWNERS", () => {
  test("names who maintains the repository", () => {
    assert.deepEqual(codeowners("acme", { teams: { "orders-leads": "maintain", "orders-developers": "push", admins: "admin" } }), {
      path: ".github/CODEOWNERS",
      content: "# Who is asked to review a change, and approves it where the branch requires that. Of several lines that fit a file the last one counts.\n* @acme/admins @acme/orders-leads\n",
    });
  });

  test("has the patterns of the settings, the widest first", () => {
    const content = codeowners("acme", { teams: { "orders-leads": "maintain" }, codeOwners: { "/deploy/prod/": ["@acme/orders-leads"], "*": ["@acme/orders", "ann@acme.example"] } })?.content;
    assert.deepEqual(content?.split("\n").slice(1), ["* @acme/orders ann@acme.example", "/deploy/prod/ @acme/orders-leads", ""]);
  });

  test("is left out where nobody is named", () => {
    assert.equal(codeowners("acme", { teams: { developers: "push" } }), undefined);
    assert.equal(codeowners("acme", { teams: { leads: "maintain" }, codeOwners: {} }), undefined);
  });
});

describe("what a repository starts with", () => {
  for (const flavour of ["kustomize", "helm"] as const) {
    test(`${flavour}: files of both kinds, sorted, and no environment's, team's or registry's name`, () => {
      const files = readScaffold(flavour);
      const paths = files.map(({ path }) => path);
      assert.deepEqual(paths, [...new Set(paths)].sort());
      for (const needed of ["README.md", "build.sh", "ci/flavour.sh", "services.json", "azure-pipelines.yml", ".gitignore", ".github/workflows/ci.yml", "app/Dockerfile", "app/.dockerignore", "deploy/base/kustomization.yaml"]) {
        assert.ok(paths.includes(needed), needed);
      }
      // GitHub's contents API writes no executable files.
      for (const { path, content } of files.filter(({ path }) => /\.(ya?ml|md)$/.test(path))) assert.doesNotMatch(content, /(^|[\s`])\.\/build\.sh/m, path);
      for (const { path, content } of files) {
        assert.doesNotMatch(path, /^deploy\/(staging|prod)\//);
        assert.doesNotMatch(content, /\.azurecr\.io/, path);
        assert.ok(content.endsWith("\n"), `${path} ends with a line break`);
        assert.ok(!content.includes("\r"), path);
      }
    });
  }

  test("a file in both folders, and one that is not text, are refused", () => {
    const folder = mkdtempSync(join(tmpdir(), "mooring-reader-"));
    try {
      for (const part of ["shared/.github", "helm/.github"]) mkdirSync(join(folder, part), { recursive: true });
      writeFileSync(join(folder, "shared/.github/x.yml"), "a: 1\n");
      writeFileSync(join(folder, "helm/b"), "\ufeffb");
      assert.deepEqual(readScaffold("helm", folder), [{ path: ".github/x.yml", content: "a: 1\n" }, { path: "b", content: "\ufeffb" }]);
      writeFileSync(join(folder, "helm/.github/x.yml"), "");
      assert.throws(() => readScaffold("helm", folder), /scaffold\/shared and scaffold\/helm both have \.github\/x\.yml/);
      rmSync(join(folder, "helm/.github/x.yml"));
      writeFileSync(join(folder, "helm/b"), Buffer.from([0xff, 0xfe, 0x00]));
      assert.throws(() => readScaffold("helm", folder), /b is not text in UTF-8/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
