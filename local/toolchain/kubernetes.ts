import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { Source, Tool } from "./cache.ts";
import { downloadFile, downloadText, isSha256 } from "./download.ts";
import { goModOf, inGoModule } from "./go.ts";
import type { Machine } from "./machine.ts";
import { versions } from "./versions.ts";

const version = versions.kubernetes;
const title = `Kubernetes ${version}`;
const programs = ["kube-apiserver", "kube-controller-manager"];

/** kube-apiserver and kube-controller-manager. */
export function kubernetesTool(cache: string, machine: Machine): Tool {
  const release: Source = {
    title: "dl.k8s.io",
    async fill(folder, { progress, signal }) {
      const base = `https://dl.k8s.io/release/v${version}/bin/linux/${machine.processor}`;
      const sums = await Promise.all(programs.map(async (program) => {
        const sum = (await downloadText(`${base}/${program}.sha256`, signal)).trim();
        if (!isSha256(sum)) throw new Error(`${base}/${program}.sha256 is not a checksum`);
        return { program, sum };
      }));
      await progress.step(`${title}: downloading from dl.k8s.io`, () => Promise.all(sums.map(async ({ program, sum }) => {
        await downloadFile(`${base}/${program}`, join(folder, program), sum, signal);
        await chmod(join(folder, program), 0o755);
      })));
    },
  };
  const build: Source = {
    title: "its Go module",
    async fill(folder, context) {
      const goMod = goModFor(await goModOf("k8s.io/kubernetes", version, context));
      const work = { title, goMod, minutes: 6, logFile: join(cache, "logs", "kubernetes.log") };
      await inGoModule(work, folder, context, async (module) => {
        for (const program of programs) await module.build(`k8s.io/kubernetes/cmd/${program}`, join(folder, program), versionFlags());
      });
    },
  };
  // Kubernetes publishes its server programs for Linux alone.
  return { title, folder: join(cache, "kubernetes", version), sources: machine.system === "linux" ? [release, build] : [build] };
}

/**
 * A go.mod for building Kubernetes outside its repository, made from its own. There the modules under
 * `staging/` come from folders of the repository; here from their releases, 0.x.y for Kubernetes 1.x.y.
 */
export function goModFor(original: string): string {
  const staging = version.replace(/^1\./, "v0.");
  const modules = [...original.matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging\//gm)].map(([, module]) => module);
  const lines = ["go", "godebug"].map((word) => new RegExp(`^${word} .*$`, "m").exec(original)?.[0] ?? "");
  return [
    "module mooring.local/build", ...lines,
    `require k8s.io/kubernetes v${version}`,
    ...modules.map((module) => `replace ${module} => ${module} ${staging}`), "",
  ].join("\n");
}

/** Without them the server reports the version v0.0.0-master. */
function versionFlags(): string {
  const [major, minor] = version.split(".");
  return Object.entries({ gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: "clean" })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`).join(" ");
}
