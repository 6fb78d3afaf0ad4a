// State proofs of ibc-go chains in the form that CometLightClient.verify takes.
import { concatBytes } from "@noble/hashes/utils.js";
import { packAbsence, packExistence, packStoreSteps } from "./ics23.ts";
import { protobufReader, unpackable } from "./protobuf-reader.ts";

const uint64 = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(56 - 8 * index)) & 0xffn));

/**
 * @param rootProof Existence of the store under the app hash, a CommitmentProof.
 * @param claims A CommitmentProof each, in order.
 */
export function packCometProof(height: bigint, rootProof: Uint8Array, claims: readonly Uint8Array[]): Uint8Array {
  const store = protobufReader(rootProof).message(1);
  if (new TextDecoder().decode(store.bytes(1)) !== "ibc" || store.bytes(2).length !== 32)
    throw unpackable("a proof of another store");
  const packed = claims.map((claim) =>
    protobufReader(claim).has(1)
      ? concatBytes(Uint8Array.of(0), packExistence("iavl", claim))
      : packAbsence("iavl", claim),
  );
  return concatBytes(uint64(height), store.bytes(2), packStoreSteps(rootProof), ...packed);
}
