/** Kubernetes quantities, which the server writes in a form of its own: `0.5` becomes `500m`, `1024Mi` becomes `1Gi`. */
import type { Value } from "../contract.ts";

const factors: { [suffix: string]: number } = {
  n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};
const form = /^([+-]?(?:\d+\.?\d*|\.\d+))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** Whether both are quantities of the same size. */
export function sameQuantity(one: Value, other: Value): boolean {
  const [first, second] = [sizeOf(one), sizeOf(other)];
  return first !== undefined && second !== undefined && Math.abs(first - second) <= Math.abs(first) * 1e-12;
}

function sizeOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? form.exec(value) : null;
  return match ? Number(match[1]) * factors[match[2] ?? ""]! : undefined;
}
