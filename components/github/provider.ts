/** As whom the program works at GitHub. */
import type { ProviderArgs } from "@pulumi/github/provider.js";
import type { StackSettings } from "../settings/load.ts";

/** Without an app it is the token in GITHUB_TOKEN. The app's key stays here: no cluster gets it. */
export function githubProviderArgs({ github: { owner, host, app }, secrets }: StackSettings): ProviderArgs {
  return {
    owner,
    ...(host !== "github.com" && { baseUrl: `https://${host}/` }),
    ...(app && { appAuth: { id: String(app.id), installationId: String(app.installationId), pemFile: secrets[app.key]! } }),
  };
}
