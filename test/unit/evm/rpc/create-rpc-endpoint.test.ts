import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createRpcEndpoint } from "#adapters/evm/rpc/create-rpc-endpoint.ts";
import { quantity } from "#adapters/evm/rpc/hex.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Asked {
  readonly id: number;
  readonly method: string;
}

/** A node that answers eth_chainId with 1 and the rest as told. */
async function node(answer: (asked: Asked[], text: string) => { status?: number; body: string }) {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      const asked = [JSON.parse(text) as Asked | Asked[]].flat();
      const { status = 200, body } =
        asked[0]?.method === "eth_chainId"
          ? { body: JSON.stringify({ jsonrpc: "2.0", id: 0, result: "0x1" }) }
          : answer(asked, text);
      response.writeHead(status);
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/key-123`;
  return createRpcEndpoint({ name: "node", url, chainId: 1n, timeoutSeconds: 2 });
}

const result = (value: unknown) => (asked: Asked[]) => ({
  body: JSON.stringify(
    asked.length === 1
      ? { jsonrpc: "2.0", id: asked[0]?.id, result: value }
      : asked.map(({ id }) => ({ jsonrpc: "2.0", id, result: `0x${id.toString(16)}` })),
  ),
});

const call = { method: "eth_blockNumber", params: [] };

describe("rpc endpoint", () => {
  test("parses a result", async () => {
    expect(await (await node(result("0x2a"))).call(call, quantity)).toBe(42n);
  });

  test("keeps the order of many calls, whatever the order of the answers", async () => {
    const endpoint = await node((asked) => {
      const answers = asked.map(({ id }) => ({ jsonrpc: "2.0", id, result: `0x${id.toString(16)}` })).reverse();
      return { body: JSON.stringify(asked.length === 1 ? answers[0] : answers) };
    });
    const calls = Array.from({ length: 7 }, () => call);
    expect(await endpoint.callAll(calls, quantity)).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n]);
  });

  test.each([
    ["a result of the wrong form", { body: '{"jsonrpc":"2.0","id":0,"result":"42"}' }],
    ["an answer to another question", { body: '{"jsonrpc":"2.0","id":7,"result":"0x1"}' }],
    ["an error", { body: '{"jsonrpc":"2.0","id":0,"error":{"code":-32000,"message":"no"}}' }],
    ["JSON that is no JSON-RPC", { body: "[]" }],
    ["half an answer", { body: '{"jsonrpc":"2.0","id":0,"resu' }],
    ["a web page", { body: "<html></html>" }],
  ])("refuses %s", async (_, given) => {
    const endpoint = await node(() => given);
    await expect(endpoint.call(call, quantity)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("an endpoint that refuses to serve is unreachable, and its URL is not shown", async () => {
    const endpoint = await node(() => ({ status: 429, body: "slow down" }));
    const asking = endpoint.call(call, quantity);
    await expect(asking).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
    const error: unknown = await asking.catch((failure: unknown) => failure);
    expect(JSON.stringify(error)).not.toContain("key-123");
  });

  test("tells a revert with its data from other errors", async () => {
    const error = { code: 3, message: "execution reverted", data: "0x08c379a0" };
    const endpoint = await node(() => ({ body: JSON.stringify({ jsonrpc: "2.0", id: 0, error }) }));
    expect(await endpoint.ask(call)).toEqual({ ok: false, ...error });
  });

  test("asks nothing of an endpoint of another chain", async () => {
    const methods: string[] = [];
    await node((asked) => {
      methods.push(...asked.map(({ method }) => method));
      return { body: "{}" };
    });
    const address = server?.address() as AddressInfo | undefined;
    const url = `http://127.0.0.1:${address?.port}`;
    const other = createRpcEndpoint({ name: "n", url, chainId: 5n, timeoutSeconds: 2 });
    await expect(other.call(call, z.string())).rejects.toMatchObject({ code: "WRONG_CHAIN_ID" });
    expect(methods).toEqual([]);
  });

  test("stops when told to", async () => {
    const endpoint = await node(() => ({ body: "{}" }));
    await expect(endpoint.call(call, quantity, AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
