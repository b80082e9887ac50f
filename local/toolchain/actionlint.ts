import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, provide } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { checksumIn, downloadFile, downloadText } from "./download.ts";
import { inGoModule } from "./go.ts";
import { thisMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { versions } from "./versions.ts";

const version = versions.actionlint;
const title = `actionlint ${version}`;

/** The linter of workflows for GitHub Actions. */
export function actionlintTool(cache: string, machine: Machine): Tool {
  return {
    title,
    folder: join(cache, "actionlint", version),
    sources: [
      {
        title: "its GitHub release",
        async fill(folder, { progress, signal }) {
          const base = `https://github.com/rhysd/actionlint/releases/download/v${version}`;
          const archive = `actionlint_${version}_${machine.system}_${machine.processor}.tar.gz`;
          const sum = checksumIn(await downloadText(`${base}/actionlint_${version}_checksums.txt`, signal), archive);
          await progress.step(`${title}: downloading its release`, async () => {
            await downloadFile(`${base}/${archive}`, join(folder, archive), sum, signal);
            await promisify(execFile)("tar", ["-xf", join(folder, archive), "-C", folder, "actionlint"]);
            await rm(join(folder, archive));
          });
        },
      },
      {
        title: "its Go module",
        async fill(folder, context) {
          const goMod = `module mooring.local/build\ngo 1.24.0\nrequire github.com/rhysd/actionlint v${version}\n`;
          const work = { title, goMod, minutes: 1, logFile: join(cache, "logs", "actionlint.log") };
          await inGoModule(work, folder, context, (module) => module.build("github.com/rhysd/actionlint/cmd/actionlint", join(folder, "actionlint")));
        },
      },
    ],
  };
}

/** The program, absolute. The platform itself needs it for nothing, so only tests ask for it. Throws Unavailable. */
export async function provideActionlint(context: SourceContext): Promise<string> {
  return join(await provide(actionlintTool(cacheFolder(), thisMachine()), context), "actionlint");
}
