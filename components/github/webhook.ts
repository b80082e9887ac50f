/** GitHub tells Flux of a push. */
import { RepositoryWebhook } from "@pulumi/github/repositoryWebhook.js";
import type * as pulumi from "@pulumi/pulumi";

export interface WebhookArgs {
  repository: pulumi.Input<string>;
  /** The receiver's address: a secret too, since whoever has it may call. */
  url: pulumi.Output<string>;
  /** What requests are signed with. */
  secret: pulumi.Output<string>;
}

/** @param opts should wait for the receiver: GitHub calls at once, to say hello */
export function registerWebhook(name: string, { repository, url, secret }: WebhookArgs, opts: pulumi.CustomResourceOptions): RepositoryWebhook {
  return new RepositoryWebhook(
    name,
    { repository, active: true, events: ["push"], configuration: { url, contentType: "json", insecureSsl: false, secret } },
    { ...opts, deleteBeforeReplace: true, additionalSecretOutputs: ["url"] },
  );
}
