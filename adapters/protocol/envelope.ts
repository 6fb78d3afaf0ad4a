// The proof envelope: what one batch of packets needs to be believed, bound to the chains and the light client it is for.
// Updates and proofs are opaque here; only the source family's verifier understands them.
import { ascii, byteList, container, list, uint64 } from "./ssz.ts";
import type { SszValue } from "./ssz.ts";

const claim = container({
  /** 1 membership, 0 absence. */
  membership: uint64,
  path: byteList(128),
  /** 32 bytes for membership, empty for absence. */
  value: byteList(32),
  proof: byteList(1 << 20),
});

export const envelope = container({
  version: uint64,
  /** CAIP-2 id of the chain the proofs are about. */
  sourceChain: ascii(64),
  /** CAIP-2 id of the chain that will check them. */
  targetChain: ascii(64),
  /** The light client of sourceChain that targetChain hosts. */
  clientId: ascii(64),
  /** Client messages, to be applied in order; empty when the client already trusts the height. */
  updates: list(byteList(1 << 20), 1024),
  /** Height of sourceChain at which every claim is proven. */
  height: uint64,
  /** The part of the proofs that all claims share: from the trusted state at `height` to the root of the packet store. */
  rootProof: byteList(1 << 20),
  claims: list(claim, 1024),
});

export type Envelope = SszValue<typeof envelope>;
export type EnvelopeClaim = SszValue<typeof claim>;
export const ENVELOPE_VERSION = 1n;
