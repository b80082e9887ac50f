/**
 * The whole program on a day when Azure is slow: the cluster does not wait until its identity has the role on the kubelet's,
 * and the role comes seconds later. Tried again at once and not after half a minute, so that a test can wait for it.
 */
import { setTimeout as wait } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { untilRightsArrive } from "../../../components/azure/propagation.ts";

const late = new pulumi.ResourceHook("comes-late", () => wait(3000));
const soon = untilRightsArrive("waits-for-rights-briefly", 0.5);

pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
  if (name === "mooring-cluster-uses-kubelet-identity") return { props, opts: { ...opts, hooks: { beforeCreate: [late] } } };
  if (name === "mooring-cluster" && "agentPoolProfiles" in props) return { props, opts: { ...opts, dependsOn: [], hooks: { onError: [soon] } } };
  return undefined;
});

await import("../../../index.ts");
