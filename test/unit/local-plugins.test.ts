import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { choosePlugins, versionOf } from "../../local/plugins.ts";
import { silentProgress } from "../../local/progress.ts";

const folder = mkdtempSync(join(tmpdir(), "mooring-plugins-"));
after(() => rmSync(folder, { recursive: true }));

/** A CLI that can install nothing, with these plugins installed already. */
function pulumiWith(name: string, plugins: ("kubernetes" | "random" | "tls")[]) {
  const home = join(folder, name);
  for (const plugin of plugins) mkdirSync(join(home, "plugins", `resource-${plugin}-v${versionOf(plugin)}`), { recursive: true });
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, "bin", "pulumi"), "#!/bin/sh\necho 'no such host' >&2\nexit 1\n");
  chmodSync(join(home, "bin", "pulumi"), 0o755);
  return { home, bin: join(home, "bin"), hasLanguageHost: false };
}

const reachable = () => Promise.resolve();
const platform = (name: string) => ({ folder: join(folder, "platforms", name), progress: silentProgress, reach: reachable });

test("without plugins everything is stood in for, and the choice holds as long as the platform does", async () => {
  const options = platform("one");
  const first = await choosePlugins({ ...options, ownCluster: false, pulumi: pulumiWith("empty", []) });
  assert.deepEqual(first.standIns, ["azure-native", "azuread", "github", "kubernetes", "random", "tls"]);
  assert.deepEqual(await choosePlugins({ ...options, ownCluster: false, pulumi: pulumiWith("later", ["random", "tls"]) }), first);
});

test("a platform from before a package came keeps its choice, and the package is stood in for", async () => {
  const options = platform("older");
  mkdirSync(options.folder, { recursive: true });
  writeFileSync(join(options.folder, "plugins.json"), JSON.stringify({ standIns: ["azure-native", "github", "kubernetes", "random", "tls"] }));
  const { standIns } = await choosePlugins({ ...options, ownCluster: false, pulumi: pulumiWith("older", []) });
  assert.deepEqual(standIns, ["azure-native", "azuread", "github", "kubernetes", "random", "tls"]);
});

test("real plugins that are there are used, and missed when they are gone", async () => {
  const options = platform("two");
  const pulumi = pulumiWith("full", ["random", "tls"]);
  const choice = { standIns: ["azure-native", "azuread", "github", "kubernetes"] };
  assert.deepEqual(await choosePlugins({ ...options, ownCluster: false, pulumi }), choice);
  await assert.rejects(
    choosePlugins({ ...options, ownCluster: false, pulumi: pulumiWith("wiped", ["tls"]) }),
    /^Problem: What is deployed here needs the real random plugin .* cannot be had: no such host/);
});

test("a cluster of one's own needs the real Kubernetes plugin", async () => {
  await assert.rejects(choosePlugins({ ...platform("three"), ownCluster: true, pulumi: pulumiWith("none", []) }), /real kubernetes plugin .* cannot be had: no such host\n.*without --context/);
  const { standIns } = await choosePlugins({ ...platform("three"), ownCluster: true, pulumi: pulumiWith("own", ["kubernetes"]) });
  assert.deepEqual(standIns, ["azure-native", "azuread", "github", "random", "tls"]);
});
