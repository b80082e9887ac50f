/** Flux's own decisions as one program for tests: which tag, which commit, what is written, who may call. */
import { createHash } from "node:crypto";
import { chmod, copyFile, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder, provide } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { inGoModule, moduleFolder } from "./go.ts";
import type { GoModule } from "./go.ts";
import { versions } from "./versions.ts";

const { controllers, libraries } = versions.fluxLogic;
const flux = "github.com/fluxcd";

/** The program's own files. Those in folders named after a controller are added to a copy of its module, at the same place. */
const sources = join(import.meta.dirname, "flux-logic");

/**
 * Of notification-controller only the files that serve webhooks and that write to chats: with the rest come the libraries of thirty
 * services. The two folders are of the releases whose files are those of 1.8.4, or as good as: 1.6.0 differs from it in Receivers of
 * type gcr and in two default API versions (see internal/server/mooring.go), 1.9.3 in a `fallback` that messages to Slack have there.
 */
const { server, notifier } = controllers["notification-controller"];
const notificationFiles = {
  [server]: ["receiver_handlers", "receiver_resource_filter", "receiver_server"].map((name) => `internal/server/${name}.go`),
  [notifier]: ["client", "discord", "forwarder", "notifier", "slack", "teams", "util"].map((name) => `internal/notifier/${name}.go`),
};

/**
 * Internal packages may be imported from inside their module only, and files of Go's module cache may not be replaced (`go help build`,
 * -overlay): so the modules are copied, and the copies replace them. What they need comes from their own go.mod, at the versions there
 * unless Go's proxy or its checksum database lacks one.
 */
const goMod = [
  "module mooring.local/build",
  "go 1.26.0",
  `require ${flux}/image-reflector-controller v${controllers["image-reflector-controller"]}`,
  `require ${flux}/image-automation-controller v${controllers["image-automation-controller"]}`,
  `require ${flux}/notification-controller v${controllers["notification-controller"].server}`,
  `require ${flux}/notification-controller/api v${versions.flux["notification-controller"]}`,
  `require ${flux}/source-controller/api v${versions.flux["source-controller"]}`,
  ...Object.entries(libraries.required).map(([module, version]) => `require ${module} v${version}`),
  ...Object.keys(controllers).map((name) => `replace ${flux}/${name} => ./${name}`),
  ...Object.entries(libraries.replaced).map(([module, version]) => `replace ${module} => ${module} v${version}`),
  "",
].join("\n");

/** The folder in the cache carries a hash of all that the program is made of. */
export async function fluxLogicTool(cache: string): Promise<Tool> {
  const files = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith(".go")).sort();
  const hash = createHash("sha256").update(goMod).update(JSON.stringify(notificationFiles));
  for (const file of files) hash.update(`${file}\n`).update(await readFile(join(sources, file)));
  return {
    title: "Flux logic",
    folder: join(cache, "flux-logic", hash.digest("hex").slice(0, 12)),
    sources: [{ title: "the controllers' Go modules", fill: (folder, context) => build(cache, files, folder, context) }],
  };
}

async function build(cache: string, files: string[], folder: string, context: SourceContext): Promise<void> {
  const work = { title: "Flux logic", goMod, minutes: 4, logFile: join(cache, "logs", "flux-logic.log") };
  await inGoModule(work, folder, context, async (module) => {
    for (const name of ["image-reflector-controller", "image-automation-controller"] as const) {
      await copyAll(await moduleFolder(`${flux}/${name}`, controllers[name], context), join(module.folder, name));
    }
    await copyNotifications(module, context);
    for (const file of files) {
      await mkdir(dirname(join(module.folder, file)), { recursive: true });
      await copyFile(join(sources, file), join(module.folder, file));
    }
    await module.build(".", join(folder, "flux-logic"));
  });
}

async function copyNotifications(module: GoModule, context: SourceContext): Promise<void> {
  const copy = join(module.folder, "notification-controller");
  for (const [version, files] of Object.entries(notificationFiles)) {
    const released = await moduleFolder(`${flux}/notification-controller`, version, context);
    for (const file of files) {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await copyFile(join(released, file), join(copy, file));
    }
  }
  // What these files need stands in the program's own go.mod.
  await writeFile(join(copy, "go.mod"), `module ${flux}/notification-controller\ngo 1.26.0\n`);
}

/** The module cache is read-only, so its copies are; files are added to this one, and it is removed in the end. */
async function copyAll(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

/** The program, absolute. Only tests ask for it. Throws Unavailable. */
export async function provideFluxLogic(context: SourceContext): Promise<string> {
  return join(await provide(await fluxLogicTool(cacheFolder()), context), "flux-logic");
}
