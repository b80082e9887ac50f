/** What the doctor looks at: this machine and, through it, Azure and GitHub. A test gives another. */
import { az } from "../az.ts";
import type { Az } from "../az.ts";
import { execute } from "../execute.ts";

export interface Machine {
  env: NodeJS.ProcessEnv;
  /** The version of the Node that runs this. */
  nodeVersion: string;
  execute: typeof execute;
  az: Az;
  /** Asks GitHub; not for anything that changes. */
  fetch: typeof fetch;
  /** The clock. */
  now(): Date;
}

export const thisMachine: Machine = { env: process.env, nodeVersion: process.versions.node, execute, az, fetch, now: () => new Date() };
