/**
 * Variables of a repository and of its environments, and an environment's secrets. Their names are compared without regard to case.
 * Sources: docs.github.com/rest/actions/variables (409 for a variable that is there) and /secrets (one call makes and changes),
 * "Variables reference" and "Secrets reference" (48 KB each). Checked 2026-11-21.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Values } from "../contract.ts";
import type { GithubAccount, RepositoryRecord, SecretRecord, VariableRecord } from "./account.ts";
import { same } from "./account.ts";
import { environmentOf, findEnvironment } from "./environments.ts";
import type { Handler } from "./handler.ts";
import { escaped, splitId, unescaped } from "./handler.ts";

const MAX_BYTES = 48 * 1024;

/** As Go writes a time: `2026-11-21 17:00:00 +0000 UTC`. */
const now = (): string => `${new Date().toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;

function refuseSize(what: string, name: string, value: string): void {
  if (Buffer.byteLength(value) > MAX_BYTES) throw new Error(`422 Validation Failed: the ${what} ${name} is longer than 48 KB`);
}

/** Where variables of a kind are: in a repository, or in an environment of it. */
interface Scope {
  repository: RepositoryRecord;
  environment?: string;
}

type Place = (account: GithubAccount, inputs: Values) => Scope;

const inRepository: Place = (account, { repository }) => ({ repository: account.getWritable(String(repository)) });

const inEnvironment: Place = (account, inputs) => {
  const { repository, environment } = environmentOf(account, inputs);
  return { repository, environment: environment.name };
};

function isIn({ repository, environment }: Scope, record: { repoId: number; environment?: string; name: string }, name: string): boolean {
  return record.repoId === repository.repoId && same(record.environment ?? "", environment ?? "") && same(record.name, name);
}

/** The parts of an id: `repository:NAME`, or `repository:environment:NAME`. */
function placeAt(account: GithubAccount, id: string, hasEnvironment: boolean): { inputs: Values; scope: Scope; name: string } | undefined {
  const [repositoryName, rest] = splitId(id);
  const [part, name] = hasEnvironment ? splitId(rest) : ["", rest];
  const repository = account.find(repositoryName);
  const environment = repository && hasEnvironment ? findEnvironment(account, repository, unescaped(part)) : undefined;
  if (repository === undefined || (hasEnvironment && environment === undefined)) return undefined;
  const inputs: Values = { repository: repositoryName, ...(hasEnvironment ? { environment: unescaped(part) } : {}) };
  return { inputs, scope: { repository, environment: environment?.name }, name };
}

const idOf = ({ repository, environment }: Values, name: unknown): string =>
  [String(repository), ...(environment === undefined ? [] : [escaped(String(environment))]), String(name)].join(":");

function variables(place: Place, hasEnvironment: boolean): Handler {
  const find = (account: GithubAccount, scope: Scope, name: string): VariableRecord | undefined => account.state.variables.find((record) => isIn(scope, record, name));
  const outputsOf = (inputs: Values, { repoId, createdAt, updatedAt }: VariableRecord): Values => ({ ...inputs, repositoryId: repoId, createdAt, updatedAt });
  return {
    async create(account, inputs) {
      const scope = place(account, inputs);
      const name = String(inputs.variableName);
      const value = String(inputs.value);
      if (find(account, scope, name) !== undefined) throw new Error(`409 Already exists - Variable already exists: ${name} in ${scope.environment ?? scope.repository.name}`);
      refuseSize("variable", name, value);
      const record: VariableRecord = { repoId: scope.repository.repoId, environment: scope.environment, name, value, createdAt: now(), updatedAt: now() };
      account.state.variables.push(record);
      await account.save();
      return { id: idOf(inputs, name), outputs: outputsOf(inputs, record) };
    },
    async update(account, _, inputs) {
      const scope = place(account, inputs);
      const record = find(account, scope, String(inputs.variableName));
      if (record === undefined) throw new Error(`404 Not Found: there is no variable ${String(inputs.variableName)} in ${scope.environment ?? scope.repository.name}`);
      refuseSize("variable", record.name, String(inputs.value));
      Object.assign(record, { value: String(inputs.value), updatedAt: now() });
      await account.save();
      return outputsOf(inputs, record);
    },
    read(account, id) {
      const at = placeAt(account, id, hasEnvironment);
      const record = at && find(account, at.scope, at.name);
      const inputs: Values | undefined = record && { ...at.inputs, variableName: at.name, value: record.value };
      return Promise.resolve(inputs && record && { inputs, outputs: outputsOf(inputs, record) });
    },
    async delete(account, id) {
      const at = placeAt(account, id, hasEnvironment);
      if (at === undefined) return;
      account.refuseArchived(at.scope.repository);
      account.state.variables = account.state.variables.filter((record) => !isIn(at.scope, record, at.name));
      await account.save();
    },
  };
}

export const variableHandler = variables(inRepository, false);
export const environmentVariableHandler = variables(inEnvironment, true);

/** The public key that a repository's environment is said to have. */
const KEY_ID = "3380189982652154440";

const findSecret = (account: GithubAccount, scope: Scope, name: string): SecretRecord | undefined => account.state.secrets.find((record) => isIn(scope, record, name));

const secretOutputs = (inputs: Values, { repoId, createdAt, updatedAt }: SecretRecord): Values =>
  ({ ...inputs, keyId: KEY_ID, repositoryId: repoId, createdAt, updatedAt, remoteUpdatedAt: updatedAt });

/** Whether a value is the secret's: all that can be known of it. */
export function isSecretValue({ hash, salt }: Pick<SecretRecord, "hash" | "salt">, value: string): boolean {
  return hashed(salt, value) === hash;
}

function hashed(salt: string, value: string): string {
  return createHash("sha256").update(salt).update(value).digest("hex");
}

export const secretHandler: Handler = {
  async create(account, inputs) {
    const scope = inEnvironment(account, inputs);
    const name = String(inputs.secretName);
    const value = String(inputs.value ?? inputs.plaintextValue);
    refuseSize("secret", name, value);
    const salt = randomBytes(16).toString("hex");
    const found = findSecret(account, scope, name);
    const record: SecretRecord = {
      ...{ repoId: scope.repository.repoId, environment: scope.environment ?? "", name, salt, hash: hashed(salt, value) },
      ...{ createdAt: found?.createdAt ?? now(), updatedAt: now() },
    };
    account.state.secrets = [...account.state.secrets.filter((other) => other !== found), record];
    await account.save();
    return { id: idOf(inputs, name), outputs: secretOutputs(inputs, record) };
  },
  async update(account, _, inputs) {
    return (await this.create(account, inputs)).outputs;
  },
  read(account, id) {
    const at = placeAt(account, id, true);
    const record = at && findSecret(account, at.scope, at.name);
    const inputs: Values | undefined = at && { ...at.inputs, secretName: at.name };
    return Promise.resolve(inputs && record && { inputs, outputs: secretOutputs(inputs, record) });
  },
  async delete(account, id) {
    const at = placeAt(account, id, true);
    if (at === undefined) return;
    account.refuseArchived(at.scope.repository);
    account.state.secrets = account.state.secrets.filter((record) => !isIn(at.scope, record, at.name));
    await account.save();
  },
};
