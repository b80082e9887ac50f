/** The custom resource definitions of the add-ons' kinds, from their releases. The local platform runs no add-ons: for tests alone. */
import { createHash } from "node:crypto";
import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { cacheFolder, provide, sha256Of } from "./cache.ts";
import type { SourceContext, Tool } from "./cache.ts";
import { downloadFile } from "./download.ts";
import { provideFlaggerCrds } from "./flagger-crds.ts";
import { moduleFolder } from "./go.ts";
import { versions } from "./versions.ts";

interface Release {
  module: string;
  /** At GitHub. */
  repository: string;
  version: string;
  /** What stands before the names of the files. */
  path: string;
  /** The files' SHA-256 by name. With another version they are others. */
  files: Record<string, string>;
}

const { certManager, envoyGateway, envoyGatewayApi, externalSecrets, prometheusOperator } = versions.addOns;

const releases: Record<string, Release> = {
  "cert-manager": {
    module: "github.com/cert-manager/cert-manager",
    repository: "cert-manager/cert-manager",
    version: certManager,
    path: "deploy/crds/cert-manager.io_",
    files: {
      certificates: "7ad91029c00ec959d54215b19d3b1a9b7e0247eaa60f987151c2b70d8661f8af",
      clusterissuers: "30008001b78aafb8e110af61359561104b5fafc3a4dc6ac0013245d0ee3fe4ca",
    },
  },
  "external-secrets": {
    module: "github.com/external-secrets/external-secrets",
    repository: "external-secrets/external-secrets",
    version: externalSecrets,
    path: "config/crds/bases/external-secrets.io_",
    files: {
      externalsecrets: "690dbc0d51b5f9bc5266b450b533cfd22c5273268e8569102e528a39519cd4ba",
      secretstores: "ef1fc349941cea1d56b87f8c31cf05a9fed85b7c000a60e69c6b2b29a13fa648",
    },
  },
  "prometheus-operator": {
    module: "github.com/prometheus-operator/prometheus-operator",
    repository: "prometheus-operator/prometheus-operator",
    version: prometheusOperator,
    path: "example/prometheus-operator-crd/monitoring.coreos.com_",
    files: {
      alertmanagerconfigs: "405d1e8f8c7f99cc2d4bbbcf394f055823c1d8e2e7d9ae80904c1c104877a421",
      podmonitors: "eef45bb50df838a85226eb6b03c0c7094c54d605776bdf2ec149f17fba8a1df0",
      prometheusrules: "2d72928f7ceb99d153f2f91d2c2fd68d4b89c4914f2a09e15ac049b2f0316df3",
      servicemonitors: "7dd4206947c94bc76f71daa07c45a1010a5d697c54fe079f8207b0e82026a26a",
    },
  },
  "gateway-api": {
    module: "sigs.k8s.io/gateway-api",
    repository: "kubernetes-sigs/gateway-api",
    version: envoyGatewayApi,
    path: "config/crd/standard/gateway.networking.k8s.io_",
    files: {
      gatewayclasses: "53710048ba26f8620eed59d5e51b157ecf040daf5c6eef31a4b991e0808c4be5",
      gateways: "25b885f5870b8fff1ae82efa2628b2761cef3745900c2aecf8fb76629a01255a",
      grpcroutes: "53a8d029da8f07e55d3fa58a5cf6de5950dab19fbb8d6a8082fb5e51ca5ef6fc",
      httproutes: "a424a0d6c953b162e71d1d97bb7e75012d8f1ac264e7274f2763d1b96ab39852",
    },
  },
  "envoy-gateway": {
    module: "github.com/envoyproxy/gateway",
    repository: "envoyproxy/gateway",
    version: envoyGateway,
    path: "charts/gateway-helm/charts/crds/crds/generated/gateway.envoyproxy.io_",
    files: {
      clienttrafficpolicies: "2c7eaa1ce30de626e9c362b8d9002281c2f435f970020fa81902ad7f30b38d5b",
      envoyproxies: "3e9ea2f348445e3798b02daf02bf024b0d944227cf5ef8a18da7f675a1afd223",
    },
  },
};

function crdTool(cache: string, name: string, { module, repository, version, path, files }: Release): Tool {
  // Which files it is are part of what is kept.
  const which = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 8);
  const wanted = Object.entries(files).map(([plural, sum]) => ({ file: `${path}${plural}.yaml`, sum }));
  return {
    title: `${name} ${version} CRDs`,
    folder: join(cache, "add-on-crds", name, `${version}-${which}`),
    sources: [
      {
        title: "its repository on GitHub",
        async fill(folder, { signal }) {
          const base = `https://raw.githubusercontent.com/${repository}/v${version}`;
          await Promise.all(wanted.map(({ file, sum }) => downloadFile(`${base}/${file}`, join(folder, basename(file)), sum, signal)));
        },
      },
      {
        title: "its Go module",
        async fill(folder, context) {
          const released = await moduleFolder(module, version, context);
          for (const { file, sum } of wanted) {
            const copy = join(folder, basename(file));
            await copyFile(join(released, file), copy);
            const actual = await sha256Of(copy);
            if (actual !== sum) throw new Error(`${file} of ${module} ${version} has the SHA-256 ${actual}, not ${sum}`);
          }
        },
      },
    ],
  };
}

/** The folders with them, Flagger's among them. Throws Unavailable. */
export async function provideAddOnCrds(context: SourceContext): Promise<string[]> {
  const cache = cacheFolder();
  const folders: string[] = [];
  for (const [name, release] of Object.entries(releases)) folders.push(await provide(crdTool(cache, name, release), context));
  return [...folders, await provideFlaggerCrds(context)];
}
