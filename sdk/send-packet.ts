// Carries out a plan, and says which packet was sent.
import type { Packet } from "#adapters/protocol/packet.ts";
import { sentPacket } from "#adapters/evm/sent-packet.ts";
import { formatPacketId } from "./evidence/packet-id.ts";
import type { Plan } from "./plan.ts";
import { sendCall } from "./wallet/send-call.ts";

export interface SentPacket {
  /** `chain/client/sequence`, e.g. "eip155:1/beacon-0/7": what the packet is asked for by. */
  readonly id: string;
  /** CAIP-2. */
  readonly sourceChain: string;
  readonly packet: Packet;
  readonly transaction: string;
  /** Of the block that includes it, not final yet. */
  readonly height: bigint;
}

export async function sendPacket({ connected, approval, call }: Plan): Promise<SentPacket> {
  const { wallet, deployment } = connected;
  if (approval !== undefined) await sendCall(connected, approval);
  const sent = sentPacket(deployment.router.address, wallet.address, await sendCall(connected, call));
  const sourceChain = `eip155:${deployment.chainId}`;
  const { sourceClient, sequence } = sent.packet;
  return { id: formatPacketId({ sourceChain, sourceClient, sequence: sequence.toString() }), sourceChain, ...sent };
}
