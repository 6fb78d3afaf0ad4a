// Packet and acknowledgement commitments, byte for byte as ibc-go 04-channel/v2/types/commitment.go computes them.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Packet, Payload } from "./packet.ts";
import { uint64BigEndian } from "./uint64.ts";

const VERSION = new Uint8Array([2]);

function payloadHash(payload: Payload): Uint8Array {
  return sha256(
    concatBytes(
      sha256(utf8ToBytes(payload.sourcePort)),
      sha256(utf8ToBytes(payload.destinationPort)),
      sha256(utf8ToBytes(payload.version)),
      sha256(utf8ToBytes(payload.encoding)),
      sha256(payload.value),
    ),
  );
}

/** 32 bytes. Sequence and source client are bound by the path the commitment is stored under, not by the commitment. */
export function packetCommitment(packet: Packet): Uint8Array {
  return sha256(
    concatBytes(
      VERSION,
      sha256(utf8ToBytes(packet.destinationClient)),
      sha256(uint64BigEndian(packet.timeoutTimestamp)),
      sha256(concatBytes(...packet.payloads.map(payloadHash))),
    ),
  );
}

/** 32 bytes over the application acknowledgements, one per payload (or the one universal error). */
export function acknowledgementCommitment(acknowledgements: readonly Uint8Array[]): Uint8Array {
  return sha256(concatBytes(VERSION, ...acknowledgements.map((acknowledgement) => sha256(acknowledgement))));
}
