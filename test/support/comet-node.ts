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
  /** HTTP requests, of one call or several. */
  readonly requests: number;
  /** From now on, as nodes do that take one call a request. */
  refuseLists(how: "refuses" | "hangsUp"): void;
  close(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: Params;
}

/** CometBFT rpc/jsonrpc/server/http_json_handler.go */
const NO_LISTS = {
  code: -32600,
  message: "Invalid Request",
  data: "batch request exceeds maximum (1) allowed number of requests",
};

export async function startCometNode(chainId: string, answers: CometAnswers, name = "node"): Promise<CometNode> {
  const asked: string[] = [];
  const all: CometAnswers = { status: () => ({ result: { node_info: { network: chainId } } }), ...answers };
  const state = { requests: 0, lists: "takes" as "takes" | "refuses" | "hangsUp" };
  const answerTo = ({ id, method, params }: Call): object => {
    asked.push(method);
    const answer = all[method]?.(params) ?? { error: `no such method: ${method}` };
    const body =
      "error" in answer ? { error: { code: -32603, message: "Internal error", data: answer.error } } : answer;
    return { jsonrpc: "2.0", id, ...body };
  };
  const server = createServer((request, response) => {
    // It pushes nothing: whoever wants a websocket is told so.
    if (request.method === "GET") {
      response.writeHead(404).end();
      return;
    }
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      state.requests += 1;
      const calls = JSON.parse(text) as Call | Call[];
      if (!Array.isArray(calls)) response.end(JSON.stringify(answerTo(calls)));
      else if (state.lists === "hangsUp") response.destroy();
      else response.end(JSON.stringify(state.lists === "takes" ? calls.map(answerTo) : { id: -1, error: NO_LISTS }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/key-123`;
  return {
    url,
    asked,
    get requests() {
      return state.requests;
    },
    refuseLists: (how) => void (state.lists = how),
    endpoint: createCometEndpoint({ name, url, chainId: `cosmos:${chainId}`, timeoutSeconds: 5 }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
