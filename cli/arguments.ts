/** What the small commands share: their arguments, where files are looked for, and how they end. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { ParseArgsOptionsConfig } from "node:util";

/** The project's folder. */
export const projectRoot = resolve(import.meta.dirname, "..");

export interface Command {
  /** The npm script's name. */
  name: string;
  /** What follows `npm run <name> --`, for example `<stack> [--out DIR]`; one line each way to call it. */
  usage: string[];
  /** What the command needs to know: a stack's name, that or `--config FILE`, any number of names, or nothing. */
  target: "stack" | "stack or file" | "stacks" | "none";
  options?: ParseArgsOptionsConfig;
}

export interface Arguments {
  stack?: string;
  /** With the target `stacks`: the names in the order in which they were given. */
  stacks?: string[];
  /** Absolute path of the file given with `--config`. */
  file?: string;
  /** The command's own options by name; an option that was not given is absent, one that may be repeated is a list. */
  options: Record<string, string | boolean | string[] | undefined>;
}

/** What was typed is not a way to call the command: exit code 2. */
export class UsageError extends Error {}

/** The command cannot do its work, for a reason that its one-line message states in full: exit code 1. */
export class Failure extends Error {}

/** Reads the arguments. Throws a {@link UsageError}. */
export function readArguments(command: Command, argv: readonly string[]): Arguments {
  const withFile = command.target === "stack or file";
  const { values, positionals } = parse(argv, { ...command.options, ...(withFile && { config: { type: "string" } }) });
  if (command.target === "stacks") {
    positionals.forEach(checkStackName);
    return { stacks: positionals, options: values as Arguments["options"] };
  }
  const { config, ...options } = values as Arguments["options"];
  const [stack, ...more] = positionals;
  if (command.target === "none" && stack !== undefined) throw new UsageError(`${stack}: no argument is taken here`);
  if (more.length > 0) throw new UsageError(`${positionals.join(" ")}: one stack at a time`);
  if (config === undefined) {
    if (stack === undefined && command.target !== "none") throw new UsageError("name a stack");
    if (stack !== undefined) checkStackName(stack);
    return { stack, options };
  }
  if (stack !== undefined && withFile) throw new UsageError(`give either the stack ${stack} or --config, not both`);
  if (config === "") throw new UsageError("--config needs a file");
  return withFile ? { file: fromCaller(command.name, String(config)), options } : { stack, options: { ...options, config } };
}

/** The path that a person meant: relative to where npm was called, not to the project. */
export function fromCaller(command: string, path: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { npm_lifecycle_event: script, INIT_CWD: caller } = environment;
  return resolve(script === command && caller !== undefined ? caller : process.cwd(), path);
}

/**
 * Runs a command to its end: sets the exit code to what `main` returns, 1 after a {@link Failure} and 2 after a
 * {@link UsageError}. `--help` prints the usage.
 */
export async function run(command: Command, main: (args: Arguments) => number | Promise<number>): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(`${usage(command)}\n`);
    return;
  }
  try {
    process.exitCode = await main(readArguments(command, argv));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n${usage(command)}\n`);
      process.exitCode = 2;
    } else if (error instanceof Failure) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    } else {
      throw error;
    }
  }
}

/** `1 mistake`, `2 mistakes`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function usage({ name, usage }: Command): string {
  return usage.map((line, index) => `${index === 0 ? "usage:" : "      "} npm run ${name} -- ${line}`.trimEnd().replace(/ --$/, "")).join("\n");
}

function parse(argv: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Only the first sentence is about what was typed.
    throw new UsageError(error instanceof Error ? error.message.split(/\. |\n/)[0]! : String(error));
  }
}

function checkStackName(stack: string): void {
  const inFile = /^(?:.*\/)?Pulumi\.(.+)\.ya?ml$/.exec(stack)?.[1];
  if (inFile !== undefined) throw new UsageError(`${stack} is a file; name the stack: ${inFile}`);
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(stack)) throw new UsageError(`${stack} is not a stack's name: letters, digits, \`.\`, \`_\` and \`-\``);
}
