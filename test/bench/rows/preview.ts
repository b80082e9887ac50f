import type { Bench } from "../bench-run.ts";
import { many } from "../bench-run.ts";
import type { Measured } from "../engine.ts";
import { megabytes, ratios, Sample, seconds, times, verdict } from "../measure.ts";
import { requireSameState } from "../same.ts";
import type { Line } from "../table.ts";

const few = 100;

/** Previews without a change: many teams against the flat program, and against few teams. */
export async function preview(bench: Bench): Promise<Line[]> {
  const projects = { mooring: await bench.project(many), flat: await bench.flatProject(many), few: await bench.project(few) };
  const entries = projects.mooring.resources();
  requireSameState(entries, projects.flat.resources());
  const runs: Record<keyof typeof projects, Measured[]> = { mooring: [], flat: [], few: [] };
  for (let repetition = 0; repetition < bench.repetitions(2, 1); repetition++) {
    for (const name of ["mooring", "flat", "few"] as const) {
      const run = await projects[name].preview();
      runs[name].push(run);
      bench.say(`preview, ${name === "few" ? `mooring, ${few}` : `${name}, ${many}`} teams: ${seconds(run.seconds)}, program ${megabytes(run.program)}${run.cli === undefined ? "" : `, CLI ${megabytes(run.cli)}`}`);
    }
  }

  const sample = (name: keyof typeof projects, field: "seconds" | "program") => new Sample(runs[name].map((run) => run[field]));
  const against = (what: string, field: "seconds" | "program", format: (value: number) => string): Line => {
    const [ours, flat] = [sample("mooring", field), sample("flat", field)];
    const ratio = ratios(ours, flat);
    return { what, measured: `flat ${flat.text(format)}, mooring ${ours.text(format)}`, result: ratio.text(times), goal: "≤ 0.75 ×", verdict: verdict(ratio, { atMost: 0.75 }) };
  };
  const cli = (name: keyof typeof projects) => runs[name].flatMap((run) => (run.cli === undefined ? [] : [run.cli]));
  const growth = ratios(sample("mooring", "seconds"), sample("few", "seconds"));
  const lines = [
    against(`no-change preview, ${many} teams, ${entries.length} resources: time`, "seconds", seconds),
    against(`no-change preview, ${many} teams: memory of the program`, "program", megabytes),
    {
      what: `growth: preview of ${many} ÷ ${few} teams`,
      measured: `${few} teams ${sample("few", "seconds").text(seconds)}`,
      result: growth.text(times),
      goal: "≤ 10 ×",
      verdict: verdict(growth, { atMost: 10 }),
    },
  ];
  if (cli("mooring").length > 0 && cli("flat").length > 0) {
    const [ours, flat] = [new Sample(cli("mooring")), new Sample(cli("flat"))];
    lines.splice(2, 0, { what: `no-change preview, ${many} teams: memory of the CLI`, measured: `flat ${flat.text(megabytes)}, mooring ${ours.text(megabytes)}`, result: times(ours.median / flat.median), goal: "none", verdict: "stated" });
  }
  return lines;
}
