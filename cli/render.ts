/** `npm run render -- <stack> [--out DIR]`: everything the stack would declare, as files, without engine or network. */
import { join, relative } from "node:path";
import { formatMistake } from "../components/settings/mistake.ts";
import type { Configuration } from "../components/settings/read.ts";
import { secretKeys } from "../components/settings/read.ts";
import type { Settings } from "../components/settings/settings.ts";
import { count, Failure, fromCaller, projectRoot, run } from "./arguments.ts";
import { secretMark } from "./render/marks.ts";
import { writeRendering } from "./render/write.ts";
import type { StackFile, StackFileSource } from "./stack-file.ts";
import { readStackSettings } from "./stack-settings.ts";

/**
 * The stack file's configuration, with a mark for each secret that is named and not set, and a warning for each. Throws
 * a {@link Failure} with one line a mistake.
 */
function checked(source: StackFileSource): { file: StackFile; settings: Settings; configuration: Configuration; warnings: string[] } {
  const file = readStackSettings(source);
  const { settings, mistakes } = file;
  if (file.configuration === undefined || settings === undefined) {
    throw new Failure([...mistakes.map(formatMistake), `${file.name}: ${count(mistakes.length, "mistake")}, nothing was rendered`].join("\n"));
  }
  const { values, isSecret } = file.configuration;
  const missing = new Set(secretKeys(settings).filter((key) => !(key in values)));
  return {
    file,
    settings,
    configuration: {
      ...file.configuration,
      values: { ...values, ...Object.fromEntries([...missing].map((key) => [key, secretMark])) },
      isSecret: (key) => missing.has(key) || isSecret(key),
    },
    warnings: file.warnings.map((warning) => `warning: ${formatMistake(warning)}`),
  };
}

await run(
  { name: "render", usage: ["<stack> [--out DIR]", "--config FILE [--out DIR]"], target: "stack or file", options: { out: { type: "string" } } },
  async ({ stack, file: path, options }) => {
    const { file, settings, configuration, warnings } = checked({ root: projectRoot, stack, file: path });
    for (const warning of warnings) process.stderr.write(`${warning}\n`);

    // Loaded only now: a mistake in the settings is told at once, and the program needs the project's folder.
    process.chdir(projectRoot);
    const { evaluate } = await import("./render/evaluate.ts");
    const { renderFiles } = await import("./render/files.ts");
    const { tenantPages } = await import("./render/tenants/pages.ts");
    const registrations = await evaluate(configuration, () => import("../index.ts"));
    const files = new Map([...renderFiles(registrations), ...tenantPages(settings)]);
    const out = typeof options.out === "string" ? fromCaller("render", options.out) : join(projectRoot, "rendered", file.environment);
    writeRendering(out, files);
    const resources = registrations.filter(({ custom }) => custom).length;
    process.stdout.write(`${file.name}: ${count(resources, "resource")} in ${count(files.size, "file")}, in ${relative(process.cwd(), out) || out}\n`);
    return 0;
  },
);
