import { describe, expect, test } from "vitest";
import { isPacketEvent, packetEvent } from "#adapters/cosmos/watch/packet-events.ts";
import type { BlockEvent } from "#adapters/cosmos/rpc/block-results.ts";
import { acknowledgementHex, eventJson, makePacket } from "#test/support/comet-events.ts";

const packet = makePacket(7n);
const place = { height: 5n, timestamp: 1_700_000_000n, transaction: "AB" };

const blockEvent = (type: string, more: Readonly<Record<string, string>> = {}): BlockEvent => {
  const { attributes } = eventJson(type, packet, more);
  return { type, attributes: new Map(attributes.map(({ key, value }) => [key, value])), index: 3, transaction: 0 };
};
const acknowledgement = { encoded_acknowledgement_hex: acknowledgementHex(Uint8Array.of(9, 9)) };

describe("packet events of IBC v2", () => {
  test.each([
    ["send_packet", "sent", "07-tendermint-0"],
    ["recv_packet", "received", "07-tendermint-9"],
    ["acknowledge_packet", "acknowledged", "07-tendermint-0"],
    ["timeout_packet", "timedOut", "07-tendermint-0"],
  ])("%s", (type, kind, clientId) => {
    expect(packetEvent(blockEvent(type), place)).toMatchObject({ kind, clientId, sequence: 7n, index: 3, ...place });
  });

  test("only the event of its sending carries the packet", () => {
    expect(packetEvent(blockEvent("send_packet"), place)).toMatchObject({ packet });
    expect(packetEvent(blockEvent("recv_packet"), place)).not.toHaveProperty("packet");
  });

  test("write_acknowledgement carries what was written", () => {
    expect(packetEvent(blockEvent("write_acknowledgement", acknowledgement), place)).toMatchObject({
      kind: "acknowledgementWritten",
      clientId: "07-tendermint-9",
      acknowledgements: [Uint8Array.of(9, 9)],
    });
  });

  test("those of v1 have the same names and are none", () => {
    const v1 = {
      type: "send_packet",
      attributes: new Map([["packet_src_channel", "channel-0"]]),
      index: 0,
      transaction: 0,
    };
    expect(isPacketEvent(v1)).toBe(false);
    expect(isPacketEvent(blockEvent("message"))).toBe(false);
    expect(isPacketEvent(blockEvent("constructor"))).toBe(false);
    expect(isPacketEvent(blockEvent("send_packet"))).toBe(true);
  });

  const encoded =
    eventJson("send_packet", packet).attributes.find(({ key }) => key === "encoded_packet_hex")?.value ?? "";
  test.each([
    ["no packet", "send_packet", { encoded_packet_hex: "" }],
    ["a packet that is not hexadecimal", "send_packet", { encoded_packet_hex: "zz" }],
    ["a packet cut short", "send_packet", { encoded_packet_hex: encoded.slice(0, -2) }],
    ["a packet with something behind it", "send_packet", { encoded_packet_hex: `${encoded}4001` }],
    ["another sequence than its packet's", "send_packet", { packet_sequence: "8" }],
    ["another source client than its packet's", "send_packet", { packet_source_client: "07-tendermint-1" }],
    ["another destination client than its packet's", "recv_packet", { packet_dest_client: "07-tendermint-1" }],
    ["no acknowledgement", "write_acknowledgement", {}],
    ["an acknowledgement of nothing", "write_acknowledgement", { encoded_acknowledgement_hex: "00" }],
    [
      "an acknowledgement with something behind it",
      "write_acknowledgement",
      { encoded_acknowledgement_hex: `${acknowledgement.encoded_acknowledgement_hex}1001` },
    ],
  ])("RPC_BAD_ANSWER for %s", (_, type, more) => {
    expect(() => packetEvent(blockEvent(type, more), place)).toThrow(
      expect.objectContaining({ code: "RPC_BAD_ANSWER" }) as Error,
    );
  });
});
