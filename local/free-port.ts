import { createServer } from "node:net";
import { codeOf } from "./problem.ts";

/** A port that is free now on an address, by default loopback: the wished one (0: none is), else any. */
export async function freePort(wished: number, address = "127.0.0.1"): Promise<number> {
  const server = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(wished, address, () => {
        const bound = server.address();
        if (bound === null || typeof bound === "string") reject(new Error("no address"));
        else resolve(bound.port);
      });
    });
  } catch (error) {
    if (wished !== 0 && codeOf(error) === "EADDRINUSE") return await freePort(0, address);
    throw error;
  } finally {
    server.close();
  }
}
