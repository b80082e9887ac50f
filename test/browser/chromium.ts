/**
 * A Chromium for the tests that open a page. Nothing else of the project needs a browser, so it is not part of the toolchain. It is driven
 * by playwright-core, which is one package without dependencies and, unlike playwright, brings no browser of its own.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { install, isDebian } from "../debian.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The program's path, or why there is none. Installs Debian's own package where that can be done without asking. */
export function provideChromium(): { path: string } | { missing: string } {
  const found = find();
  if (found !== undefined) return { path: found };
  // Elsewhere the package of this name is a snap, or there is none.
  if (!isDebian()) return { missing: `none of ${names.join(", ")} is on the PATH, and it is installed by itself on Debian only` };
  if (process.getuid?.() !== 0) return { missing: "Chromium is not installed, and only root may; run `apt-get install chromium`" };
  const failure = install(["chromium"]);
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
