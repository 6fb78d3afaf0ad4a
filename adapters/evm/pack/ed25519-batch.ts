// Signatures in the form that IEd25519Verifier.sol takes.
import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, numberToBytesBE } from "@noble/curves/utils.js";

export interface Ed25519Signature {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 64 bytes: R, s. */
  readonly signature: Uint8Array;
  /** Up to 65,535 bytes. */
  readonly message: Uint8Array;
}

const uint16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** The x of an encoded point by the rules of ZIP-215, big-endian; zero when there is none, which no verifier accepts. */
export function xOf(encoded: Uint8Array): Uint8Array {
  try {
    return numberToBytesBE(ed25519.Point.fromBytes(encoded, true).x, 32);
  } catch {
    return new Uint8Array(32);
  }
}

/** Whether they are valid is not looked at. */
export function packEd25519Batch(signatures: readonly Ed25519Signature[]): Uint8Array {
  const parts = signatures.map(({ key, signature, message }) => {
    const hints = concatBytes(xOf(key), xOf(signature.subarray(0, 32)));
    return concatBytes(key, signature, hints, uint16(message.length), message);
  });
  return concatBytes(uint16(signatures.length), ...parts);
}
