// A CometBFT node as far as a test tells it what to answer: JSON-RPC over HTTP on loopback.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createCometEndpoint } from "#adapters/cosmos/rpc/comet-endpoint.ts";
import type { CometEndpoint } from "#adapters/cosmos/rpc/comet-endpoint.ts";

export type Params = Readonly<Record<string, string>>;

/** What a method answers: `result`, or `error` as nodes word it. */
export type CometAnswer = { readonly result: unknown } | { readonly error: string };
export type CometAnswers = Readonly<Record<string, (params: Params) => CometAnswer>>;

export interface CometNode {
  readonly url: string;
  readonly endpoint: CometEndpoint;
  /** Methods, in the order in which they were asked. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function startCometNode(chainId: string, answers: CometAnswers, name = "node"): Promise<CometNode> {
  const asked: string[] = [];
  const all: CometAnswers = { status: () => ({ result: { node_info: { network: chainId } } }), ...answers };
  const server = createServer((request, response) => {
    // It pushes nothing: whoever wants a websocket is told so.
    if (request.method === "GET") {
      response.writeHead(404).end();
      return;
    }
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: Params };
      asked.push(method);
      const answer = all[method]?.(params) ?? { error: `no such method: ${method}` };
      const body =
        "error" in answer ? { error: { code: -32603, message: "Internal error", data: answer.error } } : answer;
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/key-123`;
  return {
    url,
    asked,
    endpoint: createCometEndpoint({ name, url, chainId: `cosmos:${chainId}`, timeoutSeconds: 5 }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
