import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { sentPacket, transferMessage } from "#adapters/cosmos/apps.ts";
import type { Included } from "#adapters/cosmos/submit/included.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet } from "#adapters/protocol/packet.ts";

const request = {
  sourceClient: "07-tendermint-0",
  denom: "uatom",
  amount: 5n,
  receiver: "0xabc",
  memo: "",
  timeoutTimestamp: 1_800_000_000n,
};

describe("a transfer", () => {
  test("goes over the light client, with a timeout in seconds and in the encoding that every host reads", () => {
    const denom = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
    expect(transferMessage({ ...request, denom }, "cosmos1x")).toMatchObject({
      sourcePort: "transfer",
      sourceChannel: "07-tendermint-0",
      token: { denom, amount: "5" },
      sender: "cosmos1x",
      receiver: "0xabc",
      timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
      timeoutTimestamp: 1_800_000_000n,
      encoding: "application/x-solidity-abi",
    });
  });

  test.each([
    [{ amount: 0n }],
    [{ amount: -1n }],
    // To ibc-go: all there is.
    [{ amount: (1n << 256n) - 1n }],
    [{ amount: 1n << 256n }],
    [{ denom: "" }],
    [{ denom: "1atom" }],
    [{ denom: "a b" }],
    [{ denom: "x".repeat(200) }],
    [{ timeoutTimestamp: 0n }],
    [{ timeoutTimestamp: 1n << 64n }],
  ])("of %o is refused before anything is signed", (change) => {
    expect(() => transferMessage({ ...request, ...change }, "cosmos1x")).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }),
    );
  });
});

const packet: Packet = {
  sequence: 9n,
  sourceClient: "07-tendermint-0",
  destinationClient: "client-0",
  timeoutTimestamp: 1n,
  payloads: [{ sourcePort: "a", destinationPort: "b", version: "v", encoding: "e", value: Uint8Array.of(1) }],
};

const included = (hex: string, type = "send_packet"): Included => ({
  id: "AB",
  height: 7n,
  fee: 0n,
  code: 0,
  codespace: "",
  log: "",
  gasUsed: 1n,
  messages: [],
  responses: [],
  events: [{ type, attributes: [{ key: "encoded_packet_hex", value: hex }] }],
});

describe("what was sent", () => {
  test("is the packet that the chain committed to", () => {
    const hex = bytesToHex(encodePacket(packet));
    expect(sentPacket(included(hex))).toEqual({ packet, transaction: "AB", height: 7n });
  });

  test("is nothing that an endpoint made up", () => {
    const hex = bytesToHex(encodePacket(packet));
    for (const event of [
      included(""),
      included("zz"),
      included(`${hex}00`),
      included(hex.slice(2)),
      included(hex, "recv_packet"),
    ])
      expect(() => sentPacket(event)).toThrow(expect.objectContaining({ code: "RPC_BAD_ANSWER" }));
  });
});
