import { createHash } from "node:crypto";
import type { Values } from "../contract.ts";

/** Changes with the values it stands for. */
export function etag(values: Values): string {
  return `W/"${createHash("sha256").update(JSON.stringify(values)).digest("hex")}"`;
}
