// Evidence about a CometBFT chain as a tree of plain values, which tests damage, and back.
import { bytesToHex } from "@noble/hashes/utils.js";
import { cometMisbehaviour, cometUpdate, commitmentProof } from "#adapters/cosmos/verify/evidence.ts";
import type { CometUpdate, CommitmentProof } from "#adapters/cosmos/verify/evidence.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Tree } from "./mutation.ts";

interface Parts extends Omit<Envelope, "updates" | "rootProof" | "claims"> {
  readonly updates: readonly CometUpdate[];
  readonly rootProof?: CommitmentProof;
  readonly claims: readonly (Omit<EnvelopeClaim, "proof"> & { readonly proof: CommitmentProof })[];
}

/** Without fields that have no value; the number of a key's type becomes a bigint. */
function toTree(value: unknown): Tree {
  if (value instanceof Uint8Array || typeof value === "bigint" || typeof value === "string") return value;
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return value.map(toTree);
  const present = Object.entries(value as object).filter(([, field]) => field !== undefined);
  return Object.fromEntries(present.map(([name, field]) => [name, toTree(field)]));
}

/** Only a key's type was a number. */
function fromTree(tree: Tree): unknown {
  if (tree instanceof Uint8Array || typeof tree !== "object") return tree;
  if (Array.isArray(tree)) return tree.map(fromTree);
  const value = Object.fromEntries(Object.entries(tree).map(([name, field]) => [name, fromTree(field)]));
  return typeof value["number"] === "bigint" ? { ...value, number: Number(value["number"] & 0xffn) } : value;
}

export function takeApart(bytes: Uint8Array): Tree {
  const { updates, rootProof, claims, ...rest } = envelope.decode(bytes);
  return toTree({
    ...rest,
    updates: updates.map((update) => cometUpdate.decode(update)),
    rootProof: rootProof.length === 0 ? undefined : commitmentProof.decode(rootProof),
    claims: claims.map((claim) => ({ ...claim, proof: commitmentProof.decode(claim.proof) })),
  });
}

/** Undefined when what is left of the tree cannot be written at all. */
export function putTogether(tree: Tree): Uint8Array | undefined {
  try {
    const { updates, rootProof, claims, ...rest } = fromTree(tree) as Parts;
    return envelope.encode({
      ...rest,
      updates: updates.map((update) => cometUpdate.encode(update)),
      rootProof: rootProof === undefined ? new Uint8Array() : commitmentProof.encode(rootProof),
      claims: claims.map((claim) => ({ ...claim, proof: commitmentProof.encode(claim.proof) })),
    });
  } catch {
    return undefined;
  }
}

export const takeReportApart = (bytes: Uint8Array): Tree => toTree(cometMisbehaviour.decode(bytes));

export function putReportTogether(tree: Tree): Uint8Array | undefined {
  try {
    return cometMisbehaviour.encode(fromTree(tree) as never);
  } catch {
    return undefined;
  }
}

/** What a light client would remember of the header: more of it is not read when it is known. */
function remembered(bytes: Uint8Array): string {
  const { signedHeader } = cometUpdate.decode(bytes);
  const { height = 0n, time, appHash, nextValidatorsHash } = signedHeader?.header ?? {};
  return [height, time?.seconds, time?.nanos, appHash, nextValidatorsHash].join();
}

/** The same for envelopes that say the same: an update of a header that came before says nothing. */
export function essence(bytes: Uint8Array): string {
  const value = envelope.decode(bytes);
  const first = new Map<string, string>();
  for (const update of value.updates) {
    const name = remembered(update);
    if (!first.has(name)) first.set(name, bytesToHex(update));
  }
  return [...first.values(), bytesToHex(envelope.encode({ ...value, updates: [] }))].join();
}
