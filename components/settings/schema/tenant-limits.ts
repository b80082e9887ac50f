/** How much a team may use. */
import * as z from "zod";
import { cpu, memory } from "../values.ts";

const count = (description: string) => z.int().min(0).max(10_000).meta({ description });

export const quota = z
  .strictObject({
    cpu: cpu().meta({ description: "Sum of the containers' CPU requests, and of their limits." }),
    memory: memory().meta({ description: "Sum of the containers' memory requests, and of their limits." }),
    pods: z.int().min(1).max(10_000).meta({ description: "Pods at one time.", examples: [60] }),
    storage: memory().meta({ description: "Sum of the persistent volume claims." }),
    volumes: count("Persistent volume claims at one time."),
    services: count("Services at one time."),
    loadBalancers: count("Services of the type LoadBalancer at one time, each with an address that costs money; needs the type in `allowed.serviceTypes`. Default: 0, in every size."),
    configMaps: count("ConfigMaps at one time."),
    secrets: count("Secrets at one time; Helm keeps the last releases of each HelmRelease in them."),
    jobs: count("Jobs at one time, and likewise CronJobs."),
    objects: count("Objects of each other kind at one time: Deployments, StatefulSets, DaemonSets, Ingresses, routes, autoscalers, ServiceAccounts and so on."),
    fluxObjects: count("Flux objects of each kind at one time: Kustomizations, HelmReleases, GitRepositories and so on."),
  })
  .partial();

export const containers = z
  .strictObject({
    cpu: cpu().meta({ description: "CPU limit of a container that states none." }),
    memory: memory().meta({ description: "Memory limit of a container that states none." }),
    disk: memory().meta({ description: "Limit of the node's disk (logs, what is written beside volumes, emptyDirs) of a container that states none; a pod that takes more is evicted. Default: 2Gi." }),
    cpuRequest: cpu().meta({ description: "CPU request of a container that states none." }),
    memoryRequest: memory().meta({ description: "Memory request of a container that states none." }),
    diskRequest: memory().meta({ description: "Request of the node's disk of a container that states none. Default: 64Mi." }),
  })
  .partial();
