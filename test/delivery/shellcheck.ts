/** shellcheck, for the scripts of pipelines; Debian's own package where that can be installed without asking, as test/browser/chromium.ts does it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const INSTALL_MS = 300_000;

/** Why there is none, or nothing when `shellcheck` is on the PATH. */
export function missingShellcheck(): string | undefined {
  if (works()) return undefined;
  if (!existsSync("/etc/os-release") || !/^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"))) return "shellcheck is not on the PATH, and it is installed by itself on Debian only";
  if (process.getuid?.() !== 0) return "shellcheck is not installed, and only root may; run `apt-get install shellcheck`";
  const apt = (...args: string[]) => spawnSync("apt-get", args, { encoding: "utf8", timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  const install = ["install", "-y", "--no-install-recommends", "shellcheck"];
  if (apt(...install).status !== 0) {
    apt("update");
    apt(...install);
  }
  return works() ? undefined : "shellcheck could not be installed";
}

function works(): boolean {
  return spawnSync("shellcheck", ["--version"]).status === 0;
}
