/**
 * The one command that a deploy key may run: serves its repository, to read or to write.
 * Arguments: the folder of the hooks, the bare repository, and `read` or `write`.
 */
import { spawnSync } from "node:child_process";
import type { PublishedRepository } from "../standins/github/published.ts";
import { readPublished, REPOSITORY_FILE } from "../standins/github/published.ts";
import { decide } from "./command.ts";

const [, , hooks = "", folder = "", access] = process.argv;
const { PATH, HOME, NODE_COMPILE_CACHE, GIT_PROTOCOL, SSH_ORIGINAL_COMMAND } = process.env;
const decision = decide({
  repository: readPublished<PublishedRepository>(folder, REPOSITORY_FILE),
  mayWrite: access === "write",
  asked: SSH_ORIGINAL_COMMAND,
});
if ("error" in decision) {
  process.stderr.write(`${decision.error}\n`);
  process.exitCode = decision.code;
} else {
  // Checked like GitHub's: whole objects, and no references that are GitHub's own.
  const settings = [`core.hooksPath=${hooks}`, "receive.fsckObjects=true", "receive.hideRefs=refs/pull", "receive.advertisePushOptions=false"].flatMap((setting) => ["-c", setting]);
  // Nothing of the user's own git may change what is served.
  const env = { PATH, HOME, NODE_COMPILE_CACHE, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", ...(/^version=[0-2]$/.test(GIT_PROTOCOL ?? "") ? { GIT_PROTOCOL } : {}) };
  const { status, error } = spawnSync("git", [...settings, decision.program, folder], { stdio: "inherit", env });
  if (error !== undefined) process.stderr.write(`git does not run: ${error.message}\n`);
  process.exitCode = status ?? 1;
}
