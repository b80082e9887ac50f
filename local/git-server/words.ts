/** How to clone as Flux does, told to the person who started the platform. */
import { dirname, join } from "node:path";
import type { StateResource } from "../summary.ts";
import { isObject } from "../standins/shape.ts";
import type { Values } from "../standins/contract.ts";
import { shellWord } from "./config.ts";
import type { GitServer } from "./server.ts";

interface Source {
  namespace: string;
  secret: string;
  /** `owner/name` */
  repository: string;
}

/** The first source in the stack that Flux reads with a key. `exported`: what `pulumi stack export` printed. */
export function firstSource(exported: string): Source | undefined {
  const { deployment } = JSON.parse(exported) as { deployment: { resources?: StateResource[] } };
  for (const { type, outputs } of deployment.resources ?? []) {
    if (!/^kubernetes:source\.toolkit\.fluxcd\.io\/\w+:GitRepository$/.test(type)) continue;
    const { metadata, spec } = (outputs ?? {}) as Values;
    if (!isObject(metadata) || !isObject(spec) || !isObject(spec.secretRef)) continue;
    const [, repository] = /^ssh:\/\/[^/]+\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(String(spec.url)) ?? [];
    if (repository !== undefined) return { namespace: String(metadata.namespace), secret: String(spec.secretRef.name), repository };
  }
  return undefined;
}

/** Lines for the farewell. `kubectl`: the command with its options, absent where there is none; `near` shortens a path. */
export function cloneLines(git: { server: GitServer } | { missing: string }, exported: string, { kubectl, near }: { kubectl: string | undefined; near: (path: string) => string }): string[] {
  if ("missing" in git) return [`  not over SSH: ${git.missing}`];
  const { server } = git;
  const lines = [`  over SSH, with a deploy key: ${server.base}/<owner>/<repository>.git`];
  const source = firstSource(exported);
  if (source === undefined || kubectl === undefined) return lines;
  const folder = dirname(server.knownHostsFile);
  const key = shellWord(near(join(folder, "flux-key")));
  const ssh = `ssh -i ${key} -o IdentitiesOnly=yes -o UserKnownHostsFile=${shellWord(near(server.knownHostsFile))}`;
  return [
    ...lines,
    `    (umask 077; ${kubectl} -n ${source.namespace} get secret ${source.secret} -o jsonpath='{.data.identity}' | base64 -d > ${key})`,
    `    GIT_SSH_COMMAND="${ssh}" git clone ${server.base}/${source.repository}.git`,
  ];
}
