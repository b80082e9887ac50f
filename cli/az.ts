/** The Azure CLI, as the commands use it. */
import { Failure } from "./arguments.ts";
import { errorLine, execute } from "./execute.ts";
import type { Execution } from "./execute.ts";

/** Reading takes seconds; creating a resource, or waiting for a registration, minutes. */
const READ_SECONDS = 60;
const WRITE_SECONDS = 15 * 60;

/** Everything that reaches Azure goes through here. */
export interface Az {
  /** The JSON answer of a command that only reads. Throws an {@link AzError}. */
  read(args: readonly string[]): Promise<unknown>;
  /** Runs a command that changes something. Throws an {@link AzError}. */
  write(args: readonly string[]): Promise<void>;
}

/** A command of the Azure CLI failed; the message is one line. */
export class AzError extends Failure {
  readonly execution: Execution;
  constructor(args: readonly string[], execution: Execution) {
    const words = args.slice(0, args.findIndex((word) => word.startsWith("-")));
    super(`az ${words.join(" ")}: ${errorLine(execution)}`);
    this.execution = execution;
  }
}

export const az: Az = {
  async read(args) {
    const { stdout } = await succeed([...args, "--output", "json", "--only-show-errors"], READ_SECONDS);
    try {
      return JSON.parse(stdout) as unknown;
    } catch {
      throw new AzError(args, { code: 0, stdout, stderr: "the answer is not JSON" });
    }
  },
  async write(args) {
    await succeed([...args, "--output", "none", "--only-show-errors"], WRITE_SECONDS);
  },
};

async function succeed(args: string[], seconds: number): Promise<Execution> {
  const execution = await execute("az", args, { seconds, env: { ...process.env, AZURE_CORE_NO_COLOR: "true" } });
  if (execution.code !== 0) throw new AzError(args, execution);
  return execution;
}

/** The account and subscription that are current, of `az account show`. */
export interface Account {
  /** The subscription. */
  id: string;
  tenantId: string;
  /** `servicePrincipal` also stands for managed identities. */
  user: { name: string; type: "user" | "servicePrincipal" };
}

export async function account(az: Az): Promise<Account> {
  return (await az.read(["account", "show"])) as Account;
}

/** Azure writes identifiers in either case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export interface Principal {
  /** The object id in the directory. */
  id: string;
  type: "User" | "ServicePrincipal";
}

/** Who is signed in, as the directory knows it. */
export async function signedIn(az: Az, { user }: Account): Promise<Principal> {
  if (user.type === "user") return { id: ((await az.read(["ad", "signed-in-user", "show"])) as { id: string }).id, type: "User" };
  return { id: ((await az.read(["ad", "sp", "show", "--id", user.name])) as { id: string }).id, type: "ServicePrincipal" };
}

/** The registration state of each resource provider, by namespace in lower case. */
export async function registrations(az: Az, subscription: string): Promise<Map<string, string>> {
  const answer = (await az.read(["provider", "list", "--subscription", subscription])) as { namespace: string; registrationState: string }[];
  return new Map(answer.map(({ namespace, registrationState }) => [namespace.toLowerCase(), registrationState]));
}
