// Vectors: envelopes compared with what the relayer or the auditor asked for.
import { boundVector, makeChain, membership, rootProofAt, store } from "./chain.ts";
import { rootProof } from "#adapters/evm/verify/evidence.ts";
import { toHex } from "../vector.ts";
import type { Vector } from "../vector.ts";

const { startBlock } = makeChain();
const claim = await membership(store.first);
const value = { height: startBlock.number, rootProof: rootProof.encode(rootProofAt(startBlock)), claims: [claim] };
const asked = {
  sourceChain: "eip155:1",
  targetChain: "eip155:2",
  clientId: "beacon-0",
  claims: [{ path: toHex(store.first.path), value: toHex(store.first.value) }],
};

export const bindingVectors = (): Vector[] => [
  boundVector({ name: "bound", why: "exactly what was asked for", expect: "bound" }, value, asked),
  boundVector({ name: "wrong-target-chain", why: "evidence for another target", expect: "WRONG_CHAIN" }, value, {
    ...asked,
    targetChain: "eip155:3",
  }),
  boundVector({ name: "wrong-client", why: "evidence for another light client", expect: "WRONG_CLIENT" }, value, {
    ...asked,
    clientId: "beacon-1",
  }),
  boundVector(
    { name: "claim-of-another-packet", why: "a valid proof of something else", expect: "CLAIM_MISMATCH" },
    value,
    { ...asked, claims: [{ path: toHex(store.second.path), value: toHex(store.second.value) }] },
  ),
  boundVector(
    { name: "claim-of-absence-instead", why: "membership where absence was asked for", expect: "CLAIM_MISMATCH" },
    value,
    { ...asked, claims: [{ path: toHex(store.first.path) }] },
  ),
  boundVector({ name: "claim-missing", why: "fewer claims than packets", expect: "CLAIM_MISMATCH" }, value, {
    ...asked,
    claims: [...asked.claims, ...asked.claims],
  }),
];
