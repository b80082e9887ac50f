/** Microsoft.Resources. */
import { mapOf, object } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, RESOURCE_NAMES } from "../rule.ts";

export const resourceRules: ResourceRule[] = [
  {
    token: "azure-native:resources:ResourceGroup",
    armType: "Microsoft.Resources/resourceGroups",
    apiVersion: "2024-03-01",
    id: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
    name: {
      argument: "resourceGroupName",
      generated: "random",
      pattern: /^[-\w._()]{0,89}[-\w_()]$/,
      says: "1 to 90 letters, digits, '-', '_', '.', '(' or ')', not ending in '.'",
      source: RESOURCE_NAMES,
      checked: CHECKED,
    },
    arguments: object({ "location!": "string", managedBy: "string", resourceGroupName: "string", tags: mapOf("string") }),
    answers: { "properties.provisioningState": { constant: "Succeeded" } },
  },
];
