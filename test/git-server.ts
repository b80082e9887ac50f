/** What the git server needs, for the tests of it: Debian's own packages, installed where that can be done without asking. */
import { existsSync } from "node:fs";
import type { GitServerPrograms } from "../local/git-server/programs.ts";
import { findPrograms, packages } from "../local/git-server/programs.ts";
import { install, isDebian } from "./debian.ts";

/** The programs, or why there are none. */
export function provideSshd(): { programs: GitServerPrograms } | { missing: string } {
  const found = findPrograms();
  if ("programs" in found) return found;
  if (!isDebian()) return { missing: `${found.missing}, and they are installed by themselves on Debian only` };
  // Debian starts the package's own server, for everybody who reaches the machine; only a container has nothing that would start it.
  if (existsSync("/run/systemd/system")) return { missing: `${found.missing}; install them if you want Debian's own SSH server on this machine, or see to it that it stays off` };
  if (process.getuid?.() !== 0) return { missing: `${found.missing}; only root may install them: apt-get install ${packages.join(" ")}` };
  const failure = install(packages);
  const installed = findPrograms();
  return "programs" in installed ? installed : { missing: `${installed.missing}; they could not be installed: ${failure ?? "apt-get did not put them there"}` };
}
