/**
 * Budgets. Sources: learn.microsoft.com/azure/templates/microsoft.consumption/budgets and the class's own words (amount,
 * start, notifications); reports of "Past start date should be selected within the timegrain period". Checked 2026-11-21.
 */
import { randomUUID } from "node:crypto";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { badRequest } from "../arm-error.ts";
import type { Service } from "../service.ts";
import { objects, texts } from "../values.ts";

const EARLIEST = Date.parse("2017-06-01T00:00:00Z");
const YEARS = 10;

/** The start of a month, and the months from year 0 to it; `undefined` for another day. */
function monthOf(date: string): { time: number; month: number } | undefined {
  const time = Date.parse(date);
  if (Number.isNaN(time)) return undefined;
  const day = new Date(time);
  return day.getUTCDate() === 1 && time % 86_400_000 === 0 ? { time, month: day.getUTCFullYear() * 12 + day.getUTCMonth() } : undefined;
}

function refusePeriod(start: string, end: unknown, grain: unknown, now: Date, isNew: boolean): void {
  const first = monthOf(start);
  if (first === undefined) throw badRequest(`The start date ${start} of a budget must be the first of a month.`);
  if (first.time < EARLIEST) throw badRequest(`The start date ${start} of a budget must be on or after June 1, 2017.`);
  if (typeof end === "string" && !(Date.parse(end) > first.time)) throw badRequest(`The end date ${end} of a budget must be after its start.`);
  if (!isNew) return;
  const months = first.month - (now.getUTCFullYear() * 12 + now.getUTCMonth());
  if (months > 12) throw badRequest(`The start date ${start} of a budget must be at most twelve months ahead.`);
  if (months < 0 && grain === "Monthly") throw badRequest("Past start date should be selected within the timegrain period.");
}

export const budgetService: Service = {
  refuse({ inputs, previous, now }) {
    if (typeof inputs.amount !== "number" || inputs.amount <= 0) throw badRequest(`The amount of a budget must be greater than 0, not ${String(inputs.amount)}.`);
    refusePeriod(String(valueAt(inputs, "timePeriod.startDate")), valueAt(inputs, "timePeriod.endDate"), inputs.timeGrain, now, previous === undefined);
    const and = valueAt(inputs, "filter.and");
    if (and !== undefined && objects(and).length < 2) throw badRequest("filter.and has at least two items.");
    const notifications = Object.entries(isObject(inputs.notifications) ? inputs.notifications : {});
    if (notifications.length > 5) throw badRequest(`A budget has at most 5 notifications, not ${notifications.length}.`);
    for (const [name, notification] of notifications) {
      const people = ["contactEmails", "contactGroups", "contactRoles"].flatMap((field) => texts(isObject(notification) ? notification[field] : undefined));
      if (people.length === 0) throw badRequest(`The notification ${name} of a budget must have a contact.`);
    }
  },
  computed: ({ inputs, previous }) => {
    const start = new Date(String(valueAt(inputs, "timePeriod.startDate")));
    const end = new Date(Date.UTC(start.getUTCFullYear() + YEARS, start.getUTCMonth(), 1));
    return {
      "timePeriod.endDate": valueAt(inputs, "timePeriod.endDate") ?? valueAt(previous?.outputs ?? {}, "timePeriod.endDate") ?? end.toISOString(),
      eTag: `"${randomUUID().slice(0, 8)}"`,
    };
  },
};
