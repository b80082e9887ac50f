/**
 * `npm run diff -- <stack> --base REF`: what `render` shows differently between a commit and the working tree, as Markdown,
 * without engine, credentials or network. The base is rendered by its own program.
 */
import { writeFileSync } from "node:fs";
import { count, Failure, fromCaller, projectRoot, run, UsageError } from "./arguments.ts";
import { compared } from "./diff/compared.ts";
import { diffMarkdown, failedDiffMarkdown } from "./diff/markdown.ts";

await run(
  { name: "diff", usage: ["<stack> --base REF [--out FILE] [--install]"], target: "stack", options: { base: { type: "string" }, out: { type: "string" }, install: { type: "boolean" } } },
  async ({ stack = "", options }) => {
    const { base, out, install } = options;
    if (typeof base !== "string" || base === "") throw new UsageError("--base is missing: the commit to compare with, for example HEAD^1 or origin/main");
    const tell = (markdown: string, line: string): void => {
      if (typeof out === "string") writeFileSync(fromCaller("diff", out), markdown);
      process.stdout.write(typeof out === "string" ? `${line}\n` : markdown);
    };
    try {
      const comparison = await compared(projectRoot, stack, base, install === true);
      const { differences, files } = comparison;
      const of = (verb: string): number => differences.filter((difference) => difference.verb === verb).length;
      const others = files.length > 0 ? `, ${count(files.length, "other file")}` : "";
      tell(diffMarkdown(stack, comparison), `${stack}: ${of("remove")} removed, ${of("change")} changed, ${of("add")} added${others}`);
      return 0;
    } catch (error) {
      // The comment of an earlier commit must not stay as if it were this one's.
      if (error instanceof Failure) tell(failedDiffMarkdown(stack, error.message), `${stack}: no difference could be made`);
      throw error;
    }
  },
);
