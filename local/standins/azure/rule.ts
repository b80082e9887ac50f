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
  /** Absent for a type of which there is one on each resource: the id says its name. */
  name?: NameRule;
  /** All arguments, required ones with `!`. From the resource's arguments in `@pulumi/azure-native` 3.28.0. */
  arguments: ObjectShape;
  /** Where such a resource can be. Default: the public regions. */
  locations?: readonly string[];
  /** Arguments that hold ids of resources, `a.b` or `a[].b`, each with the type that must exist there. */
  references?: { [path: string]: string };
  /** Arguments that a GET does not answer with, besides those of the id. */
  silent?: readonly string[];
  /** Arguments of the id that a GET answers with all the same. */
  echoed?: readonly string[];
  /** Lists whose items are resources of their own too: the provider does not take them over from a GET unless the program sets them. */
  subResources?: readonly string[];
  /** What the service adds, by dotted path. Besides these and the arguments every resource has `id`, `name`, `type`. */
  answers?: { [path: string]: Answer };
}

/**
 * A constant; the service's `standard` for an argument that is left out; a GUID made once for the resource; text with
 * arguments, `{tenantId}` or `{subscriptionId}` in braces; or `computed`: the service's code (`services/`) gives it.
 */
export type Answer = { constant: Value } | { standard: Value } | { guid: true } | { text: string } | { computed: true };

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
export const RESOURCE_NAMES = "MicrosoftDocs/azure-docs resource-name-rules.md 0010dc26";
export const CHECKED = "2026-11-20";
export const AKS_DOCS = "MicrosoftDocs/azure-aks-docs fb060ab articles/aks";
export const ACR_DOCS = "MicrosoftDocs/azure-management-docs d923d58 articles/container-registry";
