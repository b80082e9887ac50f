import { bounds } from "../../labels.ts";
import { below, listed, podMakers, podSpec, whenPodsChange } from "../policy.ts";
import type { Policy } from "../policy.ts";

const imagesOf = (containers: string): string => `variables.pod.?${containers}.orValue([]).map(container, container.?image.orValue(''))`;

/** An entry with a path may be an image itself, with any tag or digest. Behind a host alone the colon would be a port's. */
const named = "variables.allowed.exists(allowed, allowed.contains('/') && (image.startsWith(allowed + ':') || image.startsWith(allowed + '@')))";

/** The nodes may pull every team's images. */
export const images: Policy = {
  name: "images",
  idea: "A team's pods run images from the team's own and from shared registries only.",
  rules: podMakers,
  conditions: whenPodsChange,
  variables: [
    podSpec,
    { name: "allowed", expression: listed(bounds.images) },
    {
      name: "images",
      expression: [...["containers", "initContainers", "ephemeralContainers"].map(imagesOf), "variables.pod.?volumes.orValue([]).map(volume, volume.?image.?reference.orValue(''))"].join(" + "),
    },
    { name: "refused", expression: `variables.images.filter(image, image != '' && (image.contains('..') || !(${below("image", "variables.allowed")} || ${named})))` },
  ],
  validations: [
    {
      expression: "variables.refused.size() == 0",
      messageExpression:
        "variables.refused.join(', ') + ': this tenant may not run it; write an image with its registry in front, from ' + variables.allowed.join(', ') + ', or ask the platform for another (allowed.registries)'",
    },
  ],
};
