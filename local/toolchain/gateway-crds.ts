import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, provide, sha256Of } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { downloadFile } from "./download.ts";
import { moduleFolder } from "./go.ts";
import { versions } from "./versions.ts";

const version = versions.gatewayApi;
const module = "sigs.k8s.io/gateway-api";

/** The files of its standard channel that tests need, with their SHA-256. With another version they are others. */
const files = {
  gateways: "a02ea425fc901f197b668c9ddd56375e1f6896994914c6e6b9b4fdb85cf3ba6e",
  grpcroutes: "b72068b42cb32051ca609e5a8dfefb16904d164abe2e71d9f3c776fae41c4dab",
  httproutes: "98c6777c22309d319292e9c288ee632006c9ffdd4272383d6f9dffa3fbccaf14",
  referencegrants: "d74fc2f8e90094f4c4d6dc13a2d720011a40e30e5640b3e2a2051fac820f6584",
};

const pathOf = (plural: string): string => `config/crd/standard/gateway.networking.k8s.io_${plural}.yaml`;

/** The custom resource definitions of the Gateway API, one YAML file each. */
export function gatewayCrdTool(cache: string): Tool {
  const wanted = Object.entries(files).map(([plural, sum]) => ({ path: pathOf(plural), file: `${plural}.yaml`, sum }));
  return {
    title: `Gateway API ${version} CRDs`,
    folder: join(cache, "gateway-crds", version),
    sources: [
      {
        title: "its repository on GitHub",
        async fill(folder, { signal }) {
          const base = `https://raw.githubusercontent.com/kubernetes-sigs/gateway-api/v${version}`;
          await Promise.all(wanted.map(({ path, file, sum }) => downloadFile(`${base}/${path}`, join(folder, file), sum, signal)));
        },
      },
      {
        title: "its Go module",
        async fill(folder, context) {
          const released = await moduleFolder(module, version, context);
          for (const { path, file, sum } of wanted) {
            await copyFile(join(released, path), join(folder, file));
            const actual = await sha256Of(join(folder, file));
            if (actual !== sum) throw new Error(`${path} of ${module} ${version} has the SHA-256 ${actual}, not ${sum}`);
          }
        },
      },
    ],
  };
}

/** The folder with them. The local platform has no gateway, so only tests ask for it. Throws Unavailable. */
export async function provideGatewayCrds(context: SourceContext): Promise<string> {
  return await provide(gatewayCrdTool(cacheFolder()), context);
}
