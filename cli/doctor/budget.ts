/** Whether Azure will take the budget's start. */
import type { Settings } from "../../components/settings/settings.ts";
import { AzError } from "../az.ts";
import type { Az } from "../az.ts";
import { missing, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { isNotFound } from "./resources.ts";

/** A new budget cannot begin in a month that is over; one that exists keeps its start for years, and cannot change it. */
export async function budget(az: Az, { budget: wanted, names, azure }: Settings, now: Date): Promise<Finding[]> {
  if (wanted === undefined) return [];
  const thisMonth = `${now.toISOString().slice(0, 7)}-01`;
  if (wanted.start >= thisMonth) return [ok(`budget: from ${wanted.start} on`)];
  const url = `https://management.azure.com/subscriptions/${azure.subscription}/providers/Microsoft.Consumption/budgets/${names.budget}?api-version=2024-08-01`;
  try {
    await az.read(["rest", "--method", "get", "--url", url]);
    return [ok(`budget: ${names.budget}, since ${wanted.start}`)];
  } catch (error) {
    if (!(error instanceof AzError) || !isNotFound(error.execution)) throw error;
    return [missing(`budget: its start, ${wanted.start}, is in a month that is over, and ${names.budget} does not exist yet`, `write start: "${thisMonth}"`)];
  }
}
