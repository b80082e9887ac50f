/**
 * `npm run bootstrap -- <stack>`: makes once what must exist before the first `up` and cannot be made by it: where
 * Pulumi keeps its state, the key that encrypts secrets, and a pipeline's identity. What is there is left as it is, so
 * that an interrupted run is mended by the next.
 */
import { formatMistake } from "../components/settings/mistake.ts";
import type { Settings } from "../components/settings/settings.ts";
import { Failure, projectRoot, run, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { account, az, AzError, sameId, signedIn } from "./az.ts";
import type { Az, Principal } from "./az.ts";
import { bootstrapNames } from "./bootstrap/names.ts";
import type { BootstrapNames } from "./bootstrap/names.ts";
import { nextCommands, nextForReader } from "./bootstrap/next.ts";
import { readerSteps, roleSteps } from "./bootstrap/role-steps.ts";
import { identitySteps, keySteps, providerSteps, stateSteps } from "./bootstrap/steps.ts";
import type { Step, Trust } from "./bootstrap/steps.ts";
import { shellLine } from "./bootstrap/shell-line.ts";
import { readStackSettings } from "./stack-settings.ts";

const command: Command = {
  name: "bootstrap",
  usage: ["<stack> [--read] [--dry-run] [--issuer URL --subject SUBJECT]"],
  target: "stack",
  options: { "dry-run": { type: "boolean" }, read: { type: "boolean" }, issuer: { type: "string" }, subject: { type: "string" } },
};

export interface BootstrapOptions {
  /** Whose tokens the pipeline's identity accepts. Default: none is added. */
  trust?: Trust;
  /** Makes, beside the state, the identity that previews, in place of the one that runs `up`. */
  read?: boolean;
  /** Prints the commands and runs none, not even those that only read. */
  dryRun: boolean;
  az: Az;
  say(line: string): void;
}

/** Throws a `Failure` with one line when a command fails; everything made until then stays. */
export async function bootstrap(settings: Settings, { trust, read = false, dryRun, az, say }: BootstrapOptions): Promise<void> {
  const all = bootstrapNames(settings);
  const names = read ? { ...all, identity: all.reader } : all;
  const roles = (pipeline: Principal, person: Principal): Step[] => (read ? readerSteps(settings, names, pipeline) : roleSteps(settings, names, pipeline, person));
  const before = [...providerSteps(settings), ...stateSteps(settings, names), ...keySteps(settings, names), ...identitySteps(settings, names, trust)];
  if (dryRun) {
    const pipeline: Principal = { id: `<principal id of ${names.identity}>`, type: "ServicePrincipal" };
    const person: Principal = { id: "<your object id>", type: "User" };
    for (const { make } of [...before, ...roles(pipeline, person)]) say(shellLine("az", make));
    return;
  }
  const person = await whoMayRun(settings, az);
  await carryOut(before, az, say);
  const { principalId, clientId } = await findIdentity(settings, names, az);
  await carryOut(roles({ id: principalId, type: "ServicePrincipal" }, person), az, say);
  const next = read ? nextForReader : nextCommands;
  for (const line of next(settings, names, { principalId, clientId })) say(line);
}

async function carryOut(steps: readonly Step[], az: Az, say: (line: string) => void): Promise<void> {
  for (const { what, missing } of steps) {
    const commands = await missing(az);
    say(`${commands.length === 0 ? "exists" : "make  "}  ${what}`);
    for (const args of commands) {
      say(`        ${shellLine("az", args)}`);
      await az.write(args);
    }
  }
}

/** The directory that `az` asks is that of its current subscription, so it must be the settings'. */
async function whoMayRun({ azure }: Settings, az: Az): Promise<Principal> {
  try {
    const found = await account(az);
    if (!sameId(found.tenantId, azure.tenant) || !sameId(found.id, azure.subscription)) {
      throw new Failure(`the Azure CLI works in subscription ${found.id} of tenant ${found.tenantId}, the settings name ${azure.subscription} of ${azure.tenant}; run \`az login --tenant ${azure.tenant}\` and \`az account set --subscription ${azure.subscription}\``);
    }
    return await signedIn(az, found);
  } catch (error) {
    if (!(error instanceof AzError)) throw error;
    const remedy = error.execution.failure === "not found" ? "install the Azure CLI: https://learn.microsoft.com/cli/azure/install-azure-cli" : `run \`az login --tenant ${azure.tenant}\``;
    throw new Failure(`${error.message}; ${remedy}`);
  }
}

interface Identity {
  name: string;
  principalId: string;
  clientId: string;
}

async function findIdentity({ azure }: Settings, { group, identity }: BootstrapNames, az: Az): Promise<Identity> {
  const all = (await az.read(["identity", "list", "--resource-group", group, "--subscription", azure.subscription])) as Identity[];
  const found = all.find(({ name }) => name === identity);
  if (found === undefined) throw new Failure(`the identity ${identity} was made but is not listed yet; run the command again`);
  return found;
}

if (import.meta.main) {
  await run(command, async ({ stack, options }) => {
    const { issuer, subject } = options as { issuer?: string; subject?: string };
    if ((issuer === undefined) !== (subject === undefined)) throw new UsageError("--issuer and --subject belong together");
    const { settings, mistakes } = readStackSettings({ root: projectRoot, stack });
    if (settings === undefined) throw new Failure(mistakes.map(formatMistake).join("\n"));
    await bootstrap(settings, {
      trust: issuer === undefined || subject === undefined ? undefined : { issuer, subject },
      read: options.read === true,
      dryRun: options["dry-run"] === true,
      az,
      say: (line) => void process.stdout.write(`${line}\n`),
    });
    return 0;
  });
}
