// One batch as the router's `relay` call: canonical evidence packed for Solidity, messages in the order the router keeps.
import { encodeFunctionData } from "viem/utils";
import type { Message } from "#adapters/message.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { abi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import type { HostedKind } from "../hosted/hosted-kind.ts";
import { toAbiPacket } from "../packet-abi.ts";
import { toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";

/** Canonical evidence that one transaction carries. */
export interface RelayEvidence {
  /** In order. */
  readonly updates: readonly Uint8Array[];
  /** Trusted state of the light client that will judge the updates. */
  readonly trusted: Uint8Array;
  /** That the claims are proven at. */
  readonly height: bigint;
  readonly rootProof: Uint8Array;
}

/** A message with its claim's canonical proof. */
export interface ProvenMessage {
  readonly message: Message;
  readonly proof: Uint8Array;
}

export const provenMessages = (value: Envelope, messages: readonly Message[]): ProvenMessage[] =>
  messages.map((message, index) => ({ message, proof: value.claims[index]?.proof ?? new Uint8Array() }));

/** In the order in which the router proves a batch. */
const ORDER: readonly Message["kind"][] = ["receive", "acknowledge", "timeout"];

/** `kind`: of the light client. */
export function encodeRelay(
  kind: HostedKind,
  clientId: string,
  { updates, trusted, height, rootProof }: RelayEvidence,
  messages: readonly ProvenMessage[],
): Hex {
  const ordered = ORDER.flatMap((kind) => messages.filter(({ message }) => message.kind === kind));
  const of = (kind: Message["kind"]): Message[] =>
    ordered.flatMap(({ message }) => (message.kind === kind ? [message] : []));
  const proof = () => kind.packStateProof({ height, rootProof, claims: ordered.map((each) => each.proof) });
  const batch = {
    clientId,
    updates: updates.map((update) => toHex(kind.packUpdate(update, trusted))),
    proof: ordered.length === 0 ? ("0x" as const) : toHex(proof()),
    recvs: of("receive").map(({ packet }) => toAbiPacket(packet)),
    acks: ordered.flatMap(({ message }) =>
      message.kind === "acknowledge"
        ? [{ packet: toAbiPacket(message.packet), acknowledgements: message.acknowledgements.map(toHex) }]
        : [],
    ),
    timeouts: of("timeout").map(({ packet }) => toAbiPacket(packet)),
  };
  return encodeFunctionData({ abi, functionName: "relay", args: [batch] });
}
