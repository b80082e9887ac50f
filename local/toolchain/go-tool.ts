/** Go programs that only tests ask for: built from their modules, whose content Go checks against its checksum database. */
import { join } from "node:path";
import { cacheFolder, provide } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { inGoModule } from "./go.ts";

export interface GoTool {
  /** The program's name. */
  name: string;
  version: string;
  module: string;
  /** Import path of its command. */
  command: string;
  /** Roughly, to build, on two cores. */
  minutes: number;
  ldflags?: string;
}

export function goTool(cache: string, { name, version, module, command, minutes, ldflags }: GoTool): Tool {
  const title = `${name} ${version}`;
  return {
    title,
    folder: join(cache, name, version),
    sources: [
      {
        title: "its Go module",
        async fill(folder, context) {
          const goMod = `module mooring.local/build\ngo 1.26.0\nrequire ${module} v${version}\n`;
          const work = { title, goMod, minutes, logFile: join(cache, "logs", `${name}.log`) };
          await inGoModule(work, folder, context, (built) => built.build(command, join(folder, name), ldflags));
        },
      },
    ],
  };
}

/** The program, absolute. Throws Unavailable. */
export async function provideGoTool(tool: GoTool, context: SourceContext): Promise<string> {
  return join(await provide(goTool(cacheFolder(), tool), context), tool.name);
}
