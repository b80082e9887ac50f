import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStackFile } from "../../cli/stack-file.ts";
import { checkOut, checkOutFlat, copySources, projectRoot, stack, teamNames, usualTenant } from "./checkout.ts";
import { openEngine } from "./engine.ts";
import type { Engine, Project } from "./engine.ts";
import { flatLoopProgram } from "./flat.ts";
import { Monitor } from "./monitor.ts";
import type { Registered } from "./monitor.ts";
import { runProgram } from "./program.ts";

/** The many teams of the table. */
export const many = 1000;

/** One run of the bench: its folder, and what several rows need, made when it is first asked for. */
export class Bench {
  readonly quick: boolean;
  /** A copy of the program as it was when the bench began. */
  readonly source: string;
  private readonly scratch: string;
  private readonly made = new Map<string, unknown>();
  private evaluations = 0;
  private readonly closers: (() => Promise<void> | void)[] = [];

  constructor(scratch: string, quick: boolean) {
    this.scratch = scratch;
    this.quick = quick;
    this.source = this.folder("source");
    copySources(projectRoot, this.source);
  }

  say(line: string): void {
    console.log(line);
  }

  /** How often a measurement is repeated. */
  repetitions(usually: number, quick: number): number {
    return this.quick ? quick : usually;
  }

  /** An empty folder of this name. */
  folder(name: string): string {
    const folder = join(this.scratch, name);
    mkdirSync(folder);
    return folder;
  }

  monitor(): Promise<Monitor> {
    return this.once("monitor", async () => {
      const monitor = await Monitor.serve();
      this.closers.push(() => monitor.close());
      return monitor;
    });
  }

  /** A copy of the program with this many usual teams. */
  checkout(teams: number): Promise<string> {
    return this.once(`checkout-${teams}`, () => {
      const folder = this.folder(`mooring-${teams}`);
      checkOut(folder, this.source, teamNames(teams));
      return folder;
    });
  }

  /** What the program registers for these teams. */
  async registered(teams: readonly string[], tenant = usualTenant): Promise<Registered[]> {
    const folder = this.folder(`registered-${++this.evaluations}`);
    checkOut(folder, this.source, teams, tenant);
    const { configuration } = readStackFile({ root: folder, stack });
    const monitor = await this.monitor();
    await runProgram({ folder, stack, entryPoint: "index.ts", nodeArguments: [], typescript: false, configuration: configuration!.values }, monitor, folder);
    return [...monitor.registered];
  }

  /** The program with this many teams in a stack of its own, everything up. */
  project(teams: number): Promise<Project> {
    return this.once(`project-${teams}`, async () => this.bringUp(await this.checkout(teams), `mooring, ${teams} teams`));
  }

  /** The flat program for the same teams, everything up. */
  flatProject(teams: number): Promise<Project> {
    return this.once(`flat-${teams}`, async () => {
      const example = "sampleteam";
      const folder = this.folder(`flat-${teams}`);
      const registered = await this.registered([example]);
      checkOutFlat(folder, this.source, flatLoopProgram(registered, "esm", example, { inBatches: true }), teamNames(teams));
      const project = await this.bringUp(folder, `flat, ${teams} teams`);
      // Only what makes the state is hurried; what is measured is the usual way.
      writeFileSync(join(folder, "index.ts"), flatLoopProgram(registered, "esm", example));
      return project;
    });
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close();
  }

  private async bringUp(folder: string, title: string): Promise<Project> {
    const engine = await this.engine();
    const project = await engine.open(folder);
    const { seconds } = await project.up({ checkpoints: false });
    this.say(`${title}: up in ${seconds.toFixed(0)} s`);
    return project;
  }

  private engine(): Promise<Engine> {
    return this.once("engine", async () => {
      const engine = await openEngine();
      this.closers.push(() => engine.close());
      return engine;
    });
  }

  private once<T>(key: string, make: () => T | Promise<T>): Promise<T> {
    if (!this.made.has(key)) this.made.set(key, Promise.resolve(make()));
    return this.made.get(key) as Promise<T>;
  }
}
