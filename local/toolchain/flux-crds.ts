import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { SourceContext, Tool } from "./cache.ts";
import { checksumIn, downloadFile, downloadText } from "./download.ts";
import { inGoModule } from "./go.ts";
import { versions } from "./versions.ts";

const controllers = Object.entries(versions.flux);

/** The custom resource definitions of Flux, one YAML file each, labelled as the chart labels them. */
export function fluxCrdTool(cache: string): Tool {
  return {
    title: "Flux CRDs",
    folder: join(cache, "flux-crds", controllers.map(([, version]) => version).join("_")),
    sources: [
      { title: "the controllers' GitHub releases", fill: downloadDefinitions },
      { title: "the controllers' Go modules", fill: (folder, context) => generateDefinitions(cache, folder, context) },
    ],
  };
}

async function downloadDefinitions(folder: string, { progress, signal }: SourceContext): Promise<void> {
  const release = (name: string, version: string): string => `https://github.com/fluxcd/${name}/releases/download/v${version}`;
  const wanted = await Promise.all(controllers.map(async ([name, version]) => {
    const file = `${name}.crds.yaml`;
    const sums = await downloadText(`${release(name, version)}/${name}_${version}_checksums.txt`, signal);
    return { file, url: `${release(name, version)}/${file}`, sum: checksumIn(sums, file) };
  }));
  await progress.step("Flux CRDs: downloading the controllers' releases", () =>
    Promise.all(wanted.map(({ file, url, sum }) => downloadFile(url, join(folder, file), sum, signal))));
  await splitAndLabel(folder);
}

async function generateDefinitions(cache: string, folder: string, context: SourceContext): Promise<void> {
  const goMod = [
    "module mooring.local/build", "go 1.26.0",
    `require sigs.k8s.io/controller-tools v${versions.controllerTools}`,
    ...controllers.map(([name, version]) => `require github.com/fluxcd/${name}/api v${version}`), "",
  ].join("\n");
  const generator = join(folder, "controller-gen");
  const work = { title: "Flux CRDs", goMod, minutes: 1, logFile: join(cache, "logs", "flux-crds.log") };
  await inGoModule(work, folder, context, async (module) => {
    await module.build("sigs.k8s.io/controller-tools/cmd/controller-gen", generator);
    await module.run(generator, ["crd", ...controllers.map(([name]) => `paths=github.com/fluxcd/${name}/api/...`), `output:crd:dir=${folder}`]);
  });
  await rm(generator);
  await splitAndLabel(folder);
}

/** Turns the YAML files of a folder into one file a definition, named after it. */
async function splitAndLabel(folder: string): Promise<void> {
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".yaml"))) {
    const documents = parseAllDocuments(await readFile(join(folder, file), "utf8"));
    await rm(join(folder, file));
    for (const document of documents) {
      if (document.errors[0] !== undefined) throw document.errors[0];
      const name = document.getIn(["metadata", "name"]);
      if (document.get("kind") !== "CustomResourceDefinition" || typeof name !== "string") continue;
      document.setIn(["metadata", "labels", "app.kubernetes.io/part-of"], "flux");
      await writeFile(join(folder, `${name}.yaml`), document.toString());
    }
  }
}
