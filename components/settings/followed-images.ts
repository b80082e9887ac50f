import type { Follow, ImageSettings } from "./delivery-settings.ts";

export type FollowedImage = ImageSettings & { follow: Follow };

/** Those that Flux follows; the others are named for the pipelines alone. */
export function followedImages(images: readonly ImageSettings[]): FollowedImage[] {
  return images.filter((image): image is FollowedImage => image.follow !== undefined);
}
