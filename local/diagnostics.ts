/** The part of the engine's output that says what is wrong; all of it when there is no such part. */
export function diagnosticsIn(output: string): string[] {
  const lines = output.split("\n");
  const begin = lines.findIndex((line) => line.startsWith("Diagnostics:"));
  if (begin < 0) return lines.filter((line) => line.trim() !== "").slice(-20);
  const length = lines.slice(begin + 1).findIndex((line) => /^(Outputs|Resources|Duration|Policies):?/.test(line));
  return lines.slice(begin + 1, length < 0 ? undefined : begin + 1 + length).filter((line) => line.trim() !== "");
}
