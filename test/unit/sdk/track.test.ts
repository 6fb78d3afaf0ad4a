// Following a packet: changes that are told, connections that are cut, relayers that do not know yet, and how it ends.
import { afterEach, beforeEach, expect, it } from "vitest";
import { UNIVERSAL_ERROR_ACKNOWLEDGEMENT } from "#adapters/protocol/acknowledgement.ts";
import { encodeMessageData } from "#adapters/protocol/message-data.ts";
import { encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { createApi } from "#sdk/api/client.ts";
import type { PacketView } from "#sdk/api/views.ts";
import { track } from "#sdk/track.ts";
import type { TrackedPacket } from "#sdk/track.ts";
import { waitForResult } from "#sdk/wait-for-result.ts";
import { deliveryView, json, packetView, startApiServer } from "#test/support/api-server.ts";
import type { ApiServer } from "#test/support/api-server.ts";

const id = "test:src/light-11/7";
/** Only as patient as a machine may be slow. */
const patient = { timeout: 25_000 };
const path = `/v1/packets/${id}`;
let server: ApiServer;
/** Tells one change to whoever listens. */
let tell: (position: string) => void;

beforeEach(async () => {
  server = await startApiServer();
  tell = () => undefined;
  server.routes.set("/v1/changes", (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("retry: 100\nid: 1\n\n");
    tell = (position) => response.write(`id: ${position}\ndata: {}\n\n`);
  });
});
afterEach(() => server.close());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const delivered = deliveryView("receive", "delivered");
const acknowledged = [delivered, deliveryView("acknowledge", "delivered")];
const show = (view: Partial<PacketView>): void => void server.routes.set(path, json(packetView(view)));
const explain = (state: string, sentence: string): void =>
  void server.routes.set(
    `/v1/trace/${id}`,
    json({
      facts: {},
      explanation: { state, standing: "underway", sentence, next: null, expectedAt: null, advice: [], timeline: [] },
    }),
  );

/** It looks once at first, once more when it is connected, and then as often as it is told. */
const looked = (times: number): Promise<void> =>
  expect
    .poll(() => server.asked.filter(({ path }) => path.startsWith("/v1/trace")).length, patient)
    .toBeGreaterThanOrEqual(times);

/** The next that is yielded. */
async function next(packets: AsyncGenerator<TrackedPacket>): Promise<TrackedPacket> {
  const { value, done } = await packets.next();
  if (done === true) throw new Error("it ended");
  return value;
}

it("yields each change, and not what stays the same, until its life is over", async () => {
  show({});
  explain("waiting", "about 40 s");
  const packets = track(createApi({ url: server.url }), { id });
  expect(await next(packets)).toMatchObject({ packet: { status: "sent" }, finished: false });
  expect(server.asked.map((one) => one.path)).toContain("/v1/changes?packet=test%3Asrc%2Flight-11%2F7");

  const second = next(packets);
  explain("waiting", "about 30 s");
  tell("2");
  show({ status: "received", deliveries: [delivered] });
  explain("received", "there it is");
  tell("3");
  expect(await second).toMatchObject({ packet: { status: "received" }, explanation: { state: "received" } });

  const third = next(packets);
  show({
    status: "acknowledged",
    acknowledgements: ["01"],
    deliveries: [delivered, deliveryView("acknowledge", "logging")],
  });
  tell("4");
  expect(await third).toMatchObject({ packet: { status: "acknowledged" }, finished: false });
  const last = next(packets);
  show({ status: "acknowledged", acknowledgements: ["01"], deliveries: acknowledged });
  tell("5");
  expect(await last).toMatchObject({ finished: true });
  expect(await packets.next()).toEqual({ value: undefined, done: true });
});

it("goes on after a cut connection where it was, and sees what happened meanwhile", async () => {
  show({});
  const packets = track(createApi({ url: server.url }), { id });
  expect(await next(packets)).toMatchObject({ packet: { status: "sent" }, explanation: null });
  const second = next(packets);
  await looked(2);
  tell("42");
  await looked(3);
  show({ status: "received" });
  server.cut();
  expect(await second).toMatchObject({ packet: { status: "received" } });
  const again = server.asked.filter((one) => one.path.startsWith("/v1/changes"));
  expect(again.at(-1)?.lastEventId).toBe("42");
  await packets.return(undefined);
});

it("asks when nobody tells it, and when the relayer knows nothing yet", async () => {
  server.routes.delete("/v1/changes");
  const packets = track(createApi({ url: server.url }), { id });
  expect(await next(packets)).toEqual({ id, packet: null, explanation: null, finished: false });
  show({ status: "acknowledged", acknowledgements: ["01"], deliveries: acknowledged });
  expect(await next(packets)).toMatchObject({ finished: true });
});

it("waits out an outage, but not one before the first look", async () => {
  show({});
  const packets = track(createApi({ url: server.url }), { id });
  await next(packets);
  server.routes.set(path, (_, response) => response.destroy());
  const second = next(packets);
  await looked(2);
  tell("2");
  await looked(3);
  show({ status: "received" });
  tell("3");
  expect(await second).toMatchObject({ packet: { status: "received" } });
  await packets.return(undefined);

  const down = track(createApi({ url: "http://127.0.0.1:1" }), { id });
  await expect(down.next()).rejects.toMatchObject({ code: "API_UNREACHABLE" });
});

it("ends with an error for what will not change, and when it is told to", async () => {
  const api = createApi({ url: server.url });
  server.routes.set(path, json({ code: "UNAUTHORIZED", message: "no" }, 401));
  await expect(track(api, { id }).next()).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
  await expect(track(api, { id: "7" }).next()).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  show({});
  const stop = new AbortController();
  const packets = track(api, { id, signal: stop.signal });
  await next(packets);
  const cancelled = expect(packets.next()).rejects.toMatchObject({ code: "CANCELLED" });
  stop.abort();
  await cancelled;
  await expect(waitForResult(api, { id, signal: stop.signal })).rejects.toMatchObject({ code: "CANCELLED" });
});

const payload = (sourcePort: string, value: Uint8Array) => ({
  sourcePort,
  destinationPort: sourcePort,
  version: "1",
  encoding: "application/x-solidity-abi",
  value: hex(value),
});
const tokens = payload(
  "transfer",
  encodeTransferData({ denom: "0xaa", sender: "alice", receiver: "bob", amount: 5n, memo: "" }),
);
const message = payload(
  "gmpport",
  encodeMessageData({
    sender: "alice",
    receiver: "bob",
    salt: new Uint8Array(),
    payload: Uint8Array.of(1),
    memo: "",
  }),
);
/** What a receiver's `hi` is acknowledged as. */
const hi = ["20", "20", "02"].map((word) => word.padStart(64, "0")).join("") + "6869".padEnd(64, "0");
const refund = { denom: "0xaa", amount: 5n, receiver: "alice" };
const refusal = [hex(UNIVERSAL_ERROR_ACKNOWLEDGEMENT)];

it.each<[string, Partial<PacketView>, object]>([
  [
    "a message with the receiver's answer",
    { status: "acknowledged", payloads: [message], acknowledgements: [hi] },
    { status: "success", result: new TextEncoder().encode("hi") },
  ],
  [
    "a message with an answer that is none of ours",
    { status: "acknowledged", payloads: [message], acknowledgements: ["c0ffee"] },
    { status: "success", result: undefined },
  ],
  [
    "a transfer",
    { status: "acknowledged", payloads: [tokens], acknowledgements: [hex(Buffer.from('{"result":"AQ=="}'))] },
    { status: "success", result: undefined },
  ],
  [
    "a refused transfer with what comes back",
    { status: "acknowledged", payloads: [tokens], acknowledgements: refusal },
    { status: "refused", refund },
  ],
  [
    "a refused message, of which nothing does",
    { status: "acknowledged", payloads: [message], acknowledgements: refusal },
    { status: "refused", refund: undefined },
  ],
  ["a transfer that timed out", { status: "timedOut", payloads: [tokens] }, { status: "timedOut", refund }],
])("resolves with %s", async (_, view, expected) => {
  show({ deliveries: acknowledged, ...view });
  expect(await waitForResult(createApi({ url: server.url }), { id })).toMatchObject(expected);
});

it("takes what was sent from the sender, not from the relayer", async () => {
  const sent = { ...tokens, value: Buffer.from(tokens.value, "hex") };
  show({ status: "timedOut", payloads: [message], deliveries: acknowledged });
  const packet = {
    sequence: 7n,
    sourceClient: "light-11",
    destinationClient: "light-22",
    timeoutTimestamp: 1n,
    payloads: [sent],
  };
  expect(await waitForResult(createApi({ url: server.url }), { id, packet })).toEqual({ status: "timedOut", refund });
});
