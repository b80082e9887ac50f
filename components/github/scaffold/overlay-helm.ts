/** `deploy/<environment>/kustomization.yaml` of a team that ships a chart, laid over scaffold/helm/deploy/base. */
import { seconds } from "../../settings/values.ts";
import { chartVersions } from "./chart-versions.ts";
import { firstImages } from "./first-image.ts";
import { overlayHead } from "./overlay-args.ts";
import type { OverlayArgs, ScaffoldFile } from "./overlay-args.ts";

/** What scaffold/helm calls the chart, its source and its release. */
const app = "app";

const text = (value: string): string => JSON.stringify(value);
/** As it is, since an expression is full of backslashes. */
const verbatim = (value: string): string => `'${value}'`;

/** How often the release is looked at, and a first one that failed is tried again, where that is not too often for the platform. */
const looks = "10m";
const retries = "5m";
const noShorter = (duration: string, minimum: string): string => (seconds(duration) < seconds(minimum) ? minimum : duration);

/** Without spaces inside the braces: Flux rewrites the whole file when a value changes, and leaves them out (image-automation-controller, kyaml). */
const replacement = (value: string, comment: string | undefined, kind: string, path: string): string =>
  `  - sourceValue: ${value}${comment === undefined ? "" : ` # ${comment}`}\n    targets: [{select: {kind: ${kind}, name: ${app}}, fieldPaths: [${path}], options: {create: true}}]`;

/**
 * The values stand as `replacements`, not as patches: a patch is one text, and Flux and `build.sh promote` write single values that
 * a comment marks. The tag begins empty, by which the chart runs the image that was built with it; from the first image that Flux
 * finds on, its tag stands there. The chart's digest, which a promotion writes, is taken before version and expression
 * (fluxcd.io/flux/components/source/ocirepositories, "Digest"); empty it says nothing.
 */
export function helmOverlay(args: OverlayArgs): ScaffoldFile {
  const { tenant, environment, registryHost, interval, ref, images } = args;
  const { range, filter } = chartVersions(ref, images[0]?.follow);
  // The chart runs one image; a further one comes with a release of its own, which the team writes.
  const { image, digest, markers } = firstImages(args)[0]!;
  const chart = (field: string): string => `chart: ${field}`;
  const content = [
    ...overlayHead(args),
    "replacements:",
    "  # Which chart: the newest in this range, of the versions that the expression lets through.",
    replacement(text(`oci://${registryHost}/${tenant}/charts/${app}`), undefined, "OCIRepository", "spec.url"),
    replacement(text(range), chart("versions"), "OCIRepository", "spec.ref.semver"),
    replacement(verbatim(filter), chart("filter"), "OCIRepository", "spec.ref.semverFilter"),
    ...("branch" in ref ? [] : [replacement(text(""), chart("digest"), "OCIRepository", "spec.ref.digest")]),
    "  # Which image; without tag and digest the one that was built with the chart.",
    replacement(text(`${registryHost}/${tenant}/${image}`), markers.name, "HelmRelease", "spec.values.image.repository"),
    replacement(text(""), markers.tag, "HelmRelease", "spec.values.image.tag"),
    ...(digest === undefined ? [] : [replacement(text(""), markers.digest, "HelmRelease", "spec.values.image.digest")]),
    "  # How often Flux looks: no more often than the platform allows.",
    replacement(text(interval), undefined, "OCIRepository", "spec.interval"),
    replacement(text(noShorter(looks, interval)), undefined, "HelmRelease", "spec.interval"),
    replacement(text(noShorter(retries, interval)), undefined, "HelmRelease", "spec.install.strategy.retryInterval"),
    "",
  ].join("\n");
  return { path: `deploy/${environment}/kustomization.yaml`, content };
}
