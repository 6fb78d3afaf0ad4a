// A node's pushes wake whoever waits for blocks, and can do no more.
import { afterEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { blockPusher } from "#adapters/cosmos/rpc/block-pusher.ts";
import type { Exchange } from "#adapters/rpc/meter.ts";
import { createPushes } from "#adapters/rpc/pushes.ts";
import type { Following, Pushes } from "#adapters/rpc/pushes.ts";

/** Longer than any test takes: whoever waits for it has not been woken. */
const FOR_EVER = 3_600_000;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Node {
  readonly url: string;
  /** Of the newest connection: its path, and what it asked for. */
  asked(): Promise<{ path: string; request: unknown }>;
  push(data: string | Uint8Array): void;
  drop(): void;
  /** How many there ever were. */
  connections(): number;
}

async function startNode(): Promise<Node> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  let connections = 0;
  closers.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  let current: WebSocket | undefined;
  let asked = Promise.withResolvers<{ path: string; request: unknown }>();
  server.on("connection", (socket, { url = "" }) => {
    connections += 1;
    current = socket;
    socket.on("error", () => undefined);
    socket.once("message", (data: Buffer) => asked.resolve({ path: url, request: JSON.parse(data.toString()) }));
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    connections: () => connections,
    asked: () => asked.promise,
    push: (data) => current?.send(data),
    drop() {
      asked = Promise.withResolvers();
      current?.terminate();
    },
  };
}

function create(...urls: string[]): Pushes {
  const blocks = createPushes(urls.map((url) => blockPusher(url, (method, exchange) => told.push([method, exchange]))));
  closers.push(() => blocks.close());
  return blocks;
}

const open = (...urls: string[]): Following => create(...urls).follow();

const told: [string, Exchange][] = [];
const never = new AbortController().signal;

test("asks for headers of new blocks, under the endpoint's own path", async () => {
  const node = await startNode();
  open(`${node.url}/rpc/`);
  expect(await node.asked()).toMatchObject({
    path: "/rpc/websocket",
    request: { method: "subscribe", params: { query: "tm.event='NewBlockHeader'" } },
  });
});

test.each<[string, string | Uint8Array]>([
  ["an event", '{"result":{"query":"tm.event=\'NewBlockHeader\'"}}'],
  ["an error", '{"error":{"code":-32603,"message":"no"}}'],
  ["nothing that makes sense", Uint8Array.of(0, 1, 2)],
])("is woken by %s, whatever is in it", async (_, data) => {
  const node = await startNode();
  const blocks = open(node.url);
  await node.asked();
  const waiting = blocks.wait(FOR_EVER, never);
  node.push(data);
  await waiting;
});

test("is woken by what came while it was away, once", async () => {
  const node = await startNode();
  const blocks = open(node.url);
  await node.asked();
  const first = blocks.wait(FOR_EVER, never);
  node.push("1");
  await first;
  node.push("2");
  await blocks.wait(FOR_EVER, never);
  const aborting = new AbortController();
  let isOver = false;
  const third = blocks.wait(FOR_EVER, aborting.signal).then(() => (isOver = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isOver).toBe(false);
  aborting.abort();
  await third;
});

test("any of several nodes wakes", async () => {
  const [one, other] = [await startNode(), await startNode()];
  const blocks = open(one.url, other.url);
  await Promise.all([one.asked(), other.asked()]);
  const waiting = blocks.wait(FOR_EVER, never);
  other.push("1");
  await waiting;
});

test("goes on without a node that is not there, talks too much, or hangs up", async () => {
  const node = await startNode();
  const blocks = open("http://127.0.0.1:1", node.url);
  await node.asked();
  node.push(new Uint8Array(5 * 1024 * 1024));
  await blocks.wait(1, never);
  node.drop();
  await blocks.wait(1, never);
});

test("connects anew to a node that hung up", async () => {
  const node = await startNode();
  const blocks = open(node.url);
  await node.asked();
  node.drop();
  await node.asked();
  const waiting = blocks.wait(FOR_EVER, never);
  node.push("1");
  await waiting;
});

test("waits no longer than it is told, and not at all once it is aborted", async () => {
  const blocks = open("http://127.0.0.1:1");
  await blocks.wait(60, never);
  await blocks.wait(FOR_EVER, AbortSignal.abort());
});

test("those who follow share a connection, and each is woken", async () => {
  const node = await startNode();
  const blocks = create(node.url);
  const [one, other] = [blocks.follow(), blocks.follow()];
  await node.asked();
  const waiting = [one.wait(FOR_EVER, never), other.wait(FOR_EVER, never)];
  node.push("1");
  await Promise.all(waiting);
  one.end();
  const again = other.wait(FOR_EVER, never);
  node.push("2");
  await again;
  expect(node.connections()).toBe(1);
});

test("nobody is asked before somebody follows, nor after it is closed", async () => {
  const node = await startNode();
  const blocks = create(node.url);
  expect(node.connections()).toBe(0);
  blocks.follow();
  await node.asked();
  blocks.close();
  node.drop();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(node.connections()).toBe(1);
});

test("what is pushed is counted", async () => {
  const node = await startNode();
  const blocks = open(node.url);
  await node.asked();
  told.length = 0;
  const waiting = blocks.wait(FOR_EVER, never);
  node.push("12345");
  await waiting;
  expect(told).toEqual([["push", { sentBytes: 0, receivedBytes: 5, seconds: 0, failed: false }]]);
});
