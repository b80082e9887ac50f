/** What a team's objects may refer to, and with whom its pods may talk. */
import * as z from "zod";
import { cidr, dnsLabel, domain, imagePrefix, sourceUrl } from "../values.ts";

/** A list of texts, each once. */
export const once = <T extends string>(list: z.ZodArray<z.ZodType<T>>) =>
  list.refine((values) => new Set(values).size === values.length, {
    error: ({ input }) => `names ${(input as unknown[]).find((value, index, all) => all.indexOf(value) < index)} twice`,
  });

export const serviceTypes = ["ClusterIP", "LoadBalancer", "NodePort", "ExternalName"] as const;

export const allowed = z
  .strictObject({
    sources: once(z.array(sourceUrl())).max(50).meta({
      description:
        "Addresses, besides the team's repository, its part of the registry and `tenancy.charts`, from which the team's Flux objects may fetch; each with all that lies below it.",
      examples: [["ssh://git@github.com/acme/shared-charts.git"]],
    }),
    registries: once(z.array(imagePrefix())).max(50).meta({
      description:
        "From where the team's pods may take images, besides the team's part of the registry and `tenancy.registries`. A leading slash means the environment's own registry.",
      examples: [["quay.io/prometheus", "/shared"]],
    }),
    storageClasses: once(z.array(dnsLabel("managed-csi"))).max(50).meta({ description: "Storage classes of the team's volumes. Default: any.", examples: [["managed-csi"]] }),
    priorityClasses: once(z.array(dnsLabel("business-critical"))).max(50).meta({
      description: "Priority classes that the team's pods may name. Default: none. A class that is the cluster's default must be named as well.",
      examples: [["business-critical"]],
    }),
    serviceTypes: once(z.array(z.enum(serviceTypes))).min(1).meta({ description: "Types of the team's Services. Default: [ClusterIP]." }),
    hosts: once(z.array(domain("shop.acme.example"))).max(50).meta({
      description:
        "Host names that the team's Ingresses and routes may serve, each with all that lies below it. Default: `<tenant>.<tenancy.domain>`, or none where there is no such domain.",
      examples: [["shop.acme.example"]],
    }),
  })
  .partial();

const port = z.int().min(1).max(65_535);
const ports = z.array(port).min(1).max(20).meta({ examples: [[8080]] });

export const traffic = z
  .strictObject({
    callers: z
      .array(
        z.strictObject({
          tenant: z.string().meta({ description: "The other tenant's name.", examples: ["web"] }),
          ports: ports.meta({ description: "TCP ports of this tenant's pods." }),
        }),
      )
      .max(200)
      .meta({ description: "Other tenants whose pods may reach this tenant's. Both sides are opened; the caller writes nothing." }),
    ingress: z.strictObject({ ports: ports.meta({ description: "TCP ports of this tenant's pods." }) }).meta({
      description: "What the ingress controller may reach: its namespace is `tenancy.ingressNamespace`.",
    }),
    monitoring: z.strictObject({ ports: ports.meta({ description: "TCP ports of this tenant's pods." }) }).meta({
      description: "What monitoring may reach to collect metrics: its namespace is `tenancy.monitoringNamespace`.",
    }),
    outside: z
      .array(
        z.strictObject({
          name: dnsLabel("payment-provider").meta({ description: "What is there, for whoever reads the traffic matrix." }),
          cidr: cidr("203.0.113.0/24").meta({
            description: "IPv4 range. Of a wide one the instance metadata address, other machine-local addresses, and the cluster's own nodes, pods and services stay closed.",
          }),
          ports: ports.optional().meta({ description: "Default: [443].", examples: [[443]] }),
          protocol: z.enum(["TCP", "UDP"]).optional().meta({ description: "Default: TCP." }),
        }),
      )
      .max(100)
      .meta({ description: "Where the team's pods may connect to outside the cluster." }),
  })
  .partial();
