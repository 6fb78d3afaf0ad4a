// A session that is over as soon as it began is none: whoever took it for one would wait for it for ever.
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openLeaseSession } from "#relayer/leases/session.ts";

/** A message of the server: PostgreSQL's documentation, "Message Formats". */
function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.from(`${type}----`);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const [AUTHENTICATED, READY] = [message("R", Buffer.alloc(4)), message("Z", Buffer.from("I"))];
const ANSWER = Buffer.concat([
  // One column `id` of type int4 in text, one row with 7.
  message(
    "T",
    Buffer.from([0, 1]),
    text("id"),
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 0]),
  ),
  message("D", Buffer.from([0, 1, 0, 0, 0, 1]), Buffer.from("7")),
  message("C", text("SELECT 1")),
  READY,
]);
const SHUTDOWN = message("E", text("SFATAL"), text("C57P01"), text("Mterminating connection"), Buffer.alloc(1));

test("a server that ends it in the same breath as its first answer", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(Buffer.concat([AUTHENTICATED, READY]));
      socket.once("data", () => socket.end(Buffer.concat([ANSWER, SHUTDOWN])));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `postgres://anybody@127.0.0.1:${(server.address() as AddressInfo).port}/any`;
  try {
    await expect(openLeaseSession(url, () => undefined)).rejects.toThrow("ended");
  } finally {
    server.close();
  }
});
