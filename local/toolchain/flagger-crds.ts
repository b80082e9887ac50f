import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, provide, sha256Of } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { downloadFile } from "./download.ts";
import { moduleFolder } from "./go.ts";
import { versions } from "./versions.ts";

const version = versions.flagger;
const module = "github.com/fluxcd/flagger";
const path = "artifacts/flagger/crd.yaml";
/** Of the file at this version. */
const sum = "8d7ad05c2d1d242c0cd4c25c5fb3ad0f75f10706da588aeeb950fe2858134630";

/** Flagger's custom resource definitions, in one YAML file: Canary, MetricTemplate, AlertProvider. */
export function flaggerCrdTool(cache: string): Tool {
  return {
    title: `Flagger ${version} CRDs`,
    folder: join(cache, "flagger-crds", `${version}-mended`),
    sources: [
      {
        title: "its repository on GitHub",
        async fill(folder, { signal }) {
          const file = join(folder, "flagger.yaml");
          await downloadFile(`https://raw.githubusercontent.com/fluxcd/flagger/v${version}/${path}`, file, sum, signal);
          await mend(file);
        },
      },
      {
        title: "its Go module",
        async fill(folder, context) {
          const file = join(folder, "flagger.yaml");
          await copyFile(join(await moduleFolder(module, version, context), path), file);
          const actual = await sha256Of(file);
          if (actual !== sum) throw new Error(`${path} of ${module} ${version} has the SHA-256 ${actual}, not ${sum}`);
          await mend(file);
        },
      },
    ],
  };
}

/**
 * Its descriptions go on in lines that are not indented, which Go's reader of YAML takes and the specification does not: ours would read
 * them as further fields.
 */
async function mend(file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll(/description: '[^']*'/g, (description) => description.replaceAll(/\s+/g, " ")));
}

/** The folder with them. The local platform has no nodes, so only tests ask for it. Throws Unavailable. */
export async function provideFlaggerCrds(context: SourceContext): Promise<string> {
  return await provide(flaggerCrdTool(cacheFolder()), context);
}
