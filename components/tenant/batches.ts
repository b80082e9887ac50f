import * as pulumi from "@pulumi/pulumi";

/** Exists in the SDK, but its type is left out of the published declarations. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** Tenants whose registrations are under way at a time. */
const batchSize = 20;

/**
 * Registers `register(item)` for every item, some at a time.
 *
 * The SDK keeps a stack trace for each registration and everything of a registration in memory until the engine has
 * answered: without batches a thousand tenants take 2.5 GB and twice the time. Traces come back for whatever follows.
 */
export async function inBatches<T>(items: readonly T[], register: (item: T) => void): Promise<void> {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 0;
    for (let start = 0; start < items.length; start += batchSize) {
      for (const item of items.slice(start, start + batchSize)) register(item);
      if (start + batchSize < items.length) await waitForRPCs();
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
