/** Renders a commit and the working tree, each with its own program, and compares. */
import { join } from "node:path";
import { Failure } from "../arguments.ts";
import { withBase } from "./base.ts";
import { compare } from "./compare.ts";
import type { Comparison } from "./markdown.ts";
import { rendered } from "./rendered.ts";

/**
 * @param root the project's folder, in a git repository
 * @param install as {@link withBase} has it
 * @throws Failure when one side cannot be rendered, with why
 */
export function compared(root: string, stack: string, ref: string, install: boolean): Promise<Comparison> {
  return withBase(root, ref, install, async ({ root: base, commit, temporary }) => {
    const both = [rendered(base, stack, join(temporary, "base"), `the base ${ref}`), rendered(root, stack, join(temporary, "head"), "the working tree")] as const;
    // The folder they write into is removed when this ends: when one fails the other is waited for.
    await Promise.allSettled(both);
    const [before, after] = await Promise.all(both);
    if (before === undefined && after === undefined) throw new Failure(`there is no file Pulumi.${stack}.yaml, neither in the working tree nor in ${ref}`);
    return { commit, isNew: before === undefined, isGone: after === undefined, ...compare(before, after) };
  });
}
