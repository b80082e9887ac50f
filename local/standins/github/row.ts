/** What the stand-in for GitHub knows of a resource type: one row a type. */
import type { Values } from "../contract.ts";
import type { Failure, ObjectShape } from "../shape.ts";

export interface Row {
  token: string;
  /** All arguments, required ones with `!`. From the resource's arguments in `@pulumi/github` 6.15.0. */
  arguments: ObjectShape;
  /** Arguments that nobody can change in place. From `ForceNew` in integrations/terraform-provider-github v6; checked 2026-11-20. */
  createOnly: string[];
  /**
   * `repository` may change as long as it is another name of the same repository; else the resource is made anew.
   * From `diffRepository` in util_diff.go of the same; checked 2026-11-21.
   */
  followsRename?: boolean;
  /** Arguments that must not change together: the resource is made anew when they do. */
  togetherCreateOnly?: string[];
  /** Mistakes that a shape cannot say; what is still unknown is not judged. */
  mistakes?: (inputs: Values) => Failure[];
  /** Lists whose order means nothing, by their paths. */
  unordered?: string[];
  /** Arguments that reading leaves as the program said them, though GitHub names the same otherwise; an import takes GitHub's. */
  asSaid?: string[];
  /** Arguments that GitHub does not tell again: an import leaves them out. From the resource's read function; checked 2026-11-21. */
  untold?: string[];
  /** Arguments that GitHub knows and the stand-in does not: they are refused rather than ignored. */
  refused?: string[];
  /** What an absent argument means; it is known in a preview too. */
  defaults?: Values;
  /** What GitHub adds: unknown in the preview of a create, and what it was in the preview of an update. */
  computed: string[];
}
