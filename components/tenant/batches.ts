import * as pulumi from "@pulumi/pulumi";

/** Exists in the SDK, but its type is left out of the published declarations. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** Tenants whose registrations are under way at a time. */
const batchSize = 20;

/**
 * Registers what `register(item)` makes below `parent` for every item, some at a time.
 *
 * The SDK keeps a stack trace for each registration, the resource itself and everything of its registration in memory:
 * without batches a thousand tenants take 2.5 GB and twice the time. What a batch registered is let go when the engine
 * has answered, so nothing may depend on `parent` or on an item as a whole. Traces come back for whatever follows.
 */
export async function inBatches<T>(parent: pulumi.Resource, items: readonly T[], register: (item: T) => pulumi.Resource[]): Promise<void> {
  const restore = stopTraces();
  try {
    for (let start = 0; start < items.length; start += batchSize) {
      const registered = items.slice(start, start + batchSize).flatMap(register);
      if (items.length <= batchSize) return;
      await waitForRPCs();
      // The SDK's own list, by which it expands a dependency on a component.
      const { __childResources: children } = parent as unknown as { __childResources?: Set<pulumi.Resource> };
      for (const resource of registered) children?.delete(resource);
    }
  } finally {
    restore();
  }
}

/** The same for a few resources that are always there. */
export function withoutTraces<T>(make: () => T): T {
  const restore = stopTraces();
  try {
    return make();
  } finally {
    restore();
  }
}

function stopTraces(): () => void {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 0;
  // The SDK raises the limit again for the trace it keeps of a resource, which would name this machine's folders in the state.
  Error.prepareStackTrace = String;
  return () => void Object.assign(Error, { stackTraceLimit, prepareStackTrace });
}
