/** The stacks whose requests to Azure are checked, evaluated. */
import { join } from "node:path";
import type { Registration } from "../../cli/render/evaluate.ts";
import { readStackFile } from "../../cli/stack-file.ts";
import { Program } from "../evaluate.ts";
import { everything, root } from "./files.ts";

export interface Stack {
  name: string;
  program: Program;
  /** What is registered in Azure. */
  resources: Registration[];
}

/** One after the other: the SDK keeps what it registers in one place. */
export async function evaluateStacks(): Promise<Stack[]> {
  const stacks: Stack[] = [];
  for (const file of [join(root, "Pulumi.staging.yaml"), join(root, "Pulumi.prod.yaml"), ...everything]) {
    const { environment, configuration, mistakes } = readStackFile({ root, file });
    if (configuration === undefined) throw new Error(mistakes.map(({ path, message }) => `${path}: ${message}`).join("\n"));
    const program = await whole(environment, () => Program.of(configuration));
    const resources = program.registrations.filter(({ type, custom }) => custom && type.startsWith("azure-native:"));
    stacks.push({ name: environment, program, resources });
  }
  return stacks;
}

/** The SDK drops a resource whose arguments cannot be had, and only an unhandled rejection tells. */
async function whole<T>(stack: string, evaluate: () => Promise<T>): Promise<T> {
  const lost: unknown[] = [];
  const note = (reason: unknown) => lost.push(reason);
  process.on("unhandledRejection", note);
  try {
    const result = await evaluate();
    // Rejections are told when what is under way has come to rest.
    await new Promise((resolve) => setImmediate(resolve));
    if (lost.length === 0) return result;
  } catch (error) {
    lost.unshift(error);
  } finally {
    process.off("unhandledRejection", note);
  }
  throw new Error(`the stack ${stack} cannot be evaluated: ${String(lost[0])}`, { cause: lost[0] });
}

/** What Azure might answer, in place of what stands in a rendering for values that exist only after `up`. */
const samples: Readonly<Record<string, (resource: string) => string>> = {
  id: (resource) => `/subscriptions/8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/rg/providers/Microsoft.Sample/samples/${resource}`,
  principalId: () => "1d7f8e2a-3b4c-4d5e-8f60-718293a4b5c6",
  objectId: () => "1d7f8e2a-3b4c-4d5e-8f60-718293a4b5c6",
  clientId: () => "2e8f9a3b-4c5d-4e6f-9071-8293a4b5c6d7",
  result: () => "a1b2c3",
  repoId: () => "815",
  issuerURL: () => "https://westeurope.oic.prod-aks.azure.com/5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e/3f9a0b4c-5d6e-4f70-8192-a3b4c5d6e7f8/",
};

/** `value` with every `<resource.output>` replaced. Throws for an output without a sample. */
export function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item)]));
  if (typeof value !== "string") return value;
  return value.replace(/<([^<>]+)\.([^<>.]+)>/g, (reference: string, resource: string, output: string) => {
    const sample = samples[output];
    if (sample === undefined) throw new Error(`no sample for ${reference}; add one to test/conformance/stacks.ts`);
    return sample(resource);
  });
}
