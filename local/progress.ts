/** Progress of long steps, as lines: one when a step begins, one every minute, one when it ends. */

/** How often a long step says that it is still at work. */
const REMINDER_MS = 60_000;
/** How often a step that can tell how far it is says so. */
const DETAIL_MS = 10_000;

export interface Progress {
  /** A line of its own. */
  say(line: string): void;
  /**
   * Runs `work`, saying `title` at the start and the time it took at the end; its failure is passed on. `detail` tells
   * how far it is, for example `38 created`.
   */
  step<T>(title: string, work: () => Promise<T>, detail?: () => string): Promise<T>;
}

/** Progress written to `stream` (default: standard output). */
export function lineProgress(stream: NodeJS.WritableStream = process.stdout): Progress {
  const say = (line: string): void => { stream.write(`${line}\n`); };
  return {
    say,
    async step(title, work, detail) {
      const begun = performance.now();
      say(`${title} …`);
      const remind = (): void => say([`${title} … ${clock(performance.now() - begun)}`, ...(detail ? [detail()] : [])].join(", "));
      const reminder = setInterval(remind, detail ? DETAIL_MS : REMINDER_MS);
      try {
        const result = await work();
        say(`${title}: done in ${duration(performance.now() - begun)}`);
        return result;
      } finally {
        clearInterval(reminder);
      }
    },
  };
}

/** Says nothing: for tests and commands whose output is somebody else's. */
export const silentProgress: Progress = { say: () => {}, step: (_title, work) => work() };

/** `1:20`, minutes and seconds. */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `0.8 s`, `42 s`, `3:05 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 60_000) return `${Math.round(milliseconds / 1000)} s`;
  return `${clock(milliseconds)} min`;
}
