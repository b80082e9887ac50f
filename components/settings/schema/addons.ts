/** What the platform runs for all teams, as modules of the fleet repository. */
import * as z from "zod";

const on = (description: string) => z.strictObject({}).nullable().meta({ description });

export const addons = z
  .strictObject({
    certManager: z
      .strictObject({ email: z.email({ error: (issue) => `${JSON.stringify(issue.input)} is not a mail address` }).meta({ description: "Whom Let's Encrypt writes to.", examples: ["platform@acme.example"] }) })
      .meta({ description: "cert-manager, with certificates of Let's Encrypt for names of `dns.zone`." }),
    externalDns: on("external-dns: records in `dns.zone` for the host names of routes."),
    externalSecrets: on("External Secrets: secrets of a team's vault as Secrets of its namespace."),
    gateway: on("Envoy Gateway, with a Gateway for teams' routes below `tenancy.domain` and for Flux's webhooks."),
    kubePrometheusStack: on("kube-prometheus-stack: Prometheus, Alertmanager and Grafana in the cluster, with Flux's dashboards."),
    platformAlerts: on("Alert rules of Prometheus for Flux and the add-ons."),
    flagger: on("Flagger: releases that take over step by step, and are rolled back when their numbers are bad."),
  })
  .partial();
