// An envelope of beacon evidence taken apart down to its last field, and put together again.
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import type { BeaconUpdate, RootProof, StorageProof } from "#adapters/evm/verify/evidence.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Tree } from "./mutation.ts";

interface Parts {
  readonly version: bigint;
  readonly sourceChain: string;
  readonly targetChain: string;
  readonly clientId: string;
  readonly updates: BeaconUpdate[];
  readonly height: bigint;
  readonly rootProof: RootProof;
  readonly claims: (Omit<EnvelopeClaim, "proof"> & { readonly proof: StorageProof })[];
}

export function takeApart(bytes: Uint8Array): Tree {
  const value = envelope.decode(bytes);
  const parts: Parts = {
    ...value,
    updates: value.updates.map((update) => beaconUpdate.decode(update)),
    rootProof: rootProof.decode(value.rootProof),
    claims: value.claims.map((claim) => ({ ...claim, proof: storageProof.decode(claim.proof) })),
  };
  return parts as unknown as Tree;
}

/** Undefined when a part no longer has a serialized form, as after the loss of a byte from a hash. */
export function putTogether(tree: Tree): Uint8Array | undefined {
  const parts = tree as unknown as Parts;
  try {
    const value: Envelope = {
      ...parts,
      updates: parts.updates.map((update) => beaconUpdate.encode(update)),
      rootProof: rootProof.encode(parts.rootProof),
      claims: parts.claims.map((claim) => ({ ...claim, proof: storageProof.encode(claim.proof) })),
    };
    return envelope.encode(value);
  } catch {
    return undefined;
  }
}

/**
 * The same envelope without what is allowed to vary: an update repeated word for word says nothing new, and a committee's
 * signature does not cover the slot in which it was included.
 */
export function essence(bytes: Uint8Array): string {
  const value = envelope.decode(bytes);
  const updates = value.updates.map((update) => {
    const decoded = beaconUpdate.decode(update);
    return Buffer.from(beaconUpdate.encode({ ...decoded, signatureSlot: 0n })).toString("hex");
  });
  const rest = Buffer.from(envelope.encode({ ...value, updates: [] })).toString("hex");
  return JSON.stringify([rest, [...new Set(updates)]]);
}
