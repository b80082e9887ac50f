import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readStackFile } from "../../../cli/stack-file.ts";
import type { Bench } from "../bench-run.ts";
import { checkOut, checkOutTemplate, nodeArguments, projectRoot } from "../checkout.ts";
import { flatProgram } from "../flat.ts";
import { ratios, Sample, seconds, times, verdict } from "../measure.ts";
import { runProgram } from "../program.ts";
import type { Program } from "../program.ts";
import { requireSame } from "../same.ts";
import type { Line } from "../table.ts";

/** Warm runs vary more, in relation, and are short. */
const warmRuns = 2;

/**
 * From the start of Node to the first registration: the stack `staging` of this project, against the same resources
 * declared in a project of Pulumi's template for TypeScript.
 */
export async function programStart(bench: Bench): Promise<Line[]> {
  const monitor = await bench.monitor();
  const stack = "staging";
  const { configuration, mistakes } = readStackFile({ root: projectRoot, stack });
  if (configuration === undefined) throw new Error(mistakes.map(({ message }) => message).join("\n"));
  const common = { stack, configuration: configuration.values };
  const folders = { mooring: bench.folder("start-mooring"), template: bench.folder("start-template") };
  checkOut(folders.mooring, bench.source, []);
  const mooring: Program = { ...common, folder: folders.mooring, entryPoint: "index.ts", nodeArguments: nodeArguments(bench.source), typescript: false };
  const temporary = bench.folder("start-temporary");
  await runProgram(mooring, monitor, temporary);
  const declared = [...monitor.registered];
  checkOutTemplate(folders.template, flatProgram(declared, "commonjs"));
  const template: Program = { ...common, folder: folders.template, entryPoint: ".", nodeArguments: [], typescript: true };

  // Node's compiled code is kept among the packages (cli/preload.mjs), ts-node's in the folder for temporary files.
  const caches = { mooring: join(folders.mooring, "node_modules/.cache"), template: temporary };
  const fresh = { mooring: [] as number[], template: [] as number[] };
  const warm = { mooring: [] as number[], template: [] as number[] };
  const start = (name: keyof typeof caches) => runProgram({ mooring, template }[name], monitor, temporary);
  for (let repetition = 0; repetition < bench.repetitions(5, 2); repetition++) {
    for (const name of ["mooring", "template"] as const) {
      empty(caches[name]);
      fresh[name].push(await start(name));
      if (readdirSync(caches[name]).length === 0) throw new Error(`the ${name} program keeps its compiled code elsewhere; correct test/bench/rows/start.ts`);
      if (name === "template" && repetition === 0) requireSame(declared, monitor.registered);
    }
    for (let run = 0; run < warmRuns; run++) {
      for (const name of ["mooring", "template"] as const) warm[name].push(await start(name));
    }
    bench.say(`start: fresh ${seconds(fresh.mooring.at(-1)!)} and ${seconds(fresh.template.at(-1)!)}, warm ${seconds(warm.mooring.at(-1)!)} and ${seconds(warm.template.at(-1)!)}`);
  }
  const line = (what: string, runs: typeof fresh, atLeast: number): Line => {
    const [ours, theirs] = [new Sample(runs.mooring), new Sample(runs.template)];
    const faster = ratios(theirs, ours);
    return { what, measured: `template ${theirs.text(seconds)}, mooring ${ours.text(seconds)}`, result: `${faster.text(times)} faster`, goal: `≥ ${atLeast} ×`, verdict: verdict(faster, { atLeast }) };
  };
  return [line("program start, fresh checkout", fresh, 5), line("program start, warm", warm, 1.4)];
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
}
