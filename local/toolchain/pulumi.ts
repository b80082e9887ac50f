import { spawn } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Tool } from "./cache.ts";
import { probe } from "./download.ts";
import { inGoModule } from "./go.ts";
import { versions } from "./versions.ts";

const version = versions.pulumi;
const title = `pulumi ${version}`;
const DOWNLOAD_MS = 10 * 60_000;

/** The `PULUMI_HOME` of the local platform: the CLI and real plugins live there. */
export function pulumiHome(cache: string): string {
  return join(cache, "pulumi");
}

/** The Pulumi CLI, where the `pulumi` package of npm looks for it when `PULUMI_HOME` is {@link pulumiHome}. */
export function pulumiTool(cache: string): Tool {
  return {
    title,
    folder: join(pulumiHome(cache), "versions", version),
    sources: [
      {
        title: "get.pulumi.com",
        async fill(folder, { progress, signal }) {
          await probe("https://get.pulumi.com/install.sh", signal);
          const home = join(folder, "home");
          await progress.step(`${title}: downloading from get.pulumi.com`, async () => {
            await downloadThroughWrapper(home, signal);
            await rename(join(home, "versions", version, "bin"), join(folder, "bin"));
            await rm(home, { recursive: true, force: true });
          });
        },
      },
      {
        title: "its Go module",
        async fill(folder, context) {
          const goMod = `module mooring.local/build\ngo 1.25.0\nrequire github.com/pulumi/pulumi/pkg/v3 v${version}\n`;
          const work = { title, goMod, minutes: 5, logFile: join(cache, "logs", "pulumi.log") };
          await mkdir(join(folder, "bin"));
          await inGoModule(work, folder, context, (module) => module.build(
            "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", join(folder, "bin", "pulumi"),
            // Without it the CLI has no version, and the Automation API refuses it.
            `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`,
          ));
        },
      },
    ],
  };
}

/** Lets the `pulumi` package of npm, which is pinned, download the CLI with its language hosts into `home`. */
async function downloadThroughWrapper(home: string, signal?: AbortSignal): Promise<void> {
  const wrapper = createRequire(import.meta.url).resolve("pulumi/run.js");
  const child = spawn(process.execPath, [wrapper, "version"], {
    env: { ...process.env, PULUMI_HOME: home, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "true", NODE_USE_ENV_PROXY: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DOWNLOAD_MS,
    signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => { output += text; });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0 || !output.includes(`v${version}`)) {
    throw new Error(`the download failed: ${output.trim().split("\n").slice(-3).join(" / ")}`);
  }
}
