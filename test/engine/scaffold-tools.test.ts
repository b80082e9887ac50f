/** What a team's repository starts with, held against the tools that know: Go, shellcheck, actionlint, kustomize and kubeconform. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import type { Values } from "../../local/standins/contract.ts";
import { silentProgress } from "../../local/progress.ts";
import { provideActionlint } from "../../local/toolchain/actionlint.ts";
import { provideKubeconform } from "../../local/toolchain/kubeconform.ts";
import { provideKustomize } from "../../local/toolchain/kustomize.ts";
import { versions } from "../../local/toolchain/versions.ts";
import { mooring, overlayArgs, TeamRepository } from "../scaffold/repository.ts";
import { missingShellcheck } from "../shellcheck.ts";

const repository = TeamRepository.of("kustomize", [kustomizeOverlay(overlayArgs("staging")), kustomizeOverlay(overlayArgs("prod"))]);
after(() => repository.remove());

const run = (program: string, args: string[], folder = repository.folder): SpawnSyncReturns<string> => spawnSync(program, args, { cwd: folder, encoding: "utf8", env: { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off" } });
function succeeds(program: string, args: string[], folder?: string): string {
  const { status, stdout, stderr, error } = run(program, args, folder);
  assert.equal(status, 0, `${program} ${args.join(" ")}: ${error?.message ?? ""}${stdout}${stderr}`);
  return stdout;
}

const hasGo = run("go", ["version"]).status === 0;

describe("the service", { skip: hasGo ? false : "Go is not installed" }, () => {
  const folder = join(repository.folder, "app");
  test("is formatted, vetted, tested, and needs nothing but Go's own library", () => {
    assert.equal(succeeds("gofmt", ["-l", "."], folder), "");
    succeeds("go", ["vet", "./..."], folder);
    succeeds("go", ["test", "./..."], folder);
    assert.equal(succeeds("go", ["list", "-m", "all"], folder), "app\n");
  });

  test("is built as the Dockerfile builds it, static, and says the version that it was given", () => {
    const dockerfile = readFileSync(join(folder, "Dockerfile"), "utf8");
    const [, flags] = /^RUN go build (.*) -o \/out\/app \.$/m.exec(dockerfile) ?? assert.fail("the Dockerfile builds in another way");
    const [, environment] = /^ENV (.*)$/m.exec(dockerfile) ?? assert.fail("the Dockerfile has no ENV");
    const program = join(repository.root, "app");
    succeeds("bash", ["-c", `VERSION=1.4.2 && export ${environment} && go build ${flags} -o "${program}" .`], folder);
    assert.match(succeeds("go", ["version", "-m", program]), /CGO_ENABLED=0/);
    assert.ok(readFileSync(program).includes("1.4.2"));
  });
});

describe("the scripts", () => {
  test("shellcheck finds nothing in them", { skip: missingShellcheck() ?? false }, () => {
    const scripts = ["build.sh", ...succeeds("git", ["ls-files", "ci/*.sh"]).trim().split("\n")];
    assert.ok(scripts.length > 10);
    succeeds("shellcheck", ["--external-sources", "--severity=style", ...scripts]);
    const charts = TeamRepository.of("helm", []);
    try {
      succeeds("shellcheck", ["--external-sources", "--severity=style", ...scripts, "ci/chart.sh"], charts.folder);
    } finally {
      charts.remove();
    }
    // It would find something.
    writeFileSync(join(repository.root, "bad.sh"), "#!/usr/bin/env bash\necho $1\n");
    assert.notEqual(run("shellcheck", [join(repository.root, "bad.sh")]).status, 0);
  });

  test("what they install are the versions that are tested here", () => {
    const tools = readFileSync(join(repository.folder, "ci/tools.sh"), "utf8");
    assert.ok(tools.includes(`kustomize/v5@v${versions.kustomize}\n`) && tools.includes(`kubeconform@v${versions.kubeconform}\n`), tools);
  });
});

test("actionlint finds nothing in the workflows", async () => {
  const actionlint = await provideActionlint({ progress: silentProgress });
  const args = [missingShellcheck() === undefined ? "-shellcheck=shellcheck" : "-shellcheck=", "-pyflakes="];
  succeeds(actionlint, args);
  const broken = join(repository.root, "broken.yml");
  writeFileSync(broken, readFileSync(join(repository.folder, ".github/workflows/ci.yml"), "utf8").replace("needs: check", "needs: chek"));
  assert.match(run(actionlint, [...args, broken]).stdout, /chek/);
});

describe("the manifests", () => {
  let kustomize: string;
  before(async () => {
    kustomize = await provideKustomize({ progress: silentProgress });
    // As the script would have installed them.
    for (const [name, path] of [["kustomize", kustomize], ["kubeconform", await provideKubeconform({ progress: silentProgress })]] as const) {
      const link = join(repository.folder, `.tools/${name}-v${versions[name]}/${name}`);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(path, link);
    }
  });

  const build = (folder: string): Values[] => parseAllDocuments(succeeds(kustomize, ["build", folder])).map((document) => document.toJS() as Values);
  const containerOf = (objects: Values[]): { image: string } => (objects.find(({ kind }) => kind === "Deployment") as { spec: { template: { spec: { containers: { image: string }[] } } } }).spec.template.spec.containers[0]!;

  test("each environment is built with its image, in the team's namespace", () => {
    assert.equal(containerOf(build("deploy/staging")).image, "mcr.microsoft.com/dotnet/samples:aspnetapp-chiseled");
    assert.equal(containerOf(build("deploy/prod")).image, "acmeprod.azurecr.io/orders/orders-api:0.1.0");
    for (const environment of ["staging", "prod"]) {
      const objects = build(`deploy/${environment}`);
      assert.deepEqual(objects.map(({ kind, metadata }) => `${kind} ${(metadata as { namespace: string }).namespace}`).sort(), ["Deployment orders", "HorizontalPodAutoscaler orders", "PodDisruptionBudget orders", "Service orders"]);
    }
  });

  test("what Flux or a promotion writes at the markers is what is built, digest included", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    await repository.call(`marker_set orders-api 1.10.0 ${digest} deploy/prod/kustomization.yaml`);
    assert.equal(containerOf(build("deploy/prod")).image, `acmeprod.azurecr.io/orders/orders-api:1.10.0@${digest}`);
    succeeds("git", ["checkout", "--quiet", "--", "deploy"]);
  });

  test("`build.sh validate` takes them, and names the folder and the field that is wrong", async () => {
    // Schemas of the kinds in deploy/base, for a machine without a way to GitHub; those of the service are asked in the isolation tests.
    const schemas = join(repository.root, "schemas");
    mkdirSync(schemas);
    for (const name of ["deployment-apps-v1", "service-v1", "poddisruptionbudget-policy-v1", "horizontalpodautoscaler-autoscaling-v2"]) {
      const spec = name === "service-v1" ? { type: "object", properties: { ports: {}, selector: {} }, additionalProperties: false } : { type: "object" };
      writeFileSync(join(schemas, `${name}.json`), JSON.stringify({ type: "object", properties: { apiVersion: {}, kind: {}, metadata: {}, spec } }));
    }
    const environment = { MOORING: mooring("staging"), SCHEMA_LOCATIONS: join(schemas, "{{.ResourceKind}}{{.KindSuffix}}.json") };
    const { code, stderr } = await repository.build(["validate"], environment);
    assert.equal(code, 0, stderr);
    for (const folder of ["base", "prod", "staging"]) assert.match(stderr, new RegExp(`^deploy/${folder}\nSummary: 4 resources found .* Valid: 4, Invalid: 0, Errors: 0, Skipped: 0$`, "m"));

    const service = repository.read("deploy/base/service.yaml");
    writeFileSync(join(repository.folder, "deploy/base/service.yaml"), service.replace("ports:", "prots:"));
    const misspelt = await repository.build(["validate"], environment);
    assert.equal(misspelt.code, 1);
    assert.match(misspelt.stderr, /Service app is invalid.*prots[^]*error: deploy\/base: manifests that Kubernetes would refuse/);
    writeFileSync(join(repository.folder, "deploy/base/service.yaml"), service);

    writeFileSync(join(repository.folder, "deploy/prod/kustomization.yaml"), "resources: [../bass]\n");
    const lost = await repository.build(["validate"], environment);
    assert.match(lost.stderr, /error: deploy\/prod cannot be built/);
    succeeds("git", ["checkout", "--quiet", "--", "deploy"]);
    assert.ok(existsSync(join(repository.folder, "deploy/prod/kustomization.yaml")));
  });
});
