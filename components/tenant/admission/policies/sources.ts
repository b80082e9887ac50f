import { bounds } from "../../labels.ts";
import { below, listed, platformsOwn, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** An image's address has no scheme. With and without `.git` it is the same repository. */
const written = "object.kind == 'ImageRepository' ? 'oci://' + object.spec.image : object.kind == 'Bucket' ? object.spec.endpoint : object.spec.url";

/**
 * Flux holds whatever is fetched against nothing. A cloud's provider signs in as the object's account, or, in the one kind that
 * cannot name an account, as the controller itself.
 */
export const sources: Policy = {
  name: "sources",
  idea: "Flux fetches for a team from the team's own and from shared places only.",
  rules: [
    { apiGroups: ["source.toolkit.fluxcd.io"], resources: ["gitrepositories", "ocirepositories", "helmrepositories", "buckets"] },
    { apiGroups: ["image.toolkit.fluxcd.io"], resources: ["imagerepositories"] },
  ],
  conditions: whenSpecChanges,
  variables: [
    { name: "allowed", expression: listed(bounds.sources) },
    { name: "written", expression: written },
    // Elsewhere, and without a path, .git is part of a name.
    { name: "address", expression: "object.kind == 'GitRepository' && variables.written.matches('^[a-z]+://[^/]+/.+[.]git$') ? variables.written.substring(0, variables.written.size() - 4) : variables.written" },
  ],
  validations: [
    {
      expression: below("variables.address", "variables.allowed"),
      messageExpression: "variables.address + ' is not an address that this tenant may fetch from; choose one of ' + variables.allowed.join(', ') + ', or ask the platform for another (allowed.sources)'",
    },
    { expression: "variables.address.matches('^[A-Za-z0-9._:/@-]+$') && !variables.address.matches('[.][.]|/[.]/|[^:]//')", message: "write the address plainly: letters, digits and . _ - : / @, without .. and /./" },
    {
      // They lead past the address. What the platform itself writes for a tenant may have submodules.
      expression: `!has(object.spec.proxySecretRef) && !object.spec.?insecure.orValue(false) && (!object.spec.?recurseSubmodules.orValue(false) || ${platformsOwn})`,
      message: "remove proxySecretRef, insecure and recurseSubmodules; Flux fetches from the address itself, over TLS, and what it needs is in one repository",
    },
    {
      // Its index says where the charts are, which may be anywhere: within the platform, for example.
      expression: "object.kind != 'HelmRepository' || !variables.address.startsWith('https://github.com/')",
      message: "an index in a Git repository could lead Flux anywhere; push the chart to the registry and use an OCIRepository",
    },
    {
      expression: "object.kind != 'HelmRepository' || object.spec.?provider.orValue('generic') == 'generic'",
      message: "a HelmRepository signs in to Azure as Flux itself; use an OCIRepository with provider: azure and serviceAccountName, and name it in chartRef",
    },
    {
      expression: "object.kind == 'HelmRepository' || object.spec.?provider.orValue('generic') in ['generic', 'github'] || object.spec.?serviceAccountName.orValue('') != ''",
      message: "with a cloud's provider, write spec.serviceAccountName: an account of the team's with an identity of the team's",
    },
  ],
};
