// Loaded into a program that is measured: writes its highest memory, in bytes, beside this file when it ends.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

process.on("exit", () => {
  // What the system counts for the process includes its parent's memory from before its own program began; this does not.
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  writeFileSync(join(import.meta.dirname, "peak"), String(Number(kibibytes) * 1024));
});
