/**
 * A Chromium for the tests that open a page. Nothing else of the project needs a browser, so it is not part of the toolchain. It is driven
 * by playwright-core, which is one package without dependencies and, unlike playwright, brings no browser of its own.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The packages take some minutes where the network is slow. */
const INSTALL_MS = 900_000;

/** The program's path, or why there is none. Installs Debian's own package where that can be done without asking. */
export function provideChromium(): { path: string } | { missing: string } {
  const found = find();
  if (found !== undefined) return { path: found };
  // Elsewhere the package of this name is a snap, or there is none.
  if (!isDebian()) return { missing: `none of ${names.join(", ")} is on the PATH, and it is installed by itself on Debian only` };
  if (process.getuid?.() !== 0) return { missing: "Chromium is not installed, and only root may; run `apt-get install chromium`" };
  const failure = install();
  const installed = find();
  return installed === undefined ? { missing: `Chromium could not be installed: ${failure ?? "apt-get put no program on the PATH"}` } : { path: installed };
}

function find(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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
  const packages = ["install", "-y", "--no-install-recommends", "chromium"];
  if (apt(...packages).status === 0) return undefined;
  apt("update");
  const { status, stderr, error } = apt(...packages);
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split("\n").at(-1));
}
