import type { Engine } from "./engine.ts";
import { lockPlatform, openPlatform, readRecord } from "./platform.ts";
import { Problem } from "./problem.ts";
import { silentProgress } from "./progress.ts";
import { clearStaleLock, prepareStack } from "./stack.ts";
import type { Place } from "./stack.ts";

/**
 * Lets a command work with the engine of the local platform, on its stack. Throws a Problem when the platform is not
 * running, or when another command is at work.
 */
export async function withEngine<T>(place: Place, work: (engine: Engine) => Promise<T>): Promise<T> {
  const record = readRecord(place);
  if (record === undefined) throw new Problem("The local platform is not running; `npm start` brings it up.");
  const lock = lockPlatform(place);
  try {
    const { engine } = await openPlatform({ place, context: record.context, progress: silentProgress });
    try {
      await prepareStack(engine, place);
      await clearStaleLock(engine, place, (line) => process.stderr.write(`${line}\n`));
      return await work(engine);
    } finally {
      await engine.close();
    }
  } finally {
    lock.release();
  }
}
