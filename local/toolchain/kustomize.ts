import type { SourceContext } from "./cache.ts";
import { provideGoTool } from "./go-tool.ts";
import { versions } from "./versions.ts";

/** Builds the scaffold's overlays in tests. The program, absolute. Throws Unavailable. */
export function provideKustomize(context: SourceContext): Promise<string> {
  const module = "sigs.k8s.io/kustomize/kustomize/v5";
  return provideGoTool({ name: "kustomize", version: versions.kustomize, module, command: module, minutes: 1 }, context);
}
