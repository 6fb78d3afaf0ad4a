// Packet events as two fake chains would tell them, for tests of what is kept of them.
import type { PacketEvent } from "#adapters/packet-event.ts";
import { encodeMessageData, MESSAGE_PORT } from "#adapters/protocol/message-data.ts";
import type { Packet, Payload } from "#adapters/protocol/packet.ts";
import { ABI_ENCODING, encodeTransferData, TRANSFER_PORT, TRANSFER_VERSION } from "#adapters/protocol/transfer-data.ts";
import { createRoutes } from "#relayer/routes.ts";
import { CLIENT_ON_A, CLIENT_ON_B } from "./fake-relay.ts";

export const A = { chain: "fake:a", client: CLIENT_ON_A };
export const B = { chain: "fake:b", client: CLIENT_ON_B };
export const fakeRoutes = createRoutes([[A, B]]);

export const rawPayload: Payload = {
  sourcePort: "test",
  destinationPort: "test",
  version: "v1",
  encoding: "raw",
  value: Uint8Array.of(1, 2),
};

export const transferPayload = (sender: string, receiver: string): Payload => ({
  sourcePort: TRANSFER_PORT,
  destinationPort: TRANSFER_PORT,
  version: TRANSFER_VERSION,
  encoding: ABI_ENCODING,
  value: encodeTransferData({ denom: "token", sender, receiver, amount: 1n, memo: "" }),
});

export const messagePayload = (sender: string, receiver: string): Payload => ({
  sourcePort: MESSAGE_PORT,
  destinationPort: MESSAGE_PORT,
  version: "ics27-2",
  encoding: ABI_ENCODING,
  value: encodeMessageData({ sender, receiver, salt: new Uint8Array(), payload: Uint8Array.of(7), memo: "" }),
});

/** From A to B. */
export const packetOf = (sequence: bigint, payloads: readonly Payload[] = [rawPayload]): Packet => ({
  sequence,
  sourceClient: A.client,
  destinationClient: B.client,
  timeoutTimestamp: 1_000n + sequence,
  payloads: [...payloads],
});

type Kind = Exclude<PacketEvent["kind"], "sent" | "acknowledgementWritten">;

/** `transaction` is `<kind> <sequence>` unless said otherwise. */
export function eventsOf(packet: Packet) {
  const place = (kind: PacketEvent["kind"], clientId: string) => ({
    clientId,
    sequence: packet.sequence,
    height: 7n,
    timestamp: 70n,
    transaction: `${kind} ${packet.sequence}`,
    index: 0,
  });
  const plain = <K extends Kind>(kind: K, clientId: string) => ({ kind, ...place(kind, clientId) });
  return {
    sent: { kind: "sent", ...place("sent", A.client), packet },
    received: plain("received", B.client),
    written: {
      kind: "acknowledgementWritten",
      ...place("acknowledgementWritten", B.client),
      acknowledgements: [Uint8Array.of(9)],
    },
    acknowledged: plain("acknowledged", A.client),
    timedOut: plain("timedOut", A.client),
  } as const satisfies Record<string, PacketEvent>;
}
