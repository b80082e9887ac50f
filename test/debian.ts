/** Debian's own packages, for tests that need a program which is not part of the toolchain. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The packages take some minutes where the network is slow. */
const INSTALL_MS = 900_000;

export function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/**
 * Installs packages; as root, on Debian. A fresh machine has no lists of packages, so what apt does not know is looked for again with
 * new ones. Test files that run side by side wait for one another. Returns what went wrong.
 */
export function install(packages: readonly string[]): string | undefined {
  const lock = join(tmpdir(), "mooring-apt.lock");
  const apt = (...args: string[]) =>
    spawnSync("flock", [lock, "apt-get", "-o", "DPkg::Lock::Timeout=600", ...args], { encoding: "utf8", timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  const wanted = ["install", "-y", "--no-install-recommends", ...packages];
  if (apt(...wanted).status === 0) return undefined;
  apt("update");
  const { status, stderr, error } = apt(...wanted);
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split("\n").at(-1));
}
