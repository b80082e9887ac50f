/** What the stand-in for Azure knows of a resource type. Adding a type is adding a row under `rules/`. */
import type { Value } from "../contract.ts";
import type { ObjectShape } from "../shape.ts";

export interface ResourceRule {
  /** The type in a Pulumi program. */
  token: string;
  /** The type in Azure Resource Manager. */
  armType: string;
  apiVersion: string;
  /**
   * The id, with arguments in braces. A change of any of them is another resource. Of what stands before the last
   * two segments, the parent, a resource must exist.
   */
  id: string;
  name: NameRule;
  /** All arguments, required ones with `!`. From the resource's arguments in `@pulumi/azure-native` 3.28.0. */
  arguments: ObjectShape;
  /** Arguments, besides those of the id, of which a change plans a replacement. `a.b`, lists as `a[].b`. */
  createOnly?: { paths: string[]; source: string; checked: string };
  /** Arguments that the provider would update in place and the service refuses to change. */
  fixed?: { paths: string[]; source: string; checked: string };
  /** What the service adds, by dotted path. Besides these and the arguments every resource has `id`, `name`, `type`. */
  answers?: { [path: string]: Answer };
}

/**
 * A constant; a GUID made once for the resource; text with arguments, `{tenantId}` or `{subscriptionId}` in braces; or
 * `computed`: the service's code (`services/`) gives it.
 */
export type Answer = { constant: Value } | { guid: true } | { text: string } | { computed: true };

export interface NameRule {
  argument: string;
  /** How the provider names the resource when the argument is absent: its name in the program plus 8 hex digits, or a GUID. */
  generated: "random" | "guid";
  pattern: RegExp;
  /** What `pattern` means, for people. */
  says: string;
  source: string;
  checked: string;
}

/** Where the rules of ARM bodies were read: the generated JSON schemas of all resource providers. */
export const SCHEMAS = "Azure/azure-resource-manager-schemas a1454431 (2026-08-16)";
/** Which changes replace: the provider's own table. */
export const FORCE_NEW = "pulumi/pulumi-azure-native provider/pkg/gen/replacement.go 1b7112af (2026-07-16)";
/** Tracked resources cannot move: `location` is marked for create and read only. */
export const TRACKED = "Azure/azure-rest-api-specs common-types, TrackedResource.location, x-ms-mutability";
export const RESOURCE_NAMES = "MicrosoftDocs/azure-docs resource-name-rules.md 0010dc26";
export const CHECKED = "2026-11-20";
