/** A cluster's maintenance windows and deployment safeguards. Sources: AKS_DOCS (rule.ts)/planned-maintenance.md, deployment-safeguards.md; checked 2026-11-21. */
import type { Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { badRequest } from "../arm-error.ts";
import { nameOf, parentId } from "../ids.ts";
import type { Service } from "../service.ts";
import { objects } from "../values.ts";
import { CLUSTER } from "./cluster.ts";

const invalid = (message: string) => badRequest(message, "InvalidParameter");

function refuseWindow(name: string, window: Values): void {
  const schedules = Object.keys(isObject(window.schedule) ? window.schedule : {});
  if (schedules.length !== 1) throw invalid("The schedule of a maintenance window must be exactly one of daily, weekly, absoluteMonthly and relativeMonthly.");
  if (name === "default" && schedules[0] !== "weekly") throw invalid("The maintenance configuration 'default' takes a weekly schedule alone.");
  const [hours = 0, minutes = 0] = String(window.startTime).split(":").map(Number);
  if (hours > 23 || minutes > 59) throw invalid(`startTime '${String(window.startTime)}' is not a time of day.`);
  for (const { start, end } of objects(window.notAllowedDates)) {
    const [from, to] = [Date.parse(String(start)), Date.parse(String(end))];
    if (Number.isNaN(from) || Number.isNaN(to) || from > to) throw invalid(`notAllowedDates from '${String(start)}' to '${String(end)}' are not days in their order.`);
  }
}

export const maintenanceService: Service = {
  refuse({ id, inputs }) {
    const name = nameOf(id);
    if (isObject(inputs.maintenanceWindow)) return refuseWindow(name, inputs.maintenanceWindow);
    if (name !== "default") throw invalid(`The maintenance configuration '${name}' needs a maintenanceWindow.`);
    if (inputs.timeInWeek === undefined) throw invalid("The maintenance configuration 'default' needs a maintenanceWindow, or timeInWeek.");
  },
  computed({ inputs: { maintenanceWindow: window }, previous, now }): Values {
    if (!isObject(window)) return {};
    return {
      "maintenanceWindow.startDate": window.startDate ?? valueAt(previous?.outputs ?? {}, "maintenanceWindow.startDate") ?? now.toISOString().slice(0, 10),
      "maintenanceWindow.utcOffset": window.utcOffset ?? "+00:00",
    };
  },
};

export const safeguardService: Service = {
  refuse({ id, cloud }) {
    const cluster = cloud.get(parentId(id) ?? "");
    if (cluster?.token !== CLUSTER) throw badRequest("Deployment safeguards are for AKS clusters alone.", "InvalidResourceType");
    if (valueAt(cluster.inputs, "addonProfiles.azurepolicy.enabled") !== true) {
      throw badRequest(`Deployment safeguards need the Azure Policy add-on: enable addonProfiles.azurepolicy on ${nameOf(cluster.id)}.`, "AzurePolicyAddonNotEnabled");
    }
  },
};
