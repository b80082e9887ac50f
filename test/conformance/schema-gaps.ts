/** Values that Azure takes though its published schema lacks them: it closes enums that the service itself leaves open. */
import type { Fields } from "./arm-body.ts";

interface Gap {
  /** The schema's file and, as a JSON pointer, the enum in it. */
  file: string;
  enum: string;
  value: string;
  source: string;
}

export const gaps: readonly Gap[] = [
  {
    file: "2022-06-01/Microsoft.Insights.json",
    enum: "/definitions/DataFlow/properties/streams/oneOf/0/items/enum",
    value: "Microsoft-PrometheusMetrics",
    // The same schema has it for the stream's source, dataSources.prometheusForwarder; checked 2026-11-21.
    source: "github.com/Azure/ARO-HCP dev-infrastructure/modules/metrics/datacollection.bicep; `string | enum` in the class",
  },
];

/** Adds the values to a schema. Throws for one that a newer schema has, or whose enum is gone. */
export function fillGaps(file: string, schema: Fields): void {
  for (const gap of gaps.filter((one) => one.file === file)) {
    const values = gap.enum.split("/").slice(1).reduce<unknown>((node, key) => (node as Fields | undefined)?.[key], schema) as string[] | undefined;
    if (values === undefined || values.includes(gap.value)) throw new Error(`${file} ${gap.enum}: ${gap.value} need not be added any more; remove the row`);
    values.push(gap.value);
  }
}
