import { join } from "node:path";
import { cacheFolder, provide } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { downloadFile } from "./download.ts";

/** Of microsoft/azure-pipelines-vscode (MIT), August 2026. No package of npm has the file. */
const commit = "e8090fd525cd6ba47d7685c698f3f51983e298c6";
const sum = "f00a9630f6550204148634d9a13f634b5750a225559886effe09a751482f0459";
const file = "service-schema.json";

/** The schema of pipelines that the editor's extension of Azure Pipelines brings: what the service takes, and the inputs of its tasks. */
export function pipelinesSchemaTool(cache: string): Tool {
  return {
    title: "the schema of Azure Pipelines",
    folder: join(cache, "pipelines-schema", commit.slice(0, 12)),
    sources: [
      {
        title: "its repository on GitHub",
        fill: (folder, { signal }) => downloadFile(`https://raw.githubusercontent.com/microsoft/azure-pipelines-vscode/${commit}/${file}`, join(folder, file), sum, signal),
      },
    ],
  };
}

/** The file, absolute. Throws Unavailable. */
export async function providePipelinesSchema(context: SourceContext): Promise<string> {
  return join(await provide(pipelinesSchemaTool(cacheFolder()), context), file);
}
