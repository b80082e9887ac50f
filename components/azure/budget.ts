import { Budget } from "@pulumi/azure-native/consumption/budget.js";
import type * as pulumi from "@pulumi/pulumi";
import type { BudgetSettings, Settings } from "../settings/settings.ts";

/**
 * A monthly budget over the environment's resource group and the nodes' own, in which most of the cost is. It stands at
 * the subscription: a budget of one group would not see the other.
 */
export function registerBudget(name: string, settings: Settings, budget: BudgetSettings, opts: pulumi.CustomResourceOptions): Budget {
  return new Budget(name, budgetArgs(settings, budget), {
    ...opts,
    // Azure changes everything of a budget but its start.
    replaceOnChanges: ["timePeriod.startDate"],
    deleteBeforeReplace: true,
  });
}

export function budgetArgs({ azure, names, cluster }: Settings, { amount, start, emails }: BudgetSettings) {
  const notification = (threshold: number, thresholdType: "Actual" | "Forecasted") => ({
    enabled: true,
    operator: "GreaterThanOrEqualTo",
    threshold,
    thresholdType,
    contactEmails: emails,
  });
  return {
    budgetName: names.budget,
    scope: `/subscriptions/${azure.subscription}`,
    category: "Cost",
    timeGrain: "Monthly",
    amount,
    timePeriod: { startDate: `${start}T00:00:00Z` },
    filter: {
      dimensions: { name: "ResourceGroupName", operator: "In", values: [names.resourceGroup, ...(cluster.existing ? [] : [names.nodeResourceGroup])] },
    },
    notifications: { most: notification(80, "Actual"), all: notification(100, "Actual"), forecast: notification(100, "Forecasted") },
  };
}
