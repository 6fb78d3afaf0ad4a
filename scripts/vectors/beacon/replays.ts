// Vectors: honest proofs of something else: another path, an older store, an older height.
import { storageProof } from "#adapters/evm/verify/evidence.ts";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";
import {
  absence,
  absentPath,
  claimsVector,
  commitmentsSlot,
  execution,
  makeChain,
  membership,
  rootProofAt,
  router,
  store,
} from "./chain.ts";
import type { Vector } from "../vector.ts";

const chain = makeChain();
const older = await makeStateFixture({
  router,
  commitmentsSlot,
  commitments: [store.second, store.short],
  otherAccounts: 20,
  otherCommitments: 20,
});
const root = rootProofAt(chain.startBlock);
const first = await membership(store.first);
const missing = await absence(absentPath);
const firstIsAbsent: EnvelopeClaim = { ...first, membership: 0n, value: new Uint8Array() };

/** A path without a value whose walk ends at the leaf that holds `store.first`. */
async function besideFirst(): Promise<EnvelopeClaim> {
  const leaf = (await execution.storageProof(store.first.path)).at(-1) as Uint8Array;
  for (let index = 0; ; index += 1) {
    const path = Uint8Array.of(8, index >> 8, index & 0xff);
    const nodes = await execution.storageProof(path);
    if (Buffer.compare(nodes.at(-1) as Uint8Array, leaf) === 0)
      return { membership: 1n, path, value: store.first.value, proof: storageProof.encode(nodes) };
  }
}

export async function replayVectors(): Promise<Vector[]> {
  const claims = (reason: Reason, name: string, why: string, claim: EnvelopeClaim, proof = root): Vector =>
    claimsVector({ name, why, state: chain.trusted, now: chain.timeOf(210n), expect: reason }, proof, [claim]);
  return [
    claims(
      "VALUE_ABSENT",
      "inclusion-by-the-leaf-of-another-path",
      "the nodes are those of the path, and show that another one holds the value",
      await besideFirst(),
    ),
    claims(
      "INVALID_STORAGE_PROOF",
      "exclusion-by-the-nodes-of-another-path",
      "another path is absent, which says nothing about this one",
      { ...firstIsAbsent, proof: missing.proof },
    ),
    claims("INVALID_STORAGE_PROOF", "exclusion-from-an-older-store", "there was a time when it was absent", {
      ...firstIsAbsent,
      proof: storageProof.encode(await older.storageProof(store.first.path)),
    }),
    claims("INVALID_ACCOUNT_PROOF", "account-of-an-older-state", "the store's root was another one then", first, {
      ...root,
      accountProof: older.accountProof,
    }),
    claims("UNKNOWN_HEIGHT", "state-root-of-an-older-height", "the height is trusted with another root", first, {
      ...root,
      stateRoot: older.stateRoot,
      accountProof: older.accountProof,
    }),
  ];
}
