// A signer that holds its private key in memory.
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Signer } from "#adapters/signer.ts";
import { fromHex, toHex } from "../rpc/hex.ts";

/** `secret`: 32 bytes in hexadecimal, with or without 0x. Throws MISSING_SECRET when it is no private key. */
export function createLocalSigner(secret: string): Signer {
  const hex = secret.trim().replace(/^0x/i, "");
  const key = /^[0-9a-fA-F]{64}$/.test(hex) ? fromHex(`0x${hex}`) : undefined;
  if (key === undefined || !secp256k1.utils.isValidSecretKey(key))
    throw new CausewayError("MISSING_SECRET", "the signer's secret is no private key", {
      hint: "the secret must be 32 bytes in hexadecimal",
    });
  const publicKey = secp256k1.getPublicKey(key, false);
  const address = toHex(keccak_256(publicKey.subarray(1)).subarray(12));
  return {
    address,
    async sign(digest) {
      // Recovery bit first, then r and s.
      const signature = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
      return concatBytes(signature.subarray(1), signature.subarray(0, 1));
    },
  };
}
