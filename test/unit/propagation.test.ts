import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isPropagating } from "../../components/azure/propagation.ts";

const missing = "Code=\"CustomKubeletIdentityMissingPermissionError\" Message=\"…\"";
const failed = (errors: string[], failedOperation = "create") => isPropagating({ errors, failedOperation });

describe("a failure for want of rights that are on their way", () => {
  test("is worth another try, for ten minutes", () => {
    assert.equal(failed([missing]), true);
    assert.equal(failed(["Code=\"CustomPrivateDNSZoneMissingPermissionError\""], "update"), true);
    assert.equal(failed(Array<string>(20).fill(missing)), true);
    assert.equal(failed(Array<string>(21).fill(missing)), false);
  });

  test("is the newest one", () => {
    assert.equal(failed(["Code=\"QuotaExceeded\"", missing]), false);
    assert.equal(failed([missing, "Code=\"QuotaExceeded\""]), true);
  });

  test("is no other one, and none of a delete", () => {
    for (const other of ["Code=\"LinkedAuthorizationFailed\"", "Code=\"InvalidParameter\"", ""]) assert.equal(failed([other]), false);
    assert.equal(failed([], "create"), false);
    assert.equal(failed([missing], "delete"), false);
  });
});
