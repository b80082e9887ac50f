/** Repositories of the environment's own registry whose pushes concern a tenant. */
import { followedImages } from "./followed-images.ts";
import type { TenantSettings } from "./tenant-settings.ts";

/** `orders/orders-api`, `orders/charts/orders`: those of its images and of what Flux fetches from there, each once. */
export function pushedRepositories({ key, images, sources }: Pick<TenantSettings, "key" | "images" | "sources">): string[] {
  const artifacts = sources.flatMap((source) => (source.kind === "oci" && source.address.startsWith("/") ? [source.address.slice(1)] : []));
  return [...new Set([...followedImages(images).map(({ name }) => `${key}/${name}`), ...artifacts])];
}
