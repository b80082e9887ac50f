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

// What Pulumi's SDK loads at every start and this program never uses, two thirds of all its modules: npm's dependency
// resolver and TypeScript's compiler, which pack serialised functions, and the Automation API. They are put off until
// something asks for a part of them.
const require = module.createRequire(import.meta.url);
for (const name of ["@npmcli/arborist", "typescript", "@pulumi/pulumi/automation/index.js"]) {
  try {
    putOff(require.resolve(name));
  } catch {
    // Another version of the SDK may do without it.
  }
}

function putOff(file) {
  const later = new Proxy(
    {},
    {
      get(_, part) {
        // Asked by `import * as`; `true` hands out this object itself instead of a copy of all its parts.
        if (part === "__esModule") return true;
        if (require.cache[file]?.exports === later) delete require.cache[file];
        const loaded = require(file);
        return part === "default" ? loaded : loaded[part];
      },
    },
  );
  require.cache[file] = { id: file, filename: file, loaded: true, exports: later, children: [], paths: [] };
}
