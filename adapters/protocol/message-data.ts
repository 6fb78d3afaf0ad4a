// ICS-27 GMP packet data and acknowledgement in their Solidity ABI encoding (ibc-go v11 modules/apps/27-gmp).
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { decodeAbiParameters, encodeAbiParameters } from "viem/utils";

export const MESSAGE_PORT = "gmpport";

export interface MessageData {
  readonly sender: string;
  readonly receiver: string;
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
  readonly memo: string;
}

const parameters = [
  {
    type: "tuple",
    components: [
      { name: "sender", type: "string" },
      { name: "receiver", type: "string" },
      { name: "salt", type: "bytes" },
      { name: "payload", type: "bytes" },
      { name: "memo", type: "string" },
    ],
  },
] as const;

const acknowledgement = [{ type: "tuple", components: [{ name: "result", type: "bytes" }] }] as const;

const hex = (bytes: Uint8Array): `0x${string}` => `0x${bytesToHex(bytes)}`;
const bytes = (value: string): Uint8Array => hexToBytes(value.slice(2));

export const encodeMessageData = (data: MessageData): Uint8Array =>
  bytes(encodeAbiParameters(parameters, [{ ...data, salt: hex(data.salt), payload: hex(data.payload) }]));

/** Undefined when the bytes are not the canonical encoding of message data. */
export function decodeMessageData(value: Uint8Array): MessageData | undefined {
  try {
    const [data] = decodeAbiParameters(parameters, hex(value));
    if (encodeAbiParameters(parameters, [data]) !== hex(value)) return undefined;
    return { ...data, salt: bytes(data.salt), payload: bytes(data.payload) };
  } catch {
    return undefined;
  }
}

/** The receiver's return value, or undefined when the bytes are not a canonical GMP acknowledgement. */
export function decodeMessageResult(value: Uint8Array): Uint8Array | undefined {
  try {
    const [data] = decodeAbiParameters(acknowledgement, hex(value));
    return encodeAbiParameters(acknowledgement, [data]) === hex(value) ? bytes(data.result) : undefined;
  } catch {
    return undefined;
  }
}
