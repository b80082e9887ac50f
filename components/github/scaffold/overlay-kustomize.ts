/** `deploy/<environment>/kustomization.yaml` of a team that ships plain manifests, laid over scaffold/kustomize/deploy/base. */
import { firstImages } from "./first-image.ts";
import type { FirstImage } from "./first-image.ts";
import { overlayHead } from "./overlay-args.ts";
import type { OverlayArgs, ScaffoldFile } from "./overlay-args.ts";

const text = (value: string): string => JSON.stringify(value);

export function kustomizeOverlay(args: OverlayArgs): ScaffoldFile {
  const { environment } = args;
  const content = [
    ...overlayHead(args),
    "images:",
    ...firstImages(args).flatMap(entry),
    "",
  ].join("\n");
  return { path: `deploy/${environment}/kustomization.yaml`, content };
}

/** One value a line: that is where Flux looks for a marker. */
function entry({ placeholder, name, tag, digest, markers }: FirstImage): string[] {
  return [
    `  - name: ${placeholder}`,
    `    newName: ${name} # ${markers.name}`,
    // In quotes, or 1.10 would be a number.
    `    newTag: ${text(tag)} # ${markers.tag}`,
    ...(digest === undefined ? [] : [`    digest: ${text(digest)} # ${markers.digest}`]),
  ];
}
