/** What Prometheus says of rules and queries: the program of local/toolchain/prometheus-rules, with types. */
import { execFileSync } from "node:child_process";
import { silentProgress } from "../local/progress.ts";
import { providePrometheusRules } from "../local/toolchain/prometheus-rules.ts";

export interface Series {
  /** With `__name__`. */
  labels: Record<string, string>;
  /** A time in seconds and a value each, in order. */
  samples: [number, number][];
}

export interface Question {
  /** A file of rules. */
  rules?: string;
  series?: Series[];
  queries?: string[];
  /** In seconds. */
  at?: number;
}

/** `selected`: for each query the labels of what it selects. Throws where a query cannot be read. */
export async function askPrometheus(question: Question): Promise<{ faults: string[]; selected: Record<string, string>[][] }> {
  const program = await providePrometheusRules({ progress: silentProgress });
  const answer = execFileSync(program, { input: JSON.stringify(question), encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
  return JSON.parse(answer) as { faults: string[]; selected: Record<string, string>[][] };
}
