import { expect, test } from "vitest";
import { messageId } from "#adapters/protocol/message-id.ts";
import type { Packet } from "#adapters/protocol/packet.ts";

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
      encoding: "application/x-solidity-abi",
      value: new Uint8Array([1, 2, 3]),
    },
  ],
};
const id = messageId("eip155:1", packet);

test("is 32 bytes in lowercase hexadecimal, the same each time", () => {
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(messageId("eip155:1", { ...packet })).toBe(id);
});

test.each<[string, string, Packet]>([
  ["chain", "eip155:2", packet],
  ["sequence", "eip155:1", { ...packet, sequence: 8n }],
  ["source client", "eip155:1", { ...packet, sourceClient: "beacon-2" }],
  ["destination client", "eip155:1", { ...packet, destinationClient: "beacon-2" }],
  ["timeout", "eip155:1", { ...packet, timeoutTimestamp: 1_800_000_001n }],
  [
    "payload",
    "eip155:1",
    { ...packet, payloads: packet.payloads.map((one) => ({ ...one, value: new Uint8Array([1, 2]) })) },
  ],
])("is another one for another %s", (_, chain, other) => {
  expect(messageId(chain, other)).not.toBe(id);
});
