import { bounds } from "../../labels.ts";
import { below, listed, podMakers, podSpec, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

const imagesOf = (containers: string): string => `variables.pod.?${containers}.orValue([]).map(container, container.?image.orValue(''))`;

/** The nodes may pull every team's images. */
export const images: Policy = {
  name: "images",
  idea: "A team's pods run images from the team's own and from shared registries only.",
  rules: podMakers,
  conditions: whenSpecChanges,
  variables: [
    podSpec,
    { name: "allowed", expression: listed(bounds.images) },
    {
      name: "images",
      expression: [...["containers", "initContainers", "ephemeralContainers"].map(imagesOf), "variables.pod.?volumes.orValue([]).map(volume, volume.?image.?reference.orValue(''))"].join(" + "),
    },
    { name: "refused", expression: `variables.images.filter(image, image != '' && (image.contains('..') || !${below("image", "variables.allowed")}))` },
  ],
  validations: [
    {
      expression: "variables.refused.size() == 0",
      messageExpression:
        "variables.refused.join(', ') + ': this tenant may not run it; write an image with its registry in front, from ' + variables.allowed.join(', ') + ', or ask the platform for another (allowed.registries)'",
    },
  ],
};
