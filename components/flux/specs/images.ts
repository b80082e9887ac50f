/** Which image is the newest, and how it reaches the repository (fluxcd.io/flux/components/image). */
import type * as pulumi from "@pulumi/pulumi";

export interface ImageRepositorySpec {
  /** Without a scheme and a tag. */
  image: pulumi.Input<string>;
  interval: string;
  provider: "azure";
  /** The account as whose identity the registry is asked. */
  serviceAccountName: string;
  suspend?: boolean;
}

export interface ImagePolicySpec {
  imageRepositoryRef: { name: string };
  /** `pattern` is a regular expression of Go; `extract` says what of a tag is compared. */
  filterTags?: { pattern: string; extract?: string };
  policy: { semver: { range: string } } | { numerical: { order: "asc" } } | { alphabetical: { order: "asc" } };
  digestReflectionPolicy?: "IfNotPresent" | "Always";
  /** With `Always`: how often the digest is asked for. */
  interval?: string;
}

export interface ImageUpdateAutomationSpec {
  interval: string;
  sourceRef: { kind: "GitRepository"; name: string };
  git: {
    checkout: { ref: { branch: string } };
    commit: { author: { name: string; email: string }; messageTemplate: string; messageTemplateValues: Record<string, string> };
    push: { branch: string };
  };
  update: { strategy: "Setters"; path: string };
  suspend?: boolean;
}
