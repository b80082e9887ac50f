/** The resource types of the stand-in for GitHub. */
import type { Row } from "./row.ts";
import { actionRows } from "./rows/actions.ts";
import { contentRows } from "./rows/contents.ts";
import { repositoryRows } from "./rows/repository.ts";

export const rows: readonly Row[] = [...repositoryRows, ...contentRows, ...actionRows];

const byToken = new Map(rows.map((row) => [row.token, row]));

/** The row of a type; throws, naming the type, when there is none. */
export function rowOf(token: string): Row {
  const row = byToken.get(token);
  if (row === undefined) throw new Error(`The stand-in for GitHub does not know ${token}; add a row in local/standins/github/rows/.`);
  return row;
}
