// A proxy on loopback in front of an honest JSON-RPC or beacon API endpoint that rewrites its answers on command.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What was asked, and what the honest endpoint answered. */
export interface Exchange {
  /** JSON-RPC method; the path with its query for the beacon API. */
  readonly what: string;
  readonly params: readonly unknown[];
  /** `result` of JSON-RPC, the whole body of the beacon API. */
  readonly honest: unknown;
}

export type Lie = (exchange: Exchange) => unknown;

/** A lie of this value cuts the answer in the middle of its JSON. */
export const TRUNCATED = Symbol("truncated");
/** A lie of this shape becomes a JSON-RPC error. */
export interface RpcError {
  readonly rpcError: { readonly code: number; readonly message: string; readonly data?: string };
}

/** What becomes of the beacon API's event streams: passed on, never answered, open and silent, refused, or full of news that are none. */
export type Streams = "honest" | "unanswered" | "silent" | "refused" | "flooding";

export interface HostileRpc {
  readonly url: string;
  /** Undefined: honest again. */
  lie(lie: Lie | undefined): void;
  /** How often a lie changed an answer. */
  told(): number;
  /** From now on; streams that are open end. */
  stream(streams: Streams): void;
  close(): Promise<void>;
}

interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface RpcAnswer {
  readonly id: number;
  readonly result?: unknown;
}

const isRpcError = (value: unknown): value is RpcError =>
  typeof value === "object" && value !== null && "rpcError" in value;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** `upstream`: URL of the honest endpoint. */
export async function startHostileRpc(upstream: string): Promise<HostileRpc> {
  let current: Lie | undefined;
  let told = 0;
  let streams: Streams = "honest";
  const streaming = new Set<ServerResponse>();

  const distort = (exchange: Exchange): unknown => {
    if (current === undefined) return exchange.honest;
    const answer = current(exchange);
    if (JSON.stringify(answer) !== JSON.stringify(exchange.honest)) told += 1;
    return answer;
  };

  const rpc = async (body: string): Promise<{ value: unknown; cut: boolean }> => {
    const asked = JSON.parse(body) as RpcRequest | RpcRequest[];
    const headers = { "content-type": "application/json" };
    const response = await fetch(upstream, { method: "POST", headers, body });
    const given = (await response.json()) as RpcAnswer | RpcAnswer[];
    const requests = new Map([asked].flat().map((request) => [request.id, request]));
    let cut = false;
    const answers = [given].flat().map((answer) => {
      const request = requests.get(answer.id);
      if (request === undefined || !("result" in answer)) return answer;
      const lie = distort({ what: request.method, params: request.params, honest: answer.result });
      if (lie === TRUNCATED) cut = true;
      if (isRpcError(lie)) return { jsonrpc: "2.0", id: answer.id, error: lie.rpcError };
      return { ...answer, result: lie === TRUNCATED ? answer.result : lie };
    });
    return { value: Array.isArray(given) ? answers : answers[0], cut };
  };

  const rest = async (path: string): Promise<{ value: unknown; cut: boolean; status: number }> => {
    const response = await fetch(upstream.replace(/\/+$/, "") + path);
    const honest: unknown = await response.json();
    const lie = distort({ what: path, params: [], honest });
    return { value: lie === TRUNCATED ? honest : lie, cut: lie === TRUNCATED, status: response.status };
  };

  const stream = async (path: string, response: ServerResponse): Promise<void> => {
    streaming.add(response);
    const ending = new AbortController();
    response.on("close", () => {
      streaming.delete(response);
      ending.abort();
    });
    if (streams === "unanswered") return;
    if (streams === "refused") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    if (streams === "silent") return;
    if (streams === "flooding") {
      // The test has to get its turns, too.
      while (!ending.signal.aborted) {
        response.write("event: light_client_finality_update\ndata: {}\n\n");
        await sleep(1);
      }
      return;
    }
    const { body } = await fetch(upstream.replace(/\/+$/, "") + path, { signal: ending.signal });
    for await (const chunk of body ?? []) response.write(chunk);
    response.end();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "/";
    if (path.startsWith("/eth/v1/events")) return stream(path, response);
    const { value, cut, status } =
      request.method === "POST" ? { ...(await rpc(await readBody(request))), status: 200 } : await rest(path);
    const text = JSON.stringify(value);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(cut ? text.slice(0, Math.floor(text.length / 2)) : text);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie(lie) {
      current = lie;
      told = 0;
    },
    told: () => told,
    stream(changed) {
      streams = changed;
      for (const response of streaming) response.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
