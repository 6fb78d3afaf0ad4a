// A node as somebody else shows it: passes JSON-RPC on to a real one, and can swallow the transactions that it is given.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";

export interface CometProxy {
  readonly url: string;
  /** While it swallows, it says that it took a transaction, and throws it away. */
  setSwallowing(on: boolean): void;
  close(): Promise<void>;
}

const request = z.object({ id: z.unknown(), method: z.string(), params: z.object({ tx: z.base64().optional() }) });

export async function openCometProxy(target: string): Promise<CometProxy> {
  let isSwallowing = false;

  const answer = async (body: string): Promise<string> => {
    const received: unknown = JSON.parse(body);
    const { id, method, params } = Array.isArray(received)
      ? { id: 0, method: "", params: {} }
      : request.parse(received);
    if (isSwallowing && method === "broadcast_tx_sync" && params.tx !== undefined) {
      const hash = bytesToHex(sha256(Buffer.from(params.tx, "base64"))).toUpperCase();
      return JSON.stringify({ jsonrpc: "2.0", id, result: { code: 0, data: "", log: "", codespace: "", hash } });
    }
    const headers = { "content-type": "application/json" };
    return (await fetch(target, { method: "POST", headers, body })).text();
  };

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      answer(Buffer.concat(parts).toString()).then(
        (text) => response.end(text),
        () => response.destroy(),
      );
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setSwallowing: (on) => {
      isSwallowing = on;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
