/** Numbers and lists as people read them; the same on every machine. */

/** 1234.5 as `1,234.5`: at most two places behind the point. */
export function number(value: number): string {
  const [whole = "", places] = String(Math.round(value * 100) / 100).split(".");
  return whole.replaceAll(/\B(?=(\d{3})+$)/g, ",") + (places === undefined ? "" : `.${places}`);
}

export const gib = (value: number): string => `${number(value)} GiB`;

export const ports = (list: readonly number[], protocol: "TCP" | "UDP" = "TCP"): string => `${protocol} ${[...list].sort((a, b) => a - b).join(", ")}`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

/** `a, b and c` */
export const listing = (items: readonly string[]): string => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`);
