// One packet's name in 32 bytes, for people and systems that want a single identifier.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { encodePacket } from "./packet-codec.ts";
import type { Packet } from "./packet.ts";

const SEPARATOR = new Uint8Array([0]);

/**
 * SHA-256 of the source chain's CAIP-2 id, a zero byte, and the canonical packet bytes; as 64 lowercase hexadecimal digits. It says what is in the
 * packet as well as which one it is: the commitment alone is the same for equal packets of different light clients and sequences.
 */
export const messageId = (sourceChain: string, packet: Packet): string =>
  bytesToHex(sha256(concatBytes(utf8ToBytes(sourceChain), SEPARATOR, encodePacket(packet))));
