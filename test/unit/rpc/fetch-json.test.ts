// One exchange of JSON: what becomes of odd answers, of kept connections, and what is counted.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { fetchJson } from "#adapters/rpc/fetch-json.ts";
import type { Exchange } from "#adapters/rpc/meter.ts";

let server: Server | undefined;
const told: (Exchange & { readonly method: string })[] = [];
afterEach(() => {
  told.length = 0;
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<string> {
  server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response, request));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/key-123`;
}

const meter = (method: string, exchange: Exchange): void => void told.push({ method, ...exchange });
const ask = (url: string, more: { body?: unknown; timeoutSeconds?: number; signal?: AbortSignal } = {}) =>
  fetchJson({ name: "node", url, method: "some", timeoutSeconds: 5, meter, ...more });

describe("an exchange", () => {
  test("is JSON both ways, and counted with the bytes of its bodies", async () => {
    const url = await serve((response, { method }) => response.end(JSON.stringify({ method, text: "ä" })));
    expect(await ask(url, { body: ["ä"] })).toEqual({ method: "POST", text: "ä" });
    expect(await ask(url)).toEqual({ method: "GET", text: "ä" });
    expect(told).toMatchObject([
      { method: "some", sentBytes: 6, receivedBytes: 29, failed: false },
      { method: "some", sentBytes: 0, receivedBytes: 28, failed: false },
    ]);
  });

  test("keeps its connection for the next one", async () => {
    const sockets = new Set<Socket>();
    const url = await serve((response, { socket }) => {
      sockets.add(socket);
      response.end("{}");
    });
    for (let count = 0; count < 5; count += 1) await ask(url, { body: {} });
    expect(sockets.size).toBe(1);
  });

  test("is begun anew when the kept connection was closed meanwhile", async () => {
    const seen: Socket[] = [];
    const url = await serve((response, { socket }) => {
      // What comes second over one connection finds it closed.
      if (seen.includes(socket)) socket.destroy();
      else {
        seen.push(socket);
        response.end("{}");
      }
    });
    await ask(url, { body: {} });
    expect(await ask(url, { body: {} })).toEqual({});
    expect(seen).toHaveLength(2);
  });
});

describe("what is no answer", () => {
  test.each<[string, number, string, string]>([
    ["something that is not JSON", 200, "<html>", "RPC_BAD_ANSWER"],
    ["nothing", 200, "", "RPC_BAD_ANSWER"],
    ["an error of the server", 503, "<html>", "RPC_UNREACHABLE"],
    ["another place", 302, "", "RPC_UNREACHABLE"],
  ])("%s", async (_, status, body, code) => {
    const url = await serve((response) => void response.writeHead(status, { location: "/" }).end(body));
    await expect(ask(url, { body: {} })).rejects.toMatchObject({ code });
    expect(told).toMatchObject([{ failed: true }]);
  });

  test("404 is that nothing is there", async () => {
    const url = await serve((response) => void response.writeHead(404).end("not found"));
    expect(await ask(url)).toBeUndefined();
    expect(told).toMatchObject([{ failed: false }]);
  });

  test("an error object under an error status is an answer of JSON-RPC, and of nobody else", async () => {
    const url = await serve((response) => void response.writeHead(500).end('{"error":{}}'));
    expect(await ask(url, { body: {} })).toEqual({ error: {} });
    await expect(ask(url)).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
  });

  test.each([
    ["silence", () => undefined],
    ["half an answer", (response: ServerResponse) => void response.writeHead(200).write("{")],
  ])("%s ends with the time that it has", async (_, answer) => {
    const url = await serve(answer);
    const asking = ask(url, { timeoutSeconds: 0.05 });
    await expect(asking).rejects.toMatchObject({
      code: "RPC_UNREACHABLE",
      message: "node did not answer within 0.05 s",
    });
  });

  test("a connection that ends in the middle", async () => {
    const url = await serve((response, { socket }) => {
      response.writeHead(200, { "content-length": 100 }).write("{");
      setTimeout(() => socket.destroy(), 5);
    });
    await expect(ask(url)).rejects.toMatchObject({ code: "RPC_UNREACHABLE", message: "node cannot be reached" });
  });

  test("nobody there, without a word of the address", async () => {
    const url = await serve((response) => void response.end());
    server?.close();
    const error = (await ask(url).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: "RPC_UNREACHABLE" });
    expect(error.message).not.toContain("key-123");
  });

  test("CANCELLED when its caller stops, before and while it waits", async () => {
    const url = await serve(() => undefined);
    const stopping = new AbortController();
    const asking = ask(url, { signal: stopping.signal });
    stopping.abort();
    await expect(asking).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(ask(url, { signal: stopping.signal })).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
