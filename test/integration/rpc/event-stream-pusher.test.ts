// A node's event stream wakes whoever waits, and can do no more.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { eventStreamPusher } from "#adapters/rpc/event-stream-pusher.ts";
import type { Exchange } from "#adapters/rpc/meter.ts";
import { createPushes } from "#adapters/rpc/pushes.ts";
import type { Pushes } from "#adapters/rpc/pushes.ts";
import { finalityPusher } from "#adapters/evm/consensus/finality-pusher.ts";

/** Longer than any test takes: whoever waits for it has not been woken. */
const FOR_EVER = 3_600_000;
const NEWS = "event: news\ndata: {}\n\n";
const never = new AbortController().signal;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Stream {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Node {
  readonly url: string;
  /** The next one that is asked for, answered with nothing yet. */
  stream(): Promise<Stream>;
  /** The next one, open. */
  opened(): Promise<ServerResponse>;
  /** How many there ever were. */
  streams(): number;
}

async function startNode(): Promise<Node> {
  const waiting: Stream[] = [];
  const takers: ((stream: Stream) => void)[] = [];
  let streams = 0;
  const server = createServer((request, response) => {
    streams += 1;
    response.on("error", () => undefined);
    const take = takers.shift();
    if (take === undefined) waiting.push({ request, response });
    else take({ request, response });
  });
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stream = (): Promise<Stream> => {
    const first = waiting.shift();
    return first === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(first);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stream,
    streams: () => streams,
    async opened() {
      const { response } = await stream();
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).flushHeaders();
      return response;
    },
  };
}

const told: [string, Exchange][] = [];

function create(...urls: string[]): Pushes {
  const meter = (method: string, exchange: Exchange): void => void told.push([method, exchange]);
  const pushes = createPushes(urls.map((url) => eventStreamPusher({ url, events: ["news"], meter })));
  closers.push(() => pushes.close());
  return pushes;
}

/** Follows a node's open stream; what its opening had to say is heard already. */
async function followed(node: Node, shortest?: number) {
  const following = create(node.url).follow(shortest);
  const opening = following.wait(FOR_EVER, never);
  const response = await node.opened();
  await opening;
  return { following, response };
}

/** Whether somebody is woken by this, and not only by what comes after it. */
async function isWokenBy(data: string | Uint8Array): Promise<boolean> {
  const node = await startNode();
  const { following, response } = await followed(node);
  response.write(data);
  await new Promise((resolve) => setTimeout(resolve, 150));
  return following.wait(1, never);
}

test("asks for an event stream of the topics, under the endpoint's own path", async () => {
  const node = await startNode();
  const pushes = createPushes([finalityPusher(`${node.url}/beacon/`)]);
  closers.push(() => pushes.close());
  pushes.follow();
  const { request } = await node.stream();
  expect(request.url).toBe("/beacon/eth/v1/events?topics=finalized_checkpoint&topics=light_client_finality_update");
  expect(request.headers.accept).toBe("text/event-stream");
});

describe("what wakes", () => {
  test.each<[string, string]>([
    ["an event that was asked for", NEWS],
    ["one whose data is nonsense", "event: news\ndata: \u0000}{\n\n"],
    ["one with other line ends", "event: news\r\ndata: {}\r\n\r\n"],
    ["one after garbage", `}{\u0000\nnonsense: 1\n\nretry: never\n\n: comment\n\n${NEWS}`],
    ["one after others", `event: block\ndata: {}\n\n${NEWS}event: block\ndata: {}\n\n`],
  ])("%s", async (_, data) => {
    expect(await isWokenBy(data)).toBe(true);
  });

  test("an event in pieces, in the middle of a character, too", async () => {
    const node = await startNode();
    const { following, response } = await followed(node);
    response.socket?.setNoDelay(true);
    let isOver = false;
    const waiting = following.wait(FOR_EVER, never).then(() => (isOver = true));
    const bytes = new TextEncoder().encode("event: news\ndata: ↑↓\n");
    for (const byte of bytes) {
      response.write(Uint8Array.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(isOver).toBe(false);
    response.write("\n");
    await waiting;
  });

  test("the opening of a stream, and its end", async () => {
    const node = await startNode();
    const following = create(node.url).follow();
    const opening = following.wait(FOR_EVER, never);
    const response = await node.opened();
    expect(await opening).toBe(true);
    const ending = following.wait(FOR_EVER, never);
    response.end();
    expect(await ending).toBe(true);
  });

  test("any of several nodes", async () => {
    const [one, other] = [await startNode(), await startNode()];
    const following = create(one.url, other.url).follow();
    await one.opened();
    const response = await other.opened();
    await following.wait(FOR_EVER, never);
    await following.wait(200, never);
    const waiting = following.wait(FOR_EVER, never);
    response.write(NEWS);
    expect(await waiting).toBe(true);
  });
});

describe("what does not wake", () => {
  test.each<[string, string | Uint8Array]>([
    ["a comment that keeps the stream alive", ":\n\n: still here\n\n"],
    ["an event of another topic", "event: block\ndata: {}\n\n"],
    ["an event without a topic", "data: news\n\n"],
    ["a topic that only begins alike", "event: newsletter\ndata: {}\n\n"],
    ["a topic in capitals", "event: NEWS\ndata: {}\n\n"],
    ["an event without data", "event: news\n\n"],
    ["an event without its end", "event: news\ndata: {}\n"],
    ["nothing that makes sense", Uint8Array.of(0xff, 0xfe, 0, 10, 10, 13, 0x80)],
    ["a page of HTML", "<html><body>event: news</body></html>\n\n"],
  ])("%s", async (_, data) => {
    expect(await isWokenBy(data)).toBe(false);
  });

  test.each<[string, number, Record<string, string>]>([
    ["a refusal of the topics", 400, { "content-type": "text/event-stream" }],
    ["a route that is not there", 404, { "content-type": "application/json" }],
    ["a failure", 503, {}],
    ["a redirection", 302, { location: "/elsewhere", "content-type": "text/event-stream" }],
    ["an answer that is no event stream", 200, { "content-type": "application/json" }],
    ["an answer of no type", 200, {}],
  ])("%s", async (_, status, headers) => {
    const node = await startNode();
    const following = create(node.url).follow();
    const { response } = await node.stream();
    response.writeHead(status, headers).end(NEWS);
    expect(await following.wait(150, never)).toBe(false);
  });

  test("a node that is not there, or never answers", async () => {
    const node = await startNode();
    const following = create("http://127.0.0.1:1", node.url).follow();
    await node.stream();
    expect(await following.wait(150, never)).toBe(false);
  });
});

test("a node that is lost is connected to anew, and wakes again", async () => {
  const node = await startNode();
  const { following, response } = await followed(node);
  response.destroy();
  await following.wait(FOR_EVER, never);
  const again = await node.opened();
  await following.wait(FOR_EVER, never);
  const waiting = following.wait(FOR_EVER, never);
  again.write(NEWS);
  expect(await waiting).toBe(true);
});

test.each<[string, string]>([
  ["a line", "x".repeat(1024)],
  ["an event of many lines", `${"x".repeat(1017)}\ndata: `],
])("%s without an end ends the connection, which is made anew", async (_, piece) => {
  const node = await startNode();
  const { response } = await followed(node);
  const closed = new Promise((resolve) => response.on("close", resolve));
  response.write("event: news\ndata: ");
  for (let kilobytes = 0; kilobytes < 2_048; kilobytes += 64) response.write(piece.repeat(64));
  await closed;
  await node.opened();
});

test("a flood wakes no more often than it may", async () => {
  const node = await startNode();
  const shortest = 100;
  const { following, response } = await followed(node, shortest);
  told.length = 0;
  const flood = async (): Promise<void> => {
    while (!response.destroyed) {
      const isTaken = response.write(NEWS.repeat(1_000));
      await (isTaken ? new Promise(setImmediate) : new Promise((resolve) => response.once("drain", resolve)));
    }
  };
  void flood();
  const begin = performance.now();
  for (let count = 0; count < 8; count += 1) expect(await following.wait(FOR_EVER, never)).toBe(true);
  // Timers may be a millisecond early.
  expect(performance.now() - begin).toBeGreaterThanOrEqual(8 * (shortest - 2));
  // What nobody reads stays with the node.
  expect(told.reduce((total, [, { receivedBytes }]) => total + receivedBytes, 0)).toBeLessThan(64 * 1024 * 1024);
});

test("while a stream is open the clock is in less of a hurry, and no less so when it is lost", async () => {
  const [open, closed] = [await startNode(), await startNode()];
  const { following: patient } = await followed(open);
  const { following: hurried, response } = await followed(closed);
  response.destroy();
  await hurried.wait(FOR_EVER, never);
  const over: string[] = [];
  await Promise.all([
    patient.wait(400, never).then(() => over.push("patient")),
    hurried.wait(400, never).then(() => over.push("hurried")),
  ]);
  expect(over).toEqual(["hurried", "patient"]);
});

test("ends with the chain: no stream is left, and none is opened again", async () => {
  const node = await startNode();
  const pushes = create(node.url);
  const following = pushes.follow();
  const response = await node.opened();
  await following.wait(FOR_EVER, never);
  const closed = new Promise((resolve) => response.on("close", resolve));
  const aborting = new AbortController();
  const waiting = following.wait(FOR_EVER, aborting.signal);
  pushes.close();
  await closed;
  aborting.abort();
  expect(await waiting).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(node.streams()).toBe(1);
});

test("a request that was not answered yet ends with the chain, too", async () => {
  const node = await startNode();
  const pushes = create(node.url);
  pushes.follow();
  const { response } = await node.stream();
  const closed = new Promise((resolve) => response.on("close", resolve));
  pushes.close();
  await closed;
});

test("what is pushed is counted", async () => {
  const node = await startNode();
  const { following, response } = await followed(node);
  told.length = 0;
  const waiting = following.wait(FOR_EVER, never);
  response.write(NEWS);
  await waiting;
  expect(told).toEqual([["push", { sentBytes: 0, receivedBytes: NEWS.length, seconds: 0, failed: false }]]);
});
