/** What the installed azure-native package says of its classes. */
import { readFileSync } from "node:fs";

const sdk = new URL("../../node_modules/@pulumi/azure-native/", import.meta.url);

/** `azure-native:network:PrivateEndpoint` is made by `network/privateEndpoint`. */
function source(token: string, ending: ".js" | ".d.ts"): string {
  const [, module = "", name = ""] = token.split(":");
  return readFileSync(new URL(`${module}/${name[0]?.toLowerCase()}${name.slice(1)}${ending}`, sdk), "utf8");
}

/** The version of Azure's API that a class speaks, `2024-05-01`. */
export function apiVersion(token: string): string {
  const version = /Uses Azure REST API version (\d{4}-\d\d-\d\d(?:-preview)?)\./.exec(source(token, ".d.ts"))?.[1];
  if (version === undefined) throw new Error(`${token}: the package does not say which API version it uses`);
  return version;
}

/** The arguments of a class. */
export function argumentsOf(token: string): Set<string> {
  const found = [...source(token, ".js").matchAll(/resourceInputs\["(\w+)"\] = (?!undefined \/\*out\*\/)/g)].map(([, name]) => name!);
  if (found.length === 0) throw new Error(`${token}: no arguments found in the package`);
  return new Set(found);
}
