/**
 * `npm run expiry -- [<stack>...]`: what pipelines sign in with that ends on a known day. Exits with 1 when anything ends
 * within 30 days. The days are settings, so no credentials, no network and no engine are needed; the program itself
 * never looks at the clock, this command does.
 */
import { formatMistake } from "../components/settings/mistake.ts";
import type { Settings } from "../components/settings/settings.ts";
import { trustLists } from "../components/settings/trust.ts";
import { count, projectRoot, run, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { stackNames } from "./stack-file.ts";
import { readStackSettings } from "./stack-settings.ts";

/** The issuer of service connections of the old form, and the day on which Azure DevOps retires it. */
const oldForm = { issuer: "https://vstoken.dev.azure.com/", ends: "2027-07-01" };
const convert = "convert it in Azure DevOps and write its connectionId instead";

/** Something that stops working at the beginning of a day, by UTC. */
export interface Ending {
  /** The setting. */
  path: string;
  what: string;
  /** `2027-05-01` */
  day: string;
  remedy: string;
}

/** All that ends, in the order of the settings. */
export function endings(settings: Settings): Ending[] {
  const purposes = ["build", "deploy"] as const;
  const passwords = purposes.flatMap((purpose) =>
    settings.pipelines[purpose].secrets.map(({ number, expires }, index, [newest]) => ({
      path: `mooring:pipelines.${purpose}.password.secrets[${index}]`,
      what: `password ${number}`,
      day: expires,
      remedy: index === 0 ? `put a line with number ${number + 1} on top of it` : `drop its line once every pipeline has password ${newest!.number}`,
    })),
  );
  const connections = trustLists(settings).flatMap(({ path, trust }) =>
    trust.flatMap(({ name, issuer }, index) =>
      issuer.startsWith(oldForm.issuer)
        ? [{ path: `${path}[${index}]`, what: `service connection ${name}, of the old form`, day: oldForm.ends, remedy: convert }]
        : [],
    ),
  );
  return [...passwords, ...connections];
}

export interface ExpiryResult {
  /** One an ending, one a mistake in a stack file, and the summary. */
  lines: string[];
  /** False when something ends within the days, or has ended, or a stack file has a mistake. */
  right: boolean;
}

export function expiry(root: string, stacks: readonly string[], { days, today }: { days: number; today: Date }): ExpiryResult {
  const lines: string[] = [];
  let [all, soon, mistaken] = [0, 0, 0];
  for (const stack of stacks) {
    const { settings, mistakes } = readStackSettings({ root, stack });
    lines.push(...mistakes.map((mistake) => `wrong    ${stack}: ${formatMistake(mistake)}`));
    mistaken += mistakes.length;
    for (const ending of settings === undefined ? [] : endings(settings)) {
      const left = daysUntil(ending.day, today);
      all++;
      if (left <= days) soon++;
      lines.push(line(stack, ending, left, days));
    }
  }
  const within = count(days, "day");
  const found = all === 0 ? "nothing has an end" : soon === 0 ? `nothing ends within ${within}` : `${soon} of ${all} have ended or end within ${within}`;
  const summary = mistaken === 0 ? found : `${count(mistaken, "mistake")}; besides, ${found}`;
  return { lines: [...lines, `${stacks.join(", ")}: ${summary}`], right: soon === 0 && mistaken === 0 };
}

function line(stack: string, { path, what, day, remedy }: Ending, left: number, days: number): string {
  const state = left <= 0 ? "ended" : left <= days ? "soon" : "ok";
  const when = left < 0 ? `ended on ${day}, ${count(-left, "day")} ago` : left === 0 ? `ended on ${day}, today` : `ends on ${day}, in ${count(left, "day")}`;
  return `${state.padEnd(8)} ${stack}: ${path} (${what}) ${when}${state === "ok" ? "" : `; ${remedy}`}`;
}

/** Whole days, by UTC as Entra counts them. */
function daysUntil(day: string, today: Date): number {
  return (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today.toISOString().slice(0, 10)}T00:00:00Z`)) / 86_400_000;
}

const command: Command = { name: "expiry", usage: ["[<stack>...] [--days N]"], target: "stacks", options: { days: { type: "string" } } };

if (import.meta.main) {
  await run(command, ({ stacks = [], options: { days = "30" } }) => {
    if (!/^\d{1,4}$/.test(String(days))) throw new UsageError(`--days ${String(days)}: write a number of days`);
    const { lines, right } = expiry(projectRoot, stacks.length > 0 ? stacks : stackNames(projectRoot), { days: Number(days), today: new Date() });
    process.stdout.write(`${lines.join("\n")}\n`);
    return right ? 0 : 1;
  });
}
