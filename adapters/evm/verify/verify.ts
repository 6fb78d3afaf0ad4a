// Judges evidence about an Ethereum chain: an envelope of light-client updates and state proofs (README.md, "The envelope").
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import { refuse } from "#adapters/protocol/verdict.ts";
import type { Verdict, Verify } from "#adapters/protocol/verdict.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { rootProof } from "./evidence.ts";
import type { RootProof } from "./evidence.ts";
import { brokenClaim, openStorage } from "./state-proof.ts";
import { inactiveReason } from "./status.ts";
import { decodeTrustedState, encodeTrustedState } from "./trusted-state.ts";
import type { BeaconState } from "./trusted-state.ts";
import { applyUpdate } from "./update.ts";

type Refusal = Verdict & { ok: false };

const isRefusal = (result: object): result is Refusal => "ok" in result && result.ok === false;

const isWellFormedClaim = ({ membership, value }: EnvelopeClaim): boolean =>
  (membership === 1n && value.length === 32) || (membership === 0n && value.length === 0);

function applyUpdates(state: BeaconState, updates: readonly Uint8Array[], now: bigint): BeaconState | Refusal {
  let current = state;
  for (const [index, bytes] of updates.entries()) {
    const next = applyUpdate(current, bytes, now);
    if (typeof next === "string") return refuse(next, `update ${index}`);
    current = next;
  }
  return current;
}

/** An envelope without claims may leave the root proof out: then it is about the newest trusted height. */
function judgeUpdatesOnly(state: BeaconState, height: bigint, now: bigint): Verdict {
  const inactive = inactiveReason(state, now);
  if (inactive !== undefined) return refuse(inactive, "trusted state");
  if (height !== state.latestHeight) return refuse("UNKNOWN_HEIGHT", "envelope height");
  return { ok: true, trusted: encodeTrustedState(state), height, timestamp: state.latestTimestamp };
}

function judgeClaims(state: BeaconState, proof: RootProof, claims: readonly EnvelopeClaim[], now: bigint): Verdict {
  const storageRoot = openStorage(state, proof, now);
  if (typeof storageRoot === "string") return refuse(storageRoot, "root proof");
  for (const [index, claim] of claims.entries()) {
    const broken = brokenClaim(state, storageRoot, claim);
    if (broken !== undefined) return refuse(broken, `claim ${index}`);
  }
  return { ok: true, trusted: encodeTrustedState(state), height: proof.height, timestamp: proof.timestamp };
}

function readRootProof(value: Envelope): RootProof | undefined | Refusal {
  if (value.rootProof.length === 0 && value.claims.length === 0) return undefined;
  const proof = decodeExactly(rootProof, value.rootProof);
  if (proof === undefined) return refuse("MALFORMED", "root proof");
  return proof.height === value.height ? proof : refuse("UNKNOWN_HEIGHT", "root proof");
}

/** Pure and total: any bytes give a verdict. Target chain and client id are for the caller to compare. */
export const verifyBeacon: Verify = ({ trusted, envelope: bytes, now }) => {
  const state = decodeTrustedState(trusted);
  if (state === undefined) return refuse("MALFORMED", "trusted state");
  const value = decodeExactly(envelope, bytes);
  if (value === undefined) return refuse("MALFORMED", "envelope");
  if (value.version !== ENVELOPE_VERSION) return refuse("MALFORMED", "envelope version");
  if (value.sourceChain !== `eip155:${state.chainId}`) return refuse("WRONG_CHAIN", "source chain");
  const proof = readRootProof(value);
  if (proof !== undefined && isRefusal(proof)) return proof;
  const malformed = value.claims.findIndex((claim) => !isWellFormedClaim(claim));
  if (malformed !== -1) return refuse("MALFORMED", `claim ${malformed}`);
  const updated = applyUpdates(state, value.updates, now);
  if (isRefusal(updated)) return updated;
  return proof === undefined
    ? judgeUpdatesOnly(updated, value.height, now)
    : judgeClaims(updated, proof, value.claims, now);
};
