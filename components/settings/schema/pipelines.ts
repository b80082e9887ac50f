/** The identities of the environment's pipelines. */
import * as z from "zod";
import { date } from "../values.ts";
import { trust } from "./trust.ts";

const password = z
  .strictObject({
    secrets: z
      .array(
        z.strictObject({
          number: z.int().min(1).meta({ description: "Counts up with every new secret.", examples: [1] }),
          expires: date().meta({ description: "The day it stops working, in quotes.", examples: ["2027-05-01"] }),
        }),
      )
      .min(1)
      .max(2)
      .meta({ description: "The newest first; its predecessor stays valid beside it while pipelines change over. To renew: put a line with the next number on top and drop the oldest." }),
  })
  .meta({
    description:
      "Also a service principal with a password, for pipelines that cannot use federated tokens. Needs the right to make applications in Entra.",
  });

export const pipelines = z
  .strictObject({
    build: z.strictObject({ trust: trust.optional(), password: password.optional() }).meta({ description: "The identity that pushes images and charts to the registry." }),
    deploy: z
      .strictObject({
        trust: trust.optional(),
        password: password.optional(),
        namespaces: z
          .array(z.string())
          .optional()
          .meta({
            description: "Workload namespaces of tenants in which this identity may write what the tenant's own reconciler may. Default: none; it may then only fetch a kubeconfig.",
          }),
      })
      .meta({ description: "The identity that reaches the cluster." }),
  })
  .partial();
