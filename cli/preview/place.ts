import { Failure, projectRoot } from "../arguments.ts";
import type { Place } from "../pulumi.ts";

/**
 * Runs `work` where a stack's `pulumi` works: in this process's environment, or for the stack `local` with the local
 * platform around it, which must be up.
 */
export async function atPlace<T>(stack: string, configFile: string | undefined, work: (place: Place) => Promise<T>): Promise<T> {
  if (stack !== "local") return work({ root: projectRoot, stack, configFile, env: process.env });
  // Loaded only now: nobody else needs the stand-ins.
  const [{ withEngine }, { thisPlace }, { Problem }, local] = await Promise.all([
    import("../../local/with-engine.ts"),
    import("../../local/platform.ts"),
    import("../../local/problem.ts"),
    import("../../local/stack.ts"),
  ]);
  const place = thisPlace();
  try {
    return await withEngine(place, ({ env }) => work({ root: projectRoot, stack, configFile: configFile ?? local.configFile(place.folder), env }));
  } catch (error) {
    if (error instanceof Problem) throw new Failure(error.message);
    throw error;
  }
}
