import { execFile } from "node:child_process";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Tool } from "./cache.ts";
import { checksumIn, downloadFile, downloadText } from "./download.ts";
import { inGoModule } from "./go.ts";
import type { Machine } from "./machine.ts";
import { versions } from "./versions.ts";

const version = versions.etcd;
const title = `etcd ${version}`;

export function etcdTool(cache: string, machine: Machine): Tool {
  return {
    title,
    folder: join(cache, "etcd", version),
    sources: [
      {
        title: "its GitHub release",
        async fill(folder, { progress, signal }) {
          const base = `https://github.com/etcd-io/etcd/releases/download/v${version}`;
          const name = `etcd-v${version}-${machine.system}-${machine.processor}`;
          const archive = `${name}.${machine.system === "linux" ? "tar.gz" : "zip"}`;
          const sum = checksumIn(await downloadText(`${base}/SHA256SUMS`, signal), archive);
          await progress.step(`${title}: downloading its release`, async () => {
            await downloadFile(`${base}/${archive}`, join(folder, archive), sum, signal);
            // The tar of macOS reads zip archives as well.
            await promisify(execFile)("tar", ["-xf", join(folder, archive), "-C", folder, `${name}/etcd`]);
            await rename(join(folder, name, "etcd"), join(folder, "etcd"));
            await rm(join(folder, name), { recursive: true });
            await rm(join(folder, archive));
          });
        },
      },
      {
        title: "its Go module",
        async fill(folder, context) {
          const goMod = `module mooring.local/build\ngo 1.24.0\nrequire go.etcd.io/etcd/server/v3 v${version}\n`;
          const work = { title, goMod, minutes: 1, logFile: join(cache, "logs", "etcd.log") };
          await inGoModule(work, folder, context, (module) => module.build("go.etcd.io/etcd/server/v3", join(folder, "etcd")));
        },
      },
    ],
  };
}
