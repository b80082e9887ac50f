import type { SourceContext } from "./cache.ts";
import { provideGoTool } from "./go-tool.ts";
import { versions } from "./versions.ts";

/** Checks manifests against schemas in tests. The program, absolute. Throws Unavailable. */
export function provideKubeconform(context: SourceContext): Promise<string> {
  const module = "github.com/yannh/kubeconform";
  return provideGoTool({ name: "kubeconform", version: versions.kubeconform, module, command: `${module}/cmd/kubeconform`, minutes: 1 }, context);
}
