/** What the stand-in for GitHub knows of a resource type: one row a type. */
import type { Values } from "../contract.ts";
import type { ObjectShape } from "../shape.ts";

export interface Row {
  token: string;
  /** All arguments, required ones with `!`. From the resource's arguments in `@pulumi/github` 6.15.0. */
  arguments: ObjectShape;
  /** Arguments that nobody can change in place. From `ForceNew` in integrations/terraform-provider-github v6; checked 2026-11-20. */
  createOnly: string[];
  /** Arguments that GitHub knows and the stand-in does not: they are refused rather than ignored. */
  refused?: string[];
  /** What an absent argument means; it is known in a preview too. */
  defaults?: Values;
  /** What GitHub adds: unknown in the preview of a create, and what it was in the preview of an update. */
  computed: string[];
}
