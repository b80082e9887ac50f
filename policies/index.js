// The entry is JavaScript on purpose: Pulumi loads a pack with `require` after registering ts-node, which would
// type-check a TypeScript entry as CommonJS. What an ES module imports is read by Node, which strips the types.
import "./pack.ts";
