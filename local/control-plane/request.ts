import * as https from "node:https";

export interface ApiAddress {
  server: string;
  caPem: string;
  token: string;
}

/** The status of a GET request to the API server, and the body. Throws when there is no answer within `milliseconds`. */
export async function get({ server, caPem, token }: ApiAddress, path: string, milliseconds: number): Promise<{ status: number; body: string }> {
  return await new Promise((resolve, reject) => {
    const request = https.get(new URL(path, server), {
      ca: caPem, headers: { authorization: `Bearer ${token}` }, agent: false, signal: AbortSignal.timeout(milliseconds),
    }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => { body += text; })
        .once("end", () => resolve({ status: response.statusCode ?? 0, body }))
        .once("error", reject);
    });
    request.once("error", reject);
  });
}

/** Whether the server is there and says of itself that it is ready. */
export async function isReady(address: ApiAddress): Promise<boolean> {
  try {
    return (await get(address, "/readyz", 2_000)).status === 200;
  } catch {
    return false;
  }
}
