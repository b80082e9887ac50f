/** Errors of a stand-in as the engine reads them. */
import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { PartialFailure } from "../contract.ts";
import { toWire } from "./values.ts";

/**
 * A thrown value as a gRPC error that carries the message only: a stack trace tells a user nothing.
 *
 * A {@link PartialFailure} also carries what was made, in the header where gRPC keeps structured details, so that
 * the engine records the resource although the run fails.
 * Source: `resourceStateAndError` in `pkg/resource/plugin/provider_plugin.go` of github.com/pulumi/pulumi.
 */
export function toServiceError(thrown: unknown): Pick<ServiceError, "code" | "details" | "metadata"> {
  const details = thrown instanceof Error ? thrown.message : String(thrown);
  const metadata = new Metadata();
  if (thrown instanceof PartialFailure) {
    const failed = new providerMessages.ErrorResourceInitFailed();
    failed.setId(thrown.id);
    failed.setProperties(toWire(thrown.outputs));
    failed.setReasonsList(thrown.reasons);
    const packed = new any.Any();
    packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const whole = new statusMessages.Status();
    whole.setCode(status.UNKNOWN);
    whole.setMessage(details);
    whole.addDetails(packed);
    metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  }
  return { code: status.UNKNOWN, details, metadata };
}
