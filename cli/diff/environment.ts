/**
 * The environment in which a tree is rendered: nothing of a pipeline's job but what a program needs to start. A rendering
 * needs no credential, so neither tree's program gets to see one. (Who may change the command itself can undo this; a job
 * for a stranger's pull request must have no credentials at all.)
 */
const kept = ["PATH", "Path", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "SystemRoot", "SYSTEMROOT", "ComSpec", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "TZ"];

/** @param prefixes of further variables, in any case */
export function quietEnvironment(env: NodeJS.ProcessEnv, prefixes: readonly string[] = []): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.includes(name) || prefixes.some((prefix) => name.toLowerCase().startsWith(prefix))));
}
