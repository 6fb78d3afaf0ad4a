// JSON-RPC of a CometBFT node with as little around it as can be: what measures may not cost what is measured.
import { Agent, request } from "node:http";
import { z } from "zod";

export interface CometRpc {
  /** Throws with what the node said when it refuses. */
  call<T>(method: string, params: object, schema: z.ZodType<T>): Promise<T>;
  /** A gRPC query over `abci_query`, at the newest height. */
  query(path: string, data: Uint8Array): Promise<Uint8Array>;
}

const answer = z.object({
  result: z.unknown(),
  error: z.object({ message: z.string(), data: z.string().optional() }).optional(),
});
const queried = z.object({
  response: z.object({ code: z.int().default(0), log: z.string().default(""), value: z.string().nullish() }),
});

function post(url: string, agent: Agent, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    request(url, { method: "POST", agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("end", () => resolve(Buffer.concat(parts).toString()));
      response.once("error", reject);
    })
      .once("error", reject)
      .end(body);
  });
}

export function openCometRpc(url: string): CometRpc {
  const agent = new Agent({ keepAlive: true });
  const call = async <T>(method: string, params: object, schema: z.ZodType<T>): Promise<T> => {
    const text = await post(url, agent, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
    const { result, error } = answer.parse(JSON.parse(text));
    if (error !== undefined) throw new Error(`${method} of ${url}: ${error.message} ${error.data ?? ""}`);
    return schema.parse(result);
  };
  return {
    call,
    async query(path, data) {
      const params = { path, data: Buffer.from(data).toString("hex"), prove: false };
      const { response } = await call("abci_query", params, queried);
      if (response.code !== 0) throw new Error(`${path} of ${url}: ${response.log}`);
      return Buffer.from(response.value ?? "", "base64");
    },
  };
}
