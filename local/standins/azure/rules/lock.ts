/** Microsoft.Authorization: locks. */
import { listOf, object, oneOf, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED } from "../rule.ts";

export const lockRule: ResourceRule = {
  token: "azure-native:authorization:ManagementLockByScope",
  armType: "Microsoft.Authorization/locks",
  apiVersion: "2020-05-01",
  id: "/{scope}/providers/Microsoft.Authorization/locks/{lockName}",
  name: {
    argument: "lockName",
    generated: "random",
    pattern: /^[^<>%&:\\?/\p{Cc}]{1,260}$/u,
    says: "1 to 260 characters, without < > % & : \\ ? / and control characters",
    source: "learn.microsoft.com/rest/api/resources/management-locks/create-or-update-by-scope",
    checked: CHECKED,
  },
  arguments: object({
    "level!": oneOf("NotSpecified", "CanNotDelete", "ReadOnly"),
    lockName: "string",
    notes: text(/^.{0,512}$/s, "at most 512 characters"),
    owners: listOf(object({ applicationId: "string" })),
    "scope!": "string",
  }),
};
