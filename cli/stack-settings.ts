/** A stack's file and its settings, read together: what every command begins with. */
import type { Mistake } from "../components/settings/mistake.ts";
import { readSettings } from "../components/settings/read.ts";
import type { Settings } from "../components/settings/settings.ts";
import { readStackFile } from "./stack-file.ts";
import type { StackFile, StackFileSource } from "./stack-file.ts";

/** `mistakes` and `warnings` are those of the file and of the settings; a secret that is not set is a warning. */
export interface StackSettings extends StackFile {
  /** Absent when there is any mistake. */
  settings?: Settings;
  /** Of the warnings, those for secrets that are named and not set. */
  missingSecrets: Mistake[];
}

export function readStackSettings(source: StackFileSource): StackSettings {
  const file = readStackFile(source);
  const reading = file.configuration && readSettings(file.configuration);
  const mistakes = [...file.mistakes, ...(reading?.mistakes ?? [])];
  const missingSecrets = reading?.missingSecrets ?? [];
  return {
    ...file,
    mistakes,
    warnings: [...file.warnings, ...missingSecrets],
    missingSecrets,
    settings: mistakes.length === 0 ? reading?.settings : undefined,
  };
}
