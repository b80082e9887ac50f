/** Microsoft.Consumption. */
import { each, listOf, mapOf, object, oneOf, range } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED } from "../rule.ts";

const values = object({ "name!": "string", "operator!": oneOf("In"), "values!": listOf("string") });
const cultures = [
  ...["en-us", "ja-jp", "zh-cn", "de-de", "es-es", "fr-fr", "it-it", "ko-kr", "pt-br", "ru-ru", "zh-tw"],
  ...["cs-cz", "pl-pl", "tr-tr", "da-dk", "en-gb", "hu-hu", "nb-no", "nl-nl", "pt-pt", "sv-se"],
];

export const budgetRule: ResourceRule = {
  token: "azure-native:consumption:Budget",
  armType: "Microsoft.Consumption/budgets",
  apiVersion: "2024-08-01",
  id: "/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
  name: {
    argument: "budgetName",
    generated: "random",
    pattern: /^[a-zA-Z0-9_-]{1,63}$/,
    says: "1 to 63 letters, digits, '-' or '_'",
    source: "learn.microsoft.com/azure/templates/microsoft.consumption/budgets; unverified: the stored copy was not found",
    checked: CHECKED,
  },
  arguments: object({
    "amount!": "number",
    budgetName: "string",
    "category!": oneOf("Cost"),
    eTag: "string",
    filter: object({ and: listOf(object(each(values, "dimensions", "tags"))), ...each(values, "dimensions", "tags") }),
    notifications: mapOf(object({
      "contactEmails!": listOf("string"),
      ...each(listOf("string"), "contactGroups", "contactRoles"),
      "enabled!": "boolean",
      locale: oneOf(...cultures),
      "operator!": oneOf("EqualTo", "GreaterThan", "GreaterThanOrEqualTo"),
      "threshold!": range(0, 1000),
      thresholdType: oneOf("Actual", "Forecasted"),
    })),
    "scope!": "string",
    "timeGrain!": oneOf("Monthly", "Quarterly", "Annually", "BillingMonth", "BillingQuarter", "BillingAnnual"),
    "timePeriod!": object({ endDate: "string", "startDate!": "string" }),
  }),
  answers: { "currentSpend.amount": { constant: 0 }, "currentSpend.unit": { constant: "EUR" } },
};
