/** Numbers with their noise, and what they say about a goal. */

/** Seconds, bytes or ratios, one a repetition. */
export class Sample {
  readonly values: readonly number[];

  constructor(values: readonly number[]) {
    if (values.length === 0) throw new Error("a sample needs a value");
    this.values = values;
  }

  get median(): number {
    const sorted = [...this.values].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  get least(): number {
    return Math.min(...this.values);
  }

  get most(): number {
    return Math.max(...this.values);
  }

  /** `median (least–most)`; the median alone where there is no other value. */
  text(format: (value: number) => string): string {
    return this.values.length === 1 ? format(this.median) : `${format(this.median)} (${format(this.least)}–${format(this.most)})`;
  }
}

/** The ratios of values that were measured one after the other in the same repetition. */
export function ratios(numerators: Sample, denominators: Sample): Sample {
  return new Sample(numerators.values.map((value, index) => value / denominators.values[index]!));
}

export type Verdict = "met" | "not met" | "not met, within the noise" | "stated";

/** A goal is missed by more than the noise when every repetition misses it. */
export function verdict(sample: Sample, goal: { atMost: number } | { atLeast: number }): Verdict {
  const holds = (value: number) => ("atMost" in goal ? value <= goal.atMost : value >= goal.atLeast);
  if (holds(sample.median)) return "met";
  return sample.values.some(holds) ? "not met, within the noise" : "not met";
}

export const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`;
export const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
export const times = (value: number): string => `${value.toFixed(2)} ×`;
export const megabytes = (value: number): string => `${Math.round(value / 1e6)} MB`;
