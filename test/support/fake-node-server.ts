// Serves fake chains to other processes, so that a relayer under test can be killed while its chains live on.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { deserialize, serialize } from "node:v8";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import type { FakeChain } from "./fake-chain.ts";
import type { FakeNode } from "./fake-family.ts";

const CALLS = [
  "heads",
  "events",
  "trusted",
  "otherView",
  "prove",
  "standing",
  "outstanding",
  "recover",
  "receipt",
  "broadcast",
] as const satisfies readonly (keyof FakeNode)[];

interface Call {
  readonly chainId: string;
  readonly name: (typeof CALLS)[number];
  readonly values: readonly unknown[];
}

type Answer =
  | { readonly value: unknown }
  | { readonly code: ErrorCode; readonly message: string; readonly height?: bigint };

export async function serveFakeChains(chains: readonly FakeChain[]): Promise<{ url: string; close(): Promise<void> }> {
  const answer = async ({ chainId, name, values }: Call): Promise<Answer> => {
    const chain = chains.find((candidate) => candidate.chainId === chainId);
    try {
      const call = chain?.[name] as ((...values: readonly unknown[]) => Promise<unknown>) | undefined;
      return { value: await call?.apply(chain, [...values]) };
    } catch (error) {
      if (!isCausewayError(error)) throw error;
      return {
        code: error.code,
        message: error.message,
        ...(error.height === undefined ? {} : { height: error.height }),
      };
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      answer(deserialize(Buffer.concat(chunks)) as Call).then(
        (value) => response.end(serialize(value)),
        (error: Error) => response.writeHead(500).end(error.message),
      );
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The other side of `serveFakeChains`. */
export function connectFakeNode(url: string, chainId: string): FakeNode {
  const call = async (name: Call["name"], ...values: unknown[]): Promise<never> => {
    let bytes: ArrayBuffer;
    try {
      const response = await fetch(url, { method: "POST", body: new Uint8Array(serialize({ chainId, name, values })) });
      bytes = await response.arrayBuffer();
    } catch (cause) {
      throw new CausewayError("RPC_UNREACHABLE", `${chainId} does not answer`, { cause });
    }
    const answer = deserialize(Buffer.from(bytes)) as Answer;
    if ("value" in answer) return answer.value as never;
    throw new CausewayError(answer.code, answer.message, answer.height === undefined ? {} : { height: answer.height });
  };
  return {
    heads: () => call("heads"),
    events: (from, to) => call("events", from, to),
    trusted: (clientId) => call("trusted", clientId),
    otherView: (clientId) => call("otherView", clientId),
    prove: (request) => call("prove", request),
    standing: (queries) => call("standing", queries),
    outstanding: (clientId) => call("outstanding", clientId),
    recover: (clientId, sequences) => call("recover", clientId, sequences),
    receipt: (id) => call("receipt", id),
    broadcast: (transaction) => call("broadcast", transaction),
  };
}
