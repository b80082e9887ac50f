/** What the git server needs, for the tests of it: Debian's own packages, installed where that can be done without asking. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { GitServerPrograms } from "../local/git-server/programs.ts";
import { findPrograms, packages } from "../local/git-server/programs.ts";

/** The packages take some minutes where the network is slow. */
const INSTALL_MS = 900_000;

/** The programs, or why there are none. */
export function provideSshd(): { programs: GitServerPrograms } | { missing: string } {
  const found = findPrograms();
  if ("programs" in found) return found;
  if (!isDebian()) return { missing: `${found.missing}, and they are installed by themselves on Debian only` };
  // Debian starts the package's own server, for everybody who reaches the machine; only a container has nothing that would start it.
  if (existsSync("/run/systemd/system")) return { missing: `${found.missing}; install them if you want Debian's own SSH server on this machine, or see to it that it stays off` };
  if (process.getuid?.() !== 0) return { missing: `${found.missing}; only root may install them: apt-get install ${packages.join(" ")}` };
  const failure = install();
  const installed = findPrograms();
  return "programs" in installed ? installed : { missing: `${installed.missing}; they could not be installed: ${failure ?? "apt-get did not put them there"}` };
}

function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/** A fresh machine has no lists of packages, so what apt does not know is looked for again with new ones. Returns what went wrong. */
function install(): string | undefined {
  const apt = (...args: string[]) => spawnSync("apt-get", args, { encoding: "utf8", timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  const wanted = ["install", "-y", "--no-install-recommends", ...packages];
  if (apt(...wanted).status === 0) return undefined;
  apt("update");
  const { status, stderr, error } = apt(...wanted);
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split("\n").at(-1));
}
