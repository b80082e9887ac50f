import { execFile } from "node:child_process";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, provide } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { checksumIn, downloadFile, downloadText } from "./download.ts";
import { inGoModule } from "./go.ts";
import { thisMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { versions } from "./versions.ts";

const version = versions.helm;
const title = `Helm ${version}`;

export function helmTool(cache: string, machine: Machine): Tool {
  return {
    title,
    folder: join(cache, "helm", version),
    sources: [
      {
        title: "get.helm.sh",
        async fill(folder, { progress, signal }) {
          const platform = `${machine.system}-${machine.processor}`;
          const archive = `helm-v${version}-${platform}.tar.gz`;
          const sum = checksumIn(await downloadText(`https://get.helm.sh/${archive}.sha256sum`, signal), archive);
          await progress.step(`${title}: downloading its release`, async () => {
            await downloadFile(`https://get.helm.sh/${archive}`, join(folder, archive), sum, signal);
            await promisify(execFile)("tar", ["-xf", join(folder, archive), "-C", folder, `${platform}/helm`]);
            await rename(join(folder, platform, "helm"), join(folder, "helm"));
            await rm(join(folder, platform), { recursive: true });
            await rm(join(folder, archive));
          });
        },
      },
      {
        title: "its Go module",
        async fill(folder, context) {
          const goMod = `module mooring.local/build\ngo 1.26.0\nrequire helm.sh/helm/v4 v${version}\n`;
          const work = { title, goMod, minutes: 2, logFile: join(cache, "logs", "helm.log") };
          const ldflags = `-X helm.sh/helm/v4/internal/version.version=v${version}`;
          await inGoModule(work, folder, context, (module) => module.build("helm.sh/helm/v4/cmd/helm", join(folder, "helm"), ldflags));
        },
      },
    ],
  };
}

/** The program, absolute. The platform itself runs no Helm, so only tests ask for it. Throws Unavailable. */
export async function provideHelm(context: SourceContext): Promise<string> {
  return join(await provide(helmTool(cacheFolder(), thisMachine()), context), "helm");
}
