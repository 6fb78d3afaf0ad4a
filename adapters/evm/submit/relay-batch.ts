// One batch as the router's `relay` call: canonical evidence packed for Solidity, messages in the order the router keeps.
import { encodeFunctionData } from "viem/utils";
import type { Message } from "#adapters/adapter.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { abi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import { packBeaconUpdate } from "../pack/beacon-update.ts";
import { packRootProof, packStorageProof } from "../pack/state-proof.ts";
import { toAbiPacket } from "../packet-abi.ts";
import { toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";

/** Evidence in the form the Solidity light client reads. */
export interface PackedEvidence {
  readonly updates: readonly Hex[];
  readonly rootProof: Hex;
}

/** A message with its packed proof. */
export interface ProvenMessage {
  readonly message: Message;
  readonly proof: Hex;
}

/** `updates`: canonical, in order. `trusted`: canonical state of the light client that will judge them. */
export function packEvidence(value: Envelope, updates: readonly Uint8Array[], trusted: Uint8Array): PackedEvidence {
  return {
    updates: updates.map((update) => toHex(packBeaconUpdate(update, trusted))),
    rootProof: value.claims.length === 0 ? "0x" : toHex(packRootProof(value.rootProof)),
  };
}

export const provenMessages = (value: Envelope, messages: readonly Message[]): ProvenMessage[] =>
  messages.map((message, index) => ({
    message,
    proof: toHex(packStorageProof(value.claims[index]?.proof ?? new Uint8Array())),
  }));

export function encodeRelay(clientId: string, evidence: PackedEvidence, messages: readonly ProvenMessage[]): Hex {
  const packed = messages.map(({ message, proof }) => ({ message, proof, packet: toAbiPacket(message.packet) }));
  const batch = {
    clientId,
    updates: evidence.updates,
    rootProof: messages.length === 0 ? ("0x" as const) : evidence.rootProof,
    recvs: packed.flatMap(({ message, packet, proof }) => (message.kind === "receive" ? [{ packet, proof }] : [])),
    acks: packed.flatMap(({ message, packet, proof }) =>
      message.kind === "acknowledge" ? [{ packet, acknowledgements: message.acknowledgements.map(toHex), proof }] : [],
    ),
    timeouts: packed.flatMap(({ message, packet, proof }) => (message.kind === "timeout" ? [{ packet, proof }] : [])),
  };
  return encodeFunctionData({ abi, functionName: "relay", args: [batch] });
}
