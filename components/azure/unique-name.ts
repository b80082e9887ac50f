import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString.js";
import { suffixLength } from "../settings/names.ts";

/** A name that is unique in all of Azure: the prefix and six random characters, which are kept in the state. */
export function uniqueName(name: string, prefix: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  // A new suffix would be a new resource.
  const suffix = new RandomString(`${name}-suffix`, { length: suffixLength, upper: false, special: false }, opts);
  return pulumi.interpolate`${prefix}${suffix.result}`;
}
