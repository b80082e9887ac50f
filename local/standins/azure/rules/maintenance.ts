/** Microsoft.ContainerService: what stands on a cluster, its maintenance windows and deployment safeguards. */
import { each, listOf, object, oneOf, range, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { AKS_DOCS, CHECKED } from "../rule.ts";
import { CLUSTER_ID } from "./cluster.ts";

const weekday = oneOf("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

export const maintenanceRules: ResourceRule[] = [
  {
    token: "azure-native:containerservice:MaintenanceConfiguration",
    armType: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
    apiVersion: "2025-09-01",
    id: `${CLUSTER_ID}/maintenanceConfigurations/{configName}`,
    name: {
      argument: "configName",
      generated: "random",
      pattern: /^(default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule)$/,
      says: "default, aksManagedAutoUpgradeSchedule or aksManagedNodeOSUpgradeSchedule",
      source: `${AKS_DOCS}/planned-maintenance.md`,
      checked: CHECKED,
    },
    arguments: object({
      configName: "string",
      maintenanceWindow: object({
        "durationHours!": range(4, 24),
        notAllowedDates: listOf(object({ "end!": "string", "start!": "string" })),
        "schedule!": object({
          absoluteMonthly: object({ "dayOfMonth!": range(1, 31), "intervalMonths!": range(1, 6) }),
          daily: object({ "intervalDays!": range(1, 7) }),
          relativeMonthly: object({ "dayOfWeek!": weekday, "intervalMonths!": range(1, 6), "weekIndex!": oneOf("First", "Second", "Third", "Fourth", "Last") }),
          weekly: object({ "dayOfWeek!": weekday, "intervalWeeks!": range(1, 4) }),
        }),
        startDate: "string",
        "startTime!": text(/^\d{2}:\d{2}$/, "a time such as 02:00"),
        utcOffset: text(/^(-|\+)[0-9]{2}:[0-9]{2}$/, "an offset such as +01:00"),
      }),
      notAllowedTime: listOf(object(each("string", "end", "start"))),
      "resourceGroupName!": "string",
      "resourceName!": "string",
      timeInWeek: listOf(object({ day: weekday, hourSlots: listOf(range(0, 23)) })),
    }),
  },
  {
    token: "azure-native:containerservice:DeploymentSafeguard",
    armType: "Microsoft.ContainerService/deploymentSafeguards",
    apiVersion: "2025-04-02-preview",
    id: "/{resourceUri}/providers/Microsoft.ContainerService/deploymentSafeguards/default",
    arguments: object({ excludedNamespaces: listOf("string"), "level!": oneOf("Warn", "Enforce"), "resourceUri!": "string" }),
    answers: { provisioningState: { constant: "Succeeded" }, systemExcludedNamespaces: { constant: ["kube-system", "gatekeeper-system"] } },
  },
];
