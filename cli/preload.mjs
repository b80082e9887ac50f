// Loaded before the program (Pulumi.yaml, nodeargs). Plain JavaScript: an older Node must be able to read it.
import * as module from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 21)) {
  process.stderr.write(
    `Mooring needs Node 24.21 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      "Run pulumi through npm (`npx pulumi …`), which uses the Node that npm installed, or install a newer Node.\n",
  );
  process.exit(1);
}
// Compiled code is kept in Node's own cache folder: about a third off the start of every later run.
module.enableCompileCache?.();
