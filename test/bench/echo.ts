/**
 * Providers that make nothing: they keep what they are given and answer what the program asks for. With them a
 * preview shows the time of the program and the engine, not that of a cloud.
 */
import type { StandIn, Values } from "../../local/standins/contract.ts";
import { changedPaths, formatPath } from "../../local/standins/serve/paths.ts";
import { packages, versionOf } from "../../local/plugins.ts";
import { answerInvoke, answerResource } from "../../cli/render/answers.ts";

export function echoProviders(): StandIn[] {
  return packages.map((name) => ({
    package: name,
    version: versionOf(name),
    check: ({ news }) => ({ inputs: news }),
    diff: ({ oldInputs, news }) => ({ changes: changedPaths(oldInputs, news).map(formatPath) }),
    create: ({ type, name: resource, inputs }) => {
      const { id, state } = answerResource(type, resource, inputs);
      return Promise.resolve({ id, outputs: state as Values });
    },
    update: ({ type, name: resource, news }) => Promise.resolve(answerResource(type, resource, news).state as Values),
    read: ({ id, inputs, outputs }) => Promise.resolve({ id, inputs, outputs }),
    delete: () => Promise.resolve(),
    invoke: (token, args) => Promise.resolve(answerInvoke(token, args) as Values),
  }));
}
