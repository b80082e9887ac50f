import type { Bench } from "../bench-run.ts";
import { many } from "../bench-run.ts";
import { writeTeam } from "../checkout.ts";
import { megabytes, Sample, seconds } from "../measure.ts";
import type { Line } from "../table.ts";

/** Updates that add one team to many, with the state in files. */
export async function addTenant(bench: Bench): Promise<Line[]> {
  const project = await bench.project(many);
  const before = project.resources().length;
  const runs = { default: [] as number[], skipped: [] as number[] };
  let added = 0;
  for (let repetition = 0; repetition < bench.repetitions(2, 1); repetition++) {
    for (const name of ["default", "skipped"] as const) {
      writeTeam(project.folder, `team-new-${++added}`);
      const { seconds: time } = await project.up({ checkpoints: name === "default" });
      runs[name].push(time);
      bench.say(`add one team to ${many}, ${name === "default" ? "default checkpoints" : "PULUMI_SKIP_CHECKPOINTS"}: ${seconds(time)}`);
    }
  }
  const entries = (project.resources().length - before) / added;
  const line = (what: string, times: number[]): Line => ({ what, measured: `${entries} entries, state of ${megabytes(project.stateBytes)}`, result: new Sample(times).text(seconds), goal: "stated", verdict: "stated" });
  return [
    line(`\`up\` that adds one team to ${many}, state in files`, runs.default),
    line("the same with PULUMI_SKIP_CHECKPOINTS=true", runs.skipped),
  ];
}
