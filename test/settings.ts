/** Stack configurations for tests: the smallest right one, and ways to change it. */
import type { Configuration, Reading } from "../components/settings/read.ts";
import { readSettings } from "../components/settings/read.ts";
import type { Settings } from "../components/settings/settings.ts";

/** The least that a stack file must say. */
export const smallest: Record<string, unknown> = {
  platform: "acme",
  tier: "nonproduction",
  owner: "platform@acme.example",
  azure: { tenant: "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e", subscription: "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", location: "westeurope" },
  cluster: { administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"] },
  github: { owner: "acme" },
};

/** The smallest stack with `changes` over it, as the engine would pass it; `undefined` removes a section. */
export function configuration(changes: Record<string, unknown> = {}, { environment = "staging", secrets = {} as Record<string, boolean>, root = "." } = {}): Configuration {
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...smallest, ...changes })) {
    if (value !== undefined) values[`mooring:${key}`] = typeof value === "string" ? value : JSON.stringify(value);
  }
  for (const name of Object.keys(secrets)) values[`secret:${name}`] = "[secret]";
  return { environment, values, isSecret: (key) => secrets[key.slice("secret:".length)] === true, root };
}

export function read(changes: Record<string, unknown> = {}, options?: Parameters<typeof configuration>[1]): Reading {
  return readSettings(configuration(changes, options));
}

/** The mistakes as lines. */
export function mistakes(changes: Record<string, unknown> = {}, options?: Parameters<typeof configuration>[1]): string[] {
  return read(changes, options).mistakes.map(({ path, message }) => `${path}: ${message}`);
}

/** Complete settings of a configuration that must be right. */
export function settings(changes: Record<string, unknown> = {}, options?: Parameters<typeof configuration>[1]): Settings {
  const reading = read(changes, options);
  if (reading.settings === undefined) throw new Error(reading.mistakes.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return reading.settings;
}
