// What a light client checks, from the specification's own containers and the curve: nothing of the code under test.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { ssz } from "@lodestar/types";
import type { altair } from "@lodestar/types";

const { Point } = bls12_381.G1;
const TAG = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/** is_valid_merkle_branch of consensus-specs phase0. */
export function folds(leaf: Uint8Array, branch: readonly Uint8Array[], gindex: bigint, root: Uint8Array): boolean {
  const depth = gindex.toString(2).length - 1;
  if (branch.length !== depth) return false;
  const top = branch.reduce(
    (node, sibling, level) =>
      sha256((gindex >> BigInt(level)) & 1n ? concatBytes(sibling, node) : concatBytes(node, sibling)),
    leaf,
  );
  return Buffer.compare(top, root) === 0;
}

export interface Signed {
  readonly attestedHeader: { readonly beacon: Parameters<typeof ssz.phase0.BeaconBlockHeader.hashTreeRoot>[0] };
  readonly syncAggregate: altair.SyncAggregate;
}

export interface SigningContext {
  readonly forkVersion: string;
  readonly genesisValidatorsRoot: string;
}

/**
 * eth_fast_aggregate_verify over the attested header by the committee's participants: its aggregate key less the absentees'
 * keys, which spares decompressing the others.
 */
export function signatureHolds(
  update: Signed,
  committee: Pick<altair.SyncCommittee, "aggregatePubkey"> & { readonly pubkeys: readonly Uint8Array[] },
  context: SigningContext,
): boolean {
  const forkData = ssz.phase0.ForkData.hashTreeRoot({
    currentVersion: hexToBytes(context.forkVersion.slice(2)),
    genesisValidatorsRoot: hexToBytes(context.genesisValidatorsRoot.slice(2)),
  });
  const signingRoot = ssz.phase0.SigningData.hashTreeRoot({
    objectRoot: ssz.phase0.BeaconBlockHeader.hashTreeRoot(update.attestedHeader.beacon),
    domain: concatBytes(new Uint8Array([7, 0, 0, 0]), forkData.subarray(0, 28)),
  });
  const { syncCommitteeBits: bits, syncCommitteeSignature: signature } = update.syncAggregate;
  if (bits.getTrueBitIndexes().length === 0) return false;
  const key = committee.pubkeys
    .filter((_, index) => !bits.get(index))
    .reduce((sum, pubkey) => sum.subtract(Point.fromBytes(pubkey)), Point.fromBytes(committee.aggregatePubkey));
  return bls12_381.longSignatures.verify(signature, bls12_381.longSignatures.hash(signingRoot, TAG), key);
}
