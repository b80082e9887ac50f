/** When AKS may upgrade the cluster by itself. */
import type { UpgradeSettings, WindowSettings } from "../settings/settings.ts";

/**
 * The windows by the names that AKS gives them. Without a start date they hold at once, and AKS adds the day by itself.
 * Source: learn.microsoft.com/azure/aks/planned-maintenance.
 */
export function maintenanceWindows({ window, nodeWindow, utcOffset, freezes }: UpgradeSettings) {
  const weekly = ({ day, start, hours }: WindowSettings) => ({
    schedule: { weekly: { dayOfWeek: day, intervalWeeks: 1 } },
    startTime: start,
    durationHours: hours,
    utcOffset,
    ...(freezes.length > 0 && { notAllowedDates: freezes.map(({ from, to }) => ({ start: from, end: to })) }),
  });
  return { aksManagedAutoUpgradeSchedule: weekly(window), aksManagedNodeOSUpgradeSchedule: weekly(nodeWindow) };
}
