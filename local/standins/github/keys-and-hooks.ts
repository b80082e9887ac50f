/** Deploy keys and webhooks of a repository. */
import type { Values } from "../contract.ts";
import type { GithubAccount, HookRecord, KeyRecord } from "./account.ts";
import { etag } from "./etag.ts";
import type { Handler } from "./handler.ts";
import { splitId } from "./handler.ts";
import { publicKeyOf } from "./ssh-key.ts";

function keyInputs(repository: string, { key, title, readOnly }: KeyRecord): Values {
  return { repository, key, title, readOnly };
}

export const deployKeyHandler: Handler = {
  async create(account, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    const { data } = publicKeyOf(String(inputs.key));
    if (account.state.keys.some((other) => other.key.trim().split(/\s+/)[1] === data)) throw new Error("422 Validation Failed: key is already in use");
    const record: KeyRecord = { id: account.newId(), repoId: repository.repoId, title: String(inputs.title), key: String(inputs.key), readOnly: inputs.readOnly === true };
    account.state.keys.push(record);
    account.publish(repository);
    await account.save();
    return { id: `${repository.name}:${record.id}`, outputs: { ...inputs, etag: etag(inputs) } };
  },
  read(account, id) {
    const [name, number] = splitId(id);
    const record = account.state.keys.find((key) => key.id === Number(number) && key.repoId === account.find(name)?.repoId);
    const inputs = record && keyInputs(name, record);
    return Promise.resolve(inputs && { inputs, outputs: { ...inputs, etag: etag(inputs) } });
  },
  async delete(account, id) {
    const [name, number] = splitId(id);
    const repository = account.find(name);
    if (repository === undefined || repository.inputs.archived === true) return;
    account.state.keys = account.state.keys.filter((key) => key.id !== Number(number) || key.repoId !== repository.repoId);
    account.publish(repository);
    await account.save();
  },
};

function hookOutputs(account: GithubAccount, hook: HookRecord): Values {
  return { ...hook.inputs, url: `${account.hosts.api}/repos/${account.owner}/${String(hook.inputs.repository)}/hooks/${hook.id}`, etag: etag(hook.inputs) };
}

/**
 * GitHub takes several hooks for one address as long as no event calls two of them.
 * Source: docs.github.com/rest/repos/webhooks, "Create a repository webhook". Checked 2026-11-21.
 */
function refuseTwin(account: GithubAccount, repoId: number, inputs: Values, but?: HookRecord): void {
  const urlOf = (values: Values): string => JSON.stringify((values.configuration as Values | undefined)?.url);
  const events = inputs.events as string[];
  const overlaps = (others: string[]): boolean => others.some((event) => event === "*" || events.includes("*") || events.includes(event));
  if (account.state.hooks.some((hook) => hook !== but && hook.repoId === repoId && urlOf(hook.inputs) === urlOf(inputs) && overlaps(hook.inputs.events as string[]))) {
    throw new Error("422 Validation Failed: Hook already exists on this repository");
  }
}

export const webhookHandler: Handler = {
  async create(account, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    refuseTwin(account, repository.repoId, inputs);
    const hook: HookRecord = { id: account.newId(), repoId: repository.repoId, inputs };
    account.state.hooks.push(hook);
    account.publish(repository);
    await account.save();
    return { id: String(hook.id), outputs: hookOutputs(account, hook) };
  },
  async update(account, id, inputs) {
    const hook = account.state.hooks.find((candidate) => candidate.id === Number(id));
    if (hook === undefined) throw new Error(`404 Not Found: the webhook ${id} does not exist`);
    const repository = account.getWritable(String(inputs.repository));
    refuseTwin(account, repository.repoId, inputs, hook);
    hook.inputs = inputs;
    account.publish(repository);
    await account.save();
    return hookOutputs(account, hook);
  },
  read(account, id) {
    const hook = account.state.hooks.find((candidate) => candidate.id === Number(id.slice(id.lastIndexOf("/") + 1)));
    return Promise.resolve(hook && { inputs: hook.inputs, outputs: hookOutputs(account, hook) });
  },
  async delete(account, id) {
    const hook = account.state.hooks.find((candidate) => candidate.id === Number(id));
    const repository = account.state.repositories.find((candidate) => candidate.repoId === hook?.repoId);
    if (hook === undefined || repository === undefined || repository.inputs.archived === true) return;
    account.state.hooks = account.state.hooks.filter((candidate) => candidate !== hook);
    account.publish(repository);
    await account.save();
  },
};
