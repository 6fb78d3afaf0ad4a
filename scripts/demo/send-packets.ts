// Sends the demo's packets: a token transfer and a general message from one chain to the other.
import type { Chain, Sent } from "#adapters/adapter.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import type { DemoChain } from "./demo-chain.ts";

export interface SentPacket {
  readonly kind: "transfer" | "message";
  /** `chain/client/sequence`. */
  readonly id: string;
  readonly from: DemoChain;
  readonly to: DemoChain;
  readonly packet: Sent["packet"];
  readonly transaction: string;
  /** Unix milliseconds at which the sending transaction was included. */
  readonly sentAt: number;
  /** What was sent, for people. */
  readonly what: string;
}

export interface SendRequest {
  readonly source: Chain;
  readonly sourceClient: string;
  readonly from: DemoChain;
  readonly to: DemoChain;
}

/** The longest that protocol rules let a packet wait is a day. */
const TIMEOUT_SECONDS = 3_600;
const AMOUNT = 5n * 10n ** 18n;

export async function sendPackets({ source, sourceClient, from, to }: SendRequest): Promise<SentPacket[]> {
  const timeoutTimestamp = BigInt(Math.floor(Date.now() / 1000) + TIMEOUT_SECONDS);
  const describe = (kind: SentPacket["kind"], { packet, transaction }: Sent, what: string): SentPacket => ({
    kind,
    id: formatPacketId({
      sourceChain: from.chainId,
      sourceClient,
      sequence: packet.sequence.toString(),
    }),
    from,
    to,
    packet,
    transaction,
    sentAt: Date.now(),
    what,
  });
  const greeting = `Hello from ${from.name}`;
  const message = describe(
    "message",
    await source.apps.send({
      sourceClient,
      receiver: to.examples.greeter,
      payload: Buffer.from(greeting),
      timeoutTimestamp,
    }),
    `"${greeting}"`,
  );
  const transfer = describe(
    "transfer",
    await source.apps.transfer({
      sourceClient,
      denom: from.examples.token,
      amount: AMOUNT,
      receiver: to.user.address,
      memo: "",
      timeoutTimestamp,
    }),
    "5 DEMO",
  );
  return [transfer, message];
}
