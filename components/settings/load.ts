/** The one place where the program reads its configuration. */
import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "./mistake.ts";
import { readSettings, secretKeys } from "./read.ts";
import type { Settings } from "./settings.ts";

/** Settings with the values of the secrets they name. */
export interface StackSettings extends Settings {
  secrets: Record<string, pulumi.Output<string>>;
}

/** Exists in the SDK, but its type is left out of the published declarations. */
const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/**
 * The settings of the stack that runs.
 *
 * Throws a `RunError` with one line a mistake; nothing has been registered by then. A secret that a setting names and
 * that is not set is a mistake here.
 */
export function loadSettings(): StackSettings {
  const { settings, mistakes, missingSecrets } = readSettings({
    environment: pulumi.getStack(),
    values: pulumi.runtime.allConfig(),
    isSecret: runtime.isConfigSecret,
    // The engine starts the program in the project's folder.
    root: process.cwd(),
  });
  const all = [...mistakes, ...missingSecrets];
  if (settings === undefined || all.length > 0) {
    const { message } = new SettingsError(all);
    throw new pulumi.RunError(`${all.length} ${all.length === 1 ? "mistake" : "mistakes"} in the settings of stack ${pulumi.getStack()}:\n${message}`);
  }
  const config = new pulumi.Config("secret");
  const names = secretKeys(settings).map((key) => key.slice("secret:".length));
  return { ...settings, secrets: Object.fromEntries(names.map((name) => [name, config.requireSecret(name)])) };
}
