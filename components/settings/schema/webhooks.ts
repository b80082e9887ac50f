/** The address under which GitHub, pipelines and registries tell Flux of something new. */
import * as z from "zod";
import { dnsLabel, domain } from "../values.ts";

export const webhooks = z
  .strictObject({
    host: domain("hooks.staging.acme.example").meta({ description: "The host name. It must lead to the Gateway or ingress controller: a record of `dns`, or external-dns." }),
    gateway: z
      .strictObject({
        name: dnsLabel("platform"),
        namespace: dnsLabel("gateway-system"),
        section: dnsLabel("https").optional().meta({ description: "The listener, which ends TLS and admits routes of flux-system. Default: all that match the host." }),
      })
      .optional()
      .meta({ description: "The Gateway that the route is attached to; its listener has the certificate. Default: that of the add-on `gateway`, where neither this nor `ingress` is written." }),
    ingress: z
      .strictObject({
        class: z
          .string()
          .regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, { error: (issue) => `${JSON.stringify(issue.input)} is not the name of an ingress class; write for example webapprouting.kubernetes.azure.com` })
          .meta({ description: "The ingress class.", examples: ["webapprouting.kubernetes.azure.com"] }),
        certificate: z
          .strictObject({
            secret: dnsLabel("flux-webhooks-tls").optional().meta({ description: "A Secret of flux-system that holds the certificate. Default: flux-webhooks-tls." }),
            issuer: dnsLabel("letsencrypt").optional().meta({ description: "The ClusterIssuer of cert-manager that makes it. Default: none; somebody else makes the Secret." }),
          })
          .optional(),
      })
      .optional()
      .meta({ description: "An Ingress instead of a Gateway." }),
  })
  .refine(({ gateway, ingress }) => gateway === undefined || ingress === undefined, { error: "gateway and ingress exclude each other; keep one of them" });

export const tenantWebhooks = z
  .strictObject({
    repository: z.boolean().meta({ description: "Whether GitHub tells this environment of a push. Default: true where `mooring:webhooks` is set and the repository is at GitHub." }),
    registry: z.enum(["none", "pipeline", "acr"]).meta({
      description: "Who tells this environment of a new image. pipeline: the team's pipeline, with a signature. acr: the registry itself, whose SKU limits how many teams can have that. Default: pipeline where `mooring:webhooks` is set and the tenant has `images`, else none.",
    }),
    rotation: z.int().min(1).meta({ description: "Raise it by one for new secrets and addresses. Default: 1." }),
  })
  .partial();
