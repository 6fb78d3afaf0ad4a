// Claims about any storage root whatever: the Solidity light client is made to trust a state in which the router's account has it.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { rootProof } from "#adapters/evm/verify/evidence.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import type { SolidityBeacon } from "./solidity-beacon.ts";
import type { Refusal, SolidityClaim } from "./solidity-light-client.ts";
import { makeTrie, rlpBytes, rlpOf } from "./trie.ts";

const EMPTY = Uint8Array.of(0x80);

/** A claim and its canonical storage proof. */
export type ProvenClaim = SolidityClaim & { readonly proof: Uint8Array };

/** Undefined when all are proven. `trusted`: what the client was created from; its newest height is what is proven at. */
export async function verifyUnder(
  client: SolidityBeacon,
  trusted: BeaconState,
  storageRoot: Uint8Array,
  claims: readonly ProvenClaim[],
): Promise<Refusal | undefined> {
  const account = rlpOf(EMPTY, EMPTY, rlpBytes(storageRoot), rlpBytes(keccak_256(EMPTY)));
  const key = keccak_256(hexToBytes(trusted.router.slice(2)));
  const accounts = makeTrie(new Map([[bytesToHex(key), account]]));
  await client.trustRoot(accounts.root);
  const { latestHeight: height, latestTimestamp: timestamp } = trusted;
  const root = rootProof.encode({
    height,
    timestamp,
    stateRoot: accounts.root,
    accountProof: accounts.proof(key),
    ancestry: [],
  });
  const packed = packStateProof(
    root,
    claims.map(({ proof }) => proof),
  );
  const answer = await client.verify(claims, packed);
  return "reason" in answer ? answer : undefined;
}
