import type { TenantState } from "./tenant-settings.ts";

/** Whether a tenant is on its way out: its keys, its people and its pipelines have no rights any more. */
export const isLeaving = (state: TenantState): boolean => state === "leaving" || state === "left";
