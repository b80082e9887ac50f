/** shellcheck, for the tests of scripts; Debian's own package where that can be installed without asking. */
import { spawnSync } from "node:child_process";
import { install, isDebian } from "./debian.ts";

/** Why there is none, or nothing when `shellcheck` is on the PATH. */
export function missingShellcheck(): string | undefined {
  if (works()) return undefined;
  if (!isDebian()) return "shellcheck is not on the PATH, and it is installed by itself on Debian only";
  if (process.getuid?.() !== 0) return "shellcheck is not installed, and only root may; run `apt-get install shellcheck`";
  const failure = install(["shellcheck"]);
  return works() ? undefined : `shellcheck could not be installed: ${failure ?? "apt-get put no program on the PATH"}`;
}

const works = (): boolean => spawnSync("shellcheck", ["--version"]).status === 0;
