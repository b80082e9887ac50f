/** What holds for every team of an environment. */
import * as z from "zod";
import { once } from "./tenant-bounds.ts";
import { dnsLabel, domain, imagePrefix, interval, sourceUrl } from "../values.ts";

export const tenancy = z
  .strictObject({
    admission: z.enum(["Deny", "Audit"]).meta({
      description: "What happens to an object of a team that breaks a rule. Deny: it is refused. Audit: the author is warned and it is in the audit log, to see what a rule would refuse. Default: Deny.",
    }),
    minimumInterval: interval().meta({ description: "The shortest interval of a team's Flux objects. Default: 30s.", examples: ["1m"] }),
    maximumTimeout: interval().meta({
      description: "The longest timeout of a team's Flux objects: whoever waits for a rollout keeps one of the few workers that all teams share. Default: 15m.",
      examples: ["30m"],
    }),
    charts: once(z.array(sourceUrl())).max(200).meta({
      description: "Public addresses of Helm repositories, OCI charts and Git repositories that every team may fetch from, each with all that lies below it. Default: none.",
      examples: [["https://charts.jetstack.io", "oci://ghcr.io/prometheus-community/charts"]],
    }),
    registries: once(z.array(imagePrefix())).max(200).meta({
      description: "From where every team's pods may take images, besides the team's own part of the registry. A leading slash means the environment's own registry. Default: [mcr.microsoft.com].",
      examples: [["mcr.microsoft.com", "docker.io/library", "/shared"]],
    }),
    domain: domain("apps.acme.example").meta({
      description: "Each team may serve `<tenant>.<domain>` and what lies below it, unless it names hosts of its own. Default: none, and no team may serve any host but those it names.",
    }),
    ingressNamespace: dnsLabel("app-routing-system").meta({ description: "The namespace of the ingress controller, or of the Gateways that teams' routes lead from; for teams with `traffic.ingress` and for Flux's webhooks." }),
    monitoringNamespace: dnsLabel("monitoring").meta({
      description: "The namespace from which metrics are collected, for teams with `traffic.monitoring` and of Flux itself. Default with `monitoring.prometheus`: kube-system, where AKS's collectors run.",
    }),
    privileged: once(z.array(z.string())).meta({
      description: "Tenants that may write `podSecurity: privileged`: a team that keeps its own file cannot grant it to itself.",
      examples: [["operations"]],
    }),
    adoptable: once(z.array(dnsLabel("orders"))).meta({
      description: "Namespaces that exist and that a tenant may take over with `adopt: true`: who has a namespace has the rights of what runs there.",
      examples: [["orders-legacy"]],
    }),
    protect: z.boolean().meta({
      description: "Whether the namespaces of the teams refuse deletion, unless a team says otherwise; see `state` and `protect` of a tenant. Default: true.",
    }),
  })
  .partial();
