// The validators of a real chain sign a second header for a height, with the keys that they sign with.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import { cometMisbehaviour, cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometUpdate, CommitSig } from "#adapters/cosmos/verify/evidence.ts";
import { headerHash } from "#adapters/cosmos/verify/header-hash.ts";
import { addressOf } from "#adapters/cosmos/verify/validators.ts";
import { commitVote, signBytes } from "#adapters/cosmos/verify/vote.ts";
import { ENVELOPE_VERSION, envelope } from "#adapters/protocol/envelope.ts";

/** The header that the source's own prover has for a light client that trusts an earlier one. */
export async function provenUpdate(source: Chain, target: Chain, clientId: string): Promise<CometUpdate> {
  const trusted = await target.target.trusted(clientId);
  // A light client that was created just now may trust the newest block.
  await expect
    .poll(async () => (await source.health()).finalizedHeight, { timeout: 300_000 })
    .toBeGreaterThan(trusted.height);
  const request = { targetChain: target.chainId, trusted, minHeight: trusted.height + 1n, claims: [] };
  const { updates } = envelope.decode(await source.source.prove(request, new AbortController().signal));
  return cometUpdate.decode(updates[0] as Uint8Array);
}

/** `keys`: ed25519 seeds. The second header claims another state of the application. */
export function secondHeader(update: CometUpdate, keys: readonly Uint8Array[]): CometUpdate {
  const { header, commit } = update.signedHeader ?? {};
  if (header === undefined || commit === undefined) throw new Error("the update has no signed header");
  const forged = { ...header, appHash: sha256(header.appHash) };
  const hash = headerHash(forged);
  const other = { ...commit, blockId: { hash, partSetHeader: { total: 1n, hash: sha256(hash) } } };
  const seeds = new Map(keys.map((seed) => [toHex(addressOf(ed25519.getPublicKey(seed))), seed]));
  const messageAt = signBytes(commitVote(other, Buffer.from(header.chainId).toString()));
  const signatures = commit.signatures.map((vote): CommitSig => {
    const seed = seeds.get(toHex(vote.validatorAddress));
    return seed === undefined ? vote : { ...vote, signature: ed25519.sign(messageAt(vote.timestamp), seed) };
  });
  return { ...update, signedHeader: { header: forged, commit: { ...other, signatures } } };
}

/** What would bring this header to a light client, if it were the chain's. */
export const updateEnvelope = (source: Chain, target: Chain, clientId: string, update: CometUpdate): Uint8Array =>
  envelope.encode({
    version: ENVELOPE_VERSION,
    sourceChain: source.chainId,
    targetChain: target.chainId,
    clientId,
    updates: [cometUpdate.encode(update)],
    height: update.signedHeader?.header?.height ?? 0n,
    rootProof: new Uint8Array(),
    claims: [],
  });

export const reportOf = (header1: CometUpdate, header2: CometUpdate): Uint8Array =>
  cometMisbehaviour.encode({ header1, header2 });
