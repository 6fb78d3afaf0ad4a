// Packet bytes: what encodes decodes, and nothing else does.
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { decodePacket, encodePacket } from "#adapters/protocol/packet-codec.ts";
import { packetDefect } from "#adapters/protocol/packet.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { encodeTransferData, decodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { decodeMessageData, decodeMessageResult, encodeMessageData } from "#adapters/protocol/message-data.ts";

const packet: Packet = {
  sequence: 7n,
  sourceClient: "beacon-0",
  destinationClient: "beacon-1",
  timeoutTimestamp: 1_800_000_000n,
  payloads: [
    {
      sourcePort: "transfer",
      destinationPort: "transfer",
      version: "ics20-1",
      encoding: "application/json",
      value: utf8ToBytes("{}"),
    },
  ],
};

describe("packet codec", () => {
  it("round-trips, UTF-8 included", () => {
    const unicode = { ...packet, payloads: [{ ...packet.payloads[0]!, version: "ics20-ü€😀" }] };
    expect(decodePacket(encodePacket(packet))).toEqual(packet);
    expect(decodePacket(encodePacket(unicode))).toEqual(unicode);
  });

  const bytes = encodePacket(packet);
  const bad: [string, Uint8Array][] = [
    ["cut short", bytes.slice(0, -1)],
    ["a byte left over", concatBytes(bytes, new Uint8Array([0]))],
    ["an unknown field", concatBytes(bytes, hexToBytes("3001"))],
    ["a repeated scalar", concatBytes(hexToBytes("0807"), bytes)],
    ["fields out of order", concatBytes(bytes.slice(2), bytes.slice(0, 2))],
    ["an overlong varint", concatBytes(hexToBytes("088700"), bytes.slice(2))],
    ["a varint beyond 64 bits", concatBytes(hexToBytes("08ffffffffffffffffff7f"), bytes.slice(2))],
    ["an explicit zero", concatBytes(hexToBytes("0800"), bytes.slice(2))],
    ["a fixed64 field", concatBytes(hexToBytes("090700000000000000"), bytes.slice(2))],
    ["field number zero", concatBytes(hexToBytes("0001"), bytes)],
    ["broken UTF-8", encodePacket({ ...packet, sourceClient: "" }).map((byte) => (byte === 0x62 ? 0xff : byte))],
  ];
  it.each(bad)("refuses %s", (_, value) => {
    expect(decodePacket(value)).toBeUndefined();
  });
});

describe("packetDefect", () => {
  it("accepts a well-formed packet", () => expect(packetDefect(packet)).toBeUndefined());

  const payload = packet.payloads[0]!;
  const bad: [string, Packet, string][] = [
    ["sequence zero", { ...packet, sequence: 0n }, "sequence"],
    ["timeout zero", { ...packet, timeoutTimestamp: 0n }, "timeout"],
    ["a short client id", { ...packet, sourceClient: "a-1" }, "sourceClient"],
    ["a client id without number", { ...packet, destinationClient: "beacon-one" }, "destinationClient"],
    ["no payload", { ...packet, payloads: [] }, "at least one"],
    ["an empty value", { ...packet, payloads: [{ ...payload, value: new Uint8Array() }] }, "value"],
    ["a blank version", { ...packet, payloads: [{ ...payload, version: " " }] }, "version"],
    ["a port with a slash", { ...packet, payloads: [{ ...payload, sourcePort: "a/b" }] }, "sourcePort"],
    ["too much", { ...packet, payloads: [{ ...payload, value: new Uint8Array(262_145) }] }, "exceed"],
  ];
  it.each(bad)("names %s", (_, value, word) => expect(packetDefect(value)).toContain(word));
});

describe("application data", () => {
  const transfer = { denom: "uatom", sender: "a", receiver: "b", amount: 5n, memo: "" };
  const message = { sender: "a", receiver: "b", salt: new Uint8Array(), payload: new Uint8Array([1]), memo: "m" };

  it("round-trips", () => {
    expect(decodeTransferData(encodeTransferData(transfer))).toEqual(transfer);
    expect(decodeMessageData(encodeMessageData(message))).toEqual(message);
  });

  it("refuses what does not re-encode to itself", () => {
    const bytes = encodeTransferData(transfer);
    expect(decodeTransferData(concatBytes(bytes, new Uint8Array(32)))).toBeUndefined();
    expect(decodeTransferData(bytes.slice(0, -1))).toBeUndefined();
    const padded = bytes.slice();
    padded[padded.length - 33] = 1;
    expect(decodeTransferData(padded)).toBeUndefined();
    expect(decodeMessageData(bytes)).toBeUndefined();
    expect(decodeMessageResult(utf8ToBytes('{"result":"AQ=="}'))).toBeUndefined();
  });
});
