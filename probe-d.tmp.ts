import { openRelay } from "./test/engine/delivery/relay.ts";
import { planOf, changed, settingsOf } from "./test/engine/plans.ts";
import { readFileSync } from "node:fs";
const batches = JSON.parse(readFileSync("/tmp/batches.json", "utf8"));
const { environment } = await openRelay();
try {
  await environment.up();
  console.log("up");
  const again = JSON.stringify(await environment.preview());
  console.log("again", again);
  for (;;) {
    const now = JSON.parse(readFileSync("/tmp/batches.json", "utf8"));
    for (const [name, set] of Object.entries(now)) {
      const fixed = Object.fromEntries(Object.entries(set as object).map(([k, v]) => [k, v === null ? undefined : v]));
      const { code, steps, output, refused } = await planOf(environment, fixed as never);
      console.log("=== " + name, code, refused);
      console.log(steps.join("\n"));
      if (code !== 0) console.log(output.slice(0, 3000));
    }
    console.log("ROUND DONE");
    const { existsSync, rmSync } = await import("node:fs");
    while (!existsSync("/tmp/batches.go")) { if (existsSync("/tmp/batches.stop")) throw new Error("stop"); await new Promise((r) => setTimeout(r, 1000)); }
    rmSync("/tmp/batches.go");
  }
} finally {
  await environment.close();
}
