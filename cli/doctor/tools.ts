/** The programs that a cloud run needs. */
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../arguments.ts";
import { AzError } from "../az.ts";
import { errorLine } from "../execute.ts";
import { isAtLeast, missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

/** The npm package downloads the CLI when it is first called. */
const PULUMI_SECONDS = 120;

/** The Node that runs this, and the one that a bare `pulumi up` would find. */
export async function node({ env, nodeVersion, execute }: Machine): Promise<Finding[]> {
  const { engines } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { engines: { node: string } };
  const needed = engines.node.replace(/^>=/, "");
  if (!isAtLeast(nodeVersion, needed)) return [missing(`Node ${nodeVersion}`, `install Node ${needed} or newer, or run through npm, which brings its own`)];
  const elsewhere = nodeOutsideProject(env);
  const { stdout } = elsewhere === undefined ? { stdout: "" } : await execute(elsewhere, ["--version"]);
  const found = stdout.trim();
  return [
    ok(`Node ${nodeVersion}`),
    ...(/^v\d/.test(found) && !isAtLeast(found, needed) ? [warning(`the Node outside the project is ${found}, too old for a bare \`pulumi up\``, "write `npx pulumi up`")] : []),
  ];
}

function nodeOutsideProject({ PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  return PATH.split(delimiter)
    .filter((folder) => !/[/\\]node_modules[/\\]\.bin[/\\]?$/.test(folder))
    .map((folder) => join(folder, "node"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export async function pulumi({ execute }: Machine): Promise<Finding> {
  const { requiredPulumiVersion = "" } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as { requiredPulumiVersion?: string };
  const needed = requiredPulumiVersion.replace(/^>=\s*/, "");
  const answer = await execute("pulumi", ["version"], { seconds: PULUMI_SECONDS });
  const version = /^v(\d+\.\d+\.\d+)/m.exec(answer.stdout)?.[1];
  if (version === undefined) return missing(`Pulumi CLI: ${errorLine(answer)}`, "run `npm install`, then `npx pulumi version`, which downloads it");
  if (!isAtLeast(version, needed)) return missing(`Pulumi CLI ${version}, which is older than ${needed}`, "use the project's own: `npx pulumi`");
  return ok(`Pulumi CLI ${version}`);
}

export async function azureCli({ az }: Machine): Promise<Finding> {
  try {
    return ok(`Azure CLI ${((await az.read(["version"])) as Record<string, string>)["azure-cli"]}`);
  } catch (error) {
    if (!(error instanceof AzError)) throw error;
    return missing(`Azure CLI: ${errorLine(error.execution)}`, "install it: https://learn.microsoft.com/cli/azure/install-azure-cli");
  }
}

/** There is another program of this name, for other sign-in services; only Azure's knows `--server-id`. */
export async function kubelogin({ execute }: Machine): Promise<Finding> {
  const answer = await execute("kubelogin", ["get-token", "--help"]);
  const remedy = "install Azure's: `az aks install-cli`, or https://azure.github.io/kubelogin/install.html";
  if (answer.code === undefined) return missing(`kubelogin: ${errorLine(answer)}`, remedy);
  return `${answer.stdout}${answer.stderr}`.includes("--server-id") ? ok("kubelogin") : missing("kubelogin: the one on the PATH is not Azure's", remedy);
}
