import { Problem } from "../problem.ts";

/** The machine that tools are made for, with the names that release files use. */
export interface Machine {
  system: "linux" | "darwin";
  processor: "amd64" | "arm64";
}

/** This machine. Throws where the local platform cannot run. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  if (platform !== "linux" && platform !== "darwin") {
    throw new Problem(`The local platform runs on Linux and macOS; this is ${platform}. On Windows use WSL 2.`);
  }
  if (arch !== "x64" && arch !== "arm64") throw new Problem(`The local platform runs on x64 and arm64 processors; this is ${arch}.`);
  return { system: platform, processor: arch === "x64" ? "amd64" : "arm64" };
}
