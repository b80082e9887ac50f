/** The address under which Flux is told of something new: a way from the Gateway or ingress controller to the controller that listens. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import type * as pulumi from "@pulumi/pulumi";
import type { WebhookSettings } from "../settings/settings.ts";
import { fluxNamespace } from "./namespace.ts";

/** The Service that the chart makes for the notification-controller's receivers. */
const service = { name: "webhook-receiver", port: 80 };

/** Nothing else of the controller is reachable from outside; and nothing rewrites the path, which Flux compares as a whole. */
const prefix = "/hook/";

const metadata = { name: "flux-webhooks", namespace: fluxNamespace };

/** For the Gateway API, or else as an Ingress. */
export function routeSpec({ host, gateway }: WebhookSettings & { gateway: NonNullable<WebhookSettings["gateway"]> }) {
  const { name, namespace, section } = gateway;
  return {
    parentRefs: [{ name, namespace, ...(section !== undefined && { sectionName: section }) }],
    hostnames: [host],
    rules: [{ matches: [{ path: { type: "PathPrefix", value: prefix } }], backendRefs: [service] }],
  };
}

export function ingressArgs({ host, ingress }: WebhookSettings & { ingress: NonNullable<WebhookSettings["ingress"]> }) {
  const { class: ingressClassName, certificate, issuer } = ingress;
  return {
    metadata: {
      ...metadata,
      // It has its address when the controller gives it one; nothing here waits for that.
      annotations: { "pulumi.com/skipAwait": "true", ...(issuer !== undefined && { "cert-manager.io/cluster-issuer": issuer }) },
    },
    spec: {
      ingressClassName,
      tls: [{ hosts: [host], secretName: certificate }],
      rules: [{ host, http: { paths: [{ path: prefix, pathType: "Prefix", backend: { service: { name: service.name, port: { number: service.port } } } }] } }],
    },
  };
}

export function registerExposure(name: string, { host, gateway, ingress }: WebhookSettings, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  if (ingress) return new Ingress(name, ingressArgs({ host, ingress }), opts);
  return new CustomResource(name, { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata, spec: routeSpec({ host, gateway: gateway! }) }, opts);
}
