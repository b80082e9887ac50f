/** The small commands, each as a process of its own. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { splitWords } from "../../../local/language-host/words.ts";
import type { Bench } from "../bench-run.ts";
import { many } from "../bench-run.ts";
import { peakOf, stack } from "../checkout.ts";
import { megabytes, Sample, seconds, verdict } from "../measure.ts";
import { run } from "../processes.ts";
import type { Line } from "../table.ts";

const few = 3;

export async function check(bench: Bench): Promise<Line[]> {
  const folder = await bench.checkout(many);
  const runs: number[] = [];
  for (let repetition = 0; repetition < bench.repetitions(7, 3); repetition++) runs.push((await command(folder, "check", [stack])).seconds);
  const sample = new Sample(runs);
  bench.say(`check, ${many} teams: ${sample.text(seconds)}`);
  return [{ what: `\`npm run check\`, ${many} teams`, measured: `${runs.length} runs`, result: sample.text(seconds), goal: "≤ 1 s", verdict: verdict(sample, { atMost: 1 }) }];
}

export async function render(bench: Bench): Promise<Line[]> {
  const small = await renders(bench, few, bench.repetitions(5, 2));
  const large = await renders(bench, many, bench.repetitions(3, 1));
  const line = (teams: number, { time }: Renders, atMost: number): Line => ({
    what: `\`npm run render\`, ${teams} teams`,
    measured: `${time.values.length} runs`,
    result: time.text(seconds),
    goal: `≤ ${atMost} s`,
    verdict: verdict(time, { atMost }),
  });
  return [
    line(few, small, 2),
    line(many, large, 15),
    { what: `\`npm run render\`, ${many} teams: memory`, measured: "", result: large.memory.text(megabytes), goal: "≤ 1000 MB", verdict: verdict(large.memory, { atMost: 1e9 }) },
  ];
}

interface Renders {
  time: Sample;
  memory: Sample;
}

async function renders(bench: Bench, teams: number, repetitions: number): Promise<Renders> {
  const folder = await bench.checkout(teams);
  const out = join(folder, "rendered");
  const runs: { seconds: number; memory: number }[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const { seconds: time } = await command(folder, "render", [stack, "--out", out]);
    runs.push({ seconds: time, memory: peakOf(folder) });
    rmSync(out, { recursive: true });
  }
  const result = { time: new Sample(runs.map((one) => one.seconds)), memory: new Sample(runs.map(({ memory }) => memory)) };
  bench.say(`render, ${teams} teams: ${result.time.text(seconds)}, ${result.memory.text(megabytes)}`);
  return result;
}

/** Runs what package.json has under this name; npm's own time is left out. */
function command(folder: string, script: "check" | "render", args: readonly string[]) {
  const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const [program, ...words] = splitWords(scripts[script] ?? "");
  if (program !== "node") throw new Error(`the script ${script} of package.json is not run by node; correct test/bench/rows/commands.ts`);
  return run(process.execPath, ["--import", "./peak.mjs", ...words, ...args], { cwd: folder });
}
