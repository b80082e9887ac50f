/** Prometheus's own reading of alert rules and queries, as one program for tests: promtool itself comes with the libraries of thirty clouds. */
import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, provide } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { inGoModule } from "./go.ts";
import { versions } from "./versions.ts";

const source = join(import.meta.dirname, "prometheus-rules", "main.go");
const goMod = `module mooring.local/build\ngo 1.26.0\nrequire github.com/prometheus/prometheus v${versions.addOns.prometheus}\n`;

/** The folder in the cache carries a hash of all that the program is made of. */
async function prometheusRulesTool(cache: string): Promise<Tool> {
  const hash = createHash("sha256").update(goMod).update(await readFile(source)).digest("hex").slice(0, 12);
  return {
    title: "Prometheus rules",
    folder: join(cache, "prometheus-rules", hash),
    sources: [
      {
        title: "Prometheus's Go module",
        async fill(folder, context) {
          const work = { title: "Prometheus rules", goMod, minutes: 1, logFile: join(cache, "logs", "prometheus-rules.log") };
          await inGoModule(work, folder, context, async (module) => {
            await copyFile(source, join(module.folder, "main.go"));
            await module.build(".", join(folder, "prometheus-rules"));
          });
        },
      },
    ],
  };
}

/** The program, absolute. Throws Unavailable. */
export async function providePrometheusRules(context: SourceContext): Promise<string> {
  return join(await provide(await prometheusRulesTool(cacheFolder()), context), "prometheus-rules");
}
