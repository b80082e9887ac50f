/**
 * A failure that is expected (a missing tool, a blocked download, a port in use): its message says what is
 * wrong, where, and what to do instead. Commands print the message alone, without a stack trace, and exit 1.
 */
export class Problem extends Error {
  override name = "Problem";
}

/** The message of whatever was thrown, with the cause that `fetch` and others hide behind a general one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === "") return [...new Set(error.errors.map(reasonOf))].join("; ");
  const general = error.message === "fetch failed" || error.message === "terminated";
  return general && error.cause !== undefined ? reasonOf(error.cause) : error.message;
}

/** The `code` of a system error (`ENOENT`, `EADDRINUSE`, …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/**
 * Runs a command's main function: an expected failure is printed as one message, anything else with its stack.
 * The process ends by itself, so that what is written to a pipe arrives whole.
 */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof Problem) process.stderr.write(`${error.message}\n`);
    else process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
