// Loaded before the program (Pulumi.yaml, nodeargs) and before every command (package.json). Plain JavaScript: an older
// Node must be able to read it.
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 21)) {
  process.stderr.write(
    `Mooring needs Node 24.21 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      "On Linux and Windows `npm install` brings one, which `npm run …` and `npx pulumi …` use; elsewhere install a newer Node.\n",
  );
  process.exit(1);
}
// Compiled code is kept with the packages it was made from: about a third off the start of every later run. Node's own
// choice, the machine's temporary folder, is one that other users may write to.
module.enableCompileCache?.(fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url)));
