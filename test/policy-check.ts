/** Asks one rule of the policy pack about one resource, as the pack's server does. */
import { UnknownValueError, unknownCheckingProxy } from "@pulumi/policy";
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";

export interface Example {
  type: string;
  props: Record<string, unknown>;
  /** Default: one beneath the platform. */
  urn?: string;
  protect?: boolean;
}

/** A value that is not known in a preview, as the engine marks a text. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the resource is the rule's business, and what it says against it. */
export async function ask(rule: ResourceValidationPolicy, example: Example): Promise<{ applies: boolean; said: string[] }> {
  const { type, props, urn = `urn:pulumi:staging::mooring::mooring:index:Platform$${type}::example`, protect = false } = example;
  const said: string[] = [];
  const types = (resourceClass: unknown): string => (resourceClass as { __pulumiType: string }).__pulumiType;
  const args = {
    type,
    urn,
    name: urn.split("::").at(-1)!,
    props: unknownCheckingProxy(props),
    opts: { protect, ignoreChanges: [], aliases: [], customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 }, additionalSecretOutputs: [] },
    stackTags: new Map(),
    isType: (resourceClass) => types(resourceClass) === type,
    asType: () => undefined,
    getConfig: <T>() => ({}) as T,
    notApplicable: (): never => {
      throw new NotApplicable();
    },
  } satisfies ResourceValidationArgs;
  const { validateResource } = rule;
  // A list would make Pulumi call the rule not applicable (policies/of-types.ts).
  if (typeof validateResource !== "function") throw new Error(`${rule.name} has no single validation`);
  try {
    await validateResource(args, (message: string) => said.push(message));
  } catch (error) {
    if (error instanceof NotApplicable) return { applies: false, said };
    if (!(error instanceof UnknownValueError)) throw error;
    said.push(`not known: ${(error as Error).message}`);
  }
  return { applies: true, said };
}

class NotApplicable extends Error {}
