/** Stands in for the Azure CLI. What it refuses and how it words it: azure-cli, src/azure-cli/azure/cli/command_modules/acr, read in November 2026. */
import { options, Refusal, standIn } from "./world.ts";
import type { World } from "./world.ts";

const unknown = (flag: string): Refusal => new Refusal(`ERROR: unrecognized arguments: ${flag}`, 2);

function hostOf(world: World, name: string | undefined): string {
  if (!world.azure) throw new Refusal("ERROR: Please run 'az login' to setup account.");
  if (name === undefined) throw new Refusal("ERROR: the following arguments are required: --name/-n", 2);
  if (!/^[a-z0-9]{5,50}$/.test(name)) throw new Refusal(`ERROR: argument --name/-n: invalid value: '${name}'`, 2);
  const host = world.hosts?.[name] ?? `${name}.azurecr.io`;
  if (world.registries[host] === undefined) throw new Refusal(`ERROR: Could not connect to the registry login server '${host}'. Please verify that the registry exists and the URL 'https://${host}/v2/' is reachable from your environment.`);
  return host;
}

standIn("az", (args, world) => {
  if (args[0] === "acr" && args[1] === "login") {
    const { given } = options(args.slice(2), { "--name": 1 }, unknown);
    world.signedIn.push(hostOf(world, given.get("--name")?.[0]));
    return "Login Succeeded";
  }
  if (args.slice(0, 3).join(" ") === "acr repository show-tags") {
    const { given } = options(args.slice(3), { "--name": 1, "--repository": 1, "--orderby": 1, "--output": 1 }, unknown);
    const repository = given.get("--repository")?.[0];
    const order = given.get("--orderby")?.[0];
    if (order !== "time_desc" && order !== "time_asc") throw new Refusal(`ERROR: argument --orderby: invalid choice: '${order}'`, 2);
    const tags = world.registries[hostOf(world, given.get("--name")?.[0])]?.[repository ?? ""];
    if (tags === undefined) throw new Refusal(`ERROR: 2026-11-21 10:00:00.000000 Error: repository "${repository}" is not found. Correlation ID: 00000000-0000-4000-8000-000000000001.`, 3);
    const names = Object.keys(tags);
    return (order === "time_desc" ? names.reverse() : names).join("\n");
  }
  throw new Refusal(`ERROR: '${args[0]}' is misspelled or not recognized by the system.`, 2);
});
