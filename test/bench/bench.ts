/**
 * `npm run bench [-- name …] [-- --quick]`: the performance that Mooring holds itself to, measured on this machine.
 * Ratios come from one run, what is compared taking turns. Exits with 1 when a goal is missed by more than the noise.
 * `--quick` repeats less, and leaves out what has no goal unless it is named.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Problem, runCommand } from "../../local/problem.ts";
import { Bench } from "./bench-run.ts";
import { admission } from "./rows/admission.ts";
import { addTenant } from "./rows/add.ts";
import { check, render } from "./rows/commands.ts";
import { preview } from "./rows/preview.ts";
import { programStart } from "./rows/start.ts";
import { smallestTenant } from "./rows/tenant.ts";
import { table } from "./table.ts";
import type { Line } from "./table.ts";

const rows: Record<string, (bench: Bench) => Promise<Line[]>> = { start: programStart, tenant: smallestTenant, check, render, admission, preview, add: addTenant };

/** Rows that only state what is. */
const withoutGoal = ["add"];

/** Things a reader of the numbers must know. */
const notes = [
  "Of several repetitions the median, and in brackets the least and the most.",
  "fresh: empty compile caches, files already read once by the system; warm: the run after.",
  "Previews and updates: the real engine and a state in files, over providers that only echo, so that no cloud and no etcd is measured.",
  "Admission rules: server-side dry runs against a real API server, with the rules' bindings and without them by turns.",
  "flat: one file that declares the same resources by hand, teams in a loop; run with the same Node options.",
];

await runCommand(async () => {
  const { names, quick } = readArguments();
  const scratch = mkdtempSync(join(tmpdir(), "mooring-bench-"));
  const clean = (): void => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", clean);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  // Node's compile cache of what is measured goes there too.
  process.env.TMPDIR = join(scratch, "tmp");
  process.env.TEMP = process.env.TMPDIR;
  mkdirSync(process.env.TMPDIR);

  const bench = new Bench(scratch, quick);
  const lines: Line[] = [];
  try {
    for (const name of names) lines.push(...(await rows[name]!(bench)));
  } finally {
    await bench.close();
  }
  const [oneMinute = 0] = loadavg();
  console.log(`\n${table(lines)}\n`);
  for (const note of notes) console.log(note);
  console.log(`Machine: ${availableParallelism()} cores, ${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}, load ${oneMinute.toFixed(1)} at the end.`);
  const missed = lines.filter(({ verdict }) => verdict === "not met");
  if (missed.length > 0) console.log(`Not met: ${missed.map(({ what }) => what).join("; ")}.`);
  return missed.length > 0 ? 1 : 0;
});

function readArguments(): { names: string[]; quick: boolean } {
  const known = Object.keys(rows);
  const usage = `usage: npm run bench -- [--quick] [${known.join("] [")}]`;
  try {
    const { values, positionals } = parseArgs({ options: { quick: { type: "boolean", default: false } }, allowPositionals: true });
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Problem(`there is no row ${unknown}\n${usage}`);
    const { quick } = values;
    const chosen = positionals.length > 0 ? positionals : known.filter((name) => !quick || !withoutGoal.includes(name));
    return { names: known.filter((name) => chosen.includes(name)), quick };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(`${error instanceof Error ? error.message.split(". ")[0] : String(error)}\n${usage}`);
  }
}
