// Which messages cost the same, and which may cost anything.
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { FungibleTokenPacketData } from "cosmjs-types/ibc/applications/transfer/v1/packet";
import { describe, expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import { gasKindOf } from "#adapters/cosmos/submit/gas-kind.ts";
import type { Payload } from "#adapters/protocol/packet.ts";
import { ABI_ENCODING, encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { makePacket } from "#test/support/comet-events.ts";

interface Data {
  readonly denom?: string;
  readonly memo?: string;
  readonly amount?: bigint;
}

const data = ({ denom = "demo", memo = "", amount = 1n }: Data) => ({
  denom,
  memo,
  amount,
  sender: "one",
  receiver: "two",
});
const encodings: Readonly<Record<string, (some: Data) => Uint8Array>> = {
  [ABI_ENCODING]: (some) => encodeTransferData(data(some)),
  "application/json": (some) => utf8ToBytes(JSON.stringify({ ...data(some), amount: "1" })),
  "application/x-protobuf": (some) =>
    FungibleTokenPacketData.encode({ ...data(some), amount: (some.amount ?? 1n).toString() }).finish(),
};

const receive = (...payloads: Partial<Payload>[]): Message => {
  const [base] = makePacket(1n).payloads;
  if (base === undefined) throw new RangeError("a packet has a payload");
  return { kind: "receive", packet: { ...makePacket(1n), payloads: payloads.map((some) => ({ ...base, ...some })) } };
};
const transfer = (encoding: string, some: Data): Message =>
  receive({ encoding, value: encodings[encoding]?.(some) ?? new Uint8Array() });

describe.each(Object.keys(encodings))("a transfer in %s", (encoding) => {
  test("costs as others do of the same token", () => {
    const kind = gasKindOf(transfer(encoding, {}));
    expect(kind).toBeDefined();
    expect(gasKindOf(transfer(encoding, { amount: 77n }))).toBe(kind);
    expect(gasKindOf(transfer(encoding, { denom: "other" }))).not.toBe(kind);
  });

  test("costs something else on another leg, and by its answer", () => {
    const { packet } = transfer(encoding, {});
    const kinds = [
      gasKindOf({ kind: "receive", packet }),
      gasKindOf({ kind: "timeout", packet }),
      gasKindOf({ kind: "acknowledge", packet, acknowledgements: [utf8ToBytes('{"result":"AQ=="}')] }),
      gasKindOf({ kind: "acknowledge", packet, acknowledgements: [utf8ToBytes('{"error":"no"}')] }),
    ];
    expect(new Set(kinds).size).toBe(4);
  });

  test("may cost anything with a memo", () => {
    expect(gasKindOf(transfer(encoding, { memo: '{"dest_callback":{}}' }))).toBeUndefined();
  });
});

describe("what may cost anything", () => {
  const value = encodeTransferData(data({}));
  test.each<[string, Message]>([
    ["another application", receive({ value, destinationPort: "other" })],
    ["another application at its source", receive({ value, sourcePort: "other" })],
    ["another version", receive({ value, version: "ics20-2" })],
    ["another encoding", receive({ value, encoding: "application/x-other" })],
    ["an encoding of an object's own", receive({ value, encoding: "constructor" })],
    ["several payloads", receive({ value }, { value })],
    ["none", receive()],
    ["nothing in it", receive({ value: new Uint8Array() })],
    ["bytes that are no tuple", receive({ value: Uint8Array.of(1, 2, 3) })],
    ["a tuple that is cut off", receive({ value: value.subarray(0, 100) })],
    ["JSON that is none", receive({ encoding: "application/json", value: Uint8Array.of(1) })],
    ["JSON without a token", receive({ encoding: "application/json", value: utf8ToBytes("{}") })],
    ["protobuf that is none", receive({ encoding: "application/x-protobuf", value: Uint8Array.of(255) })],
  ])("%s", (_, message) => {
    expect(gasKindOf(message)).toBeUndefined();
  });
});
