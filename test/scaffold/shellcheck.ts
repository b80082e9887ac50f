/** shellcheck for the tests of scripts: what is installed, else Debian's package where that can be installed without asking. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const INSTALL_MS = 300_000;

let asked: { path: string } | { missing: string } | undefined;

/** The program, or why there is none. */
export function provideShellcheck(): { path: string } | { missing: string } {
  return (asked ??= provide());
}

function provide(): { path: string } | { missing: string } {
  const works = (): boolean => spawnSync("shellcheck", ["--version"]).status === 0;
  if (works()) return { path: "shellcheck" };
  if (!isDebian()) return { missing: "shellcheck is not installed, and it is installed by itself on Debian only" };
  if (process.getuid?.() !== 0) return { missing: "shellcheck is not installed, and only root may; run `apt-get install shellcheck`" };
  const apt = (...args: string[]) => spawnSync("apt-get", args, { encoding: "utf8", timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  const wanted = ["install", "-y", "--no-install-recommends", "shellcheck"];
  let last = apt(...wanted);
  if (last.status !== 0) {
    // A fresh machine has no lists of packages.
    apt("update");
    last = apt(...wanted);
  }
  return works() ? { path: "shellcheck" } : { missing: `shellcheck could not be installed: ${last.error?.message ?? last.stderr.trim().split("\n").at(-1)}` };
}

function isDebian(): boolean {
  try {
    return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}
