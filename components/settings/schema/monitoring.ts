/** Logs, metrics and alerts of the environment. */
import * as z from "zod";
import { armId } from "../values.ts";
import { excluded, together } from "./together.ts";

export const monitoring = z
  .strictObject({
    workspace: armId("Microsoft.OperationalInsights/workspaces", "Log Analytics workspace").meta({
      description: "Id of an existing Log Analytics workspace for the logs. Default: one is made.",
    }),
    retentionDays: z.int().min(30).max(730).meta({ description: "How long logs are kept. Default: 90 in production, else 30.", examples: [90] }),
    dailyCapGb: z.number().positive().meta({
      description: "GB of logs a day after which no more are taken until the next. Default: none in production, where an audit log must not have gaps; else 1.",
      examples: [5],
    }),
    defender: z.boolean().meta({ description: "Microsoft Defender for the cluster. Default: true in production." }),
    prometheus: z.boolean().meta({ description: "Azure's managed Prometheus collects the cluster's metrics. Default: true in production." }),
    grafana: z.boolean().meta({ description: "Azure Managed Grafana on top of it, with the cluster's administrators as its own. Default: true in production." }),
    actionGroup: armId("Microsoft.Insights/actionGroups", "action group").meta({
      description: "Id of an existing action group that is told of alerts: Flux or a node is down, a volume is almost full. Needs `prometheus`.",
    }),
  })
  .partial()
  .check(together((value) => excluded(value, "workspace", ["retentionDays", "dailyCapGb"], "belongs to a workspace that Mooring makes; remove it, or monitoring.workspace")));
