// Judges evidence about a CometBFT chain: an envelope of light-client updates and state proofs (README.md, "The envelope").
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import { refuse } from "#adapters/protocol/verdict.ts";
import type { Verdict, Verify } from "#adapters/protocol/verdict.ts";
import { fromHex } from "#adapters/protocol/bytes.ts";
import { caip2Of } from "./chain-id.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import type { ExistenceProof } from "./evidence.ts";
import { brokenClaim, decodeProof, openStore } from "./state-proof.ts";
import { heldAt, inactiveReason, latestOf } from "./status.ts";
import { fromSeconds, toSeconds } from "./time.ts";
import { decodeTrustedState, encodeTrustedState } from "./trusted-state.ts";
import type { CometState, ConsensusState } from "./trusted-state.ts";
import { applyUpdate } from "./update.ts";

type Refusal = Verdict & { ok: false };

const isRefusal = (result: object): result is Refusal => "ok" in result && result.ok === false;

const isWellFormedClaim = ({ membership, path, value }: EnvelopeClaim): boolean =>
  path.length > 0 && ((membership === 1n && value.length === 32) || (membership === 0n && value.length === 0));

function applyUpdates(state: CometState, updates: readonly Uint8Array[], now: bigint): CometState | Refusal {
  let current = state;
  for (const [index, bytes] of updates.entries()) {
    const next = applyUpdate(current, bytes, now);
    if (typeof next === "string") return refuse(next, `update ${index}`);
    current = next;
  }
  return current;
}

const accept = (state: CometState, { height, timestamp }: ConsensusState): Verdict => ({
  ok: true,
  trusted: encodeTrustedState(state),
  height,
  timestamp: toSeconds(timestamp),
});

/** An envelope without claims may leave the root proof out: then it is about the newest trusted height. */
function judgeUpdatesOnly(state: CometState, height: bigint, now: bigint): Verdict {
  const inactive = inactiveReason(state, now);
  if (inactive !== undefined) return refuse(inactive, "trusted state");
  const latest = latestOf(state);
  return height === latest.height ? accept(state, latest) : refuse("UNKNOWN_HEIGHT", "envelope height");
}

function judgeClaims(state: CometState, rootProof: ExistenceProof, { height, claims }: Envelope, now: bigint): Verdict {
  const inactive = inactiveReason(state, now);
  if (inactive !== undefined) return refuse(inactive, "trusted state");
  const held = heldAt(state, height);
  if (held === undefined) return refuse("UNKNOWN_HEIGHT", "envelope height");
  const root = openStore(rootProof, fromHex(held.appHash));
  if (root === undefined) return refuse("INVALID_STORE_PROOF", "root proof");
  for (const [index, claim] of claims.entries()) {
    const broken = brokenClaim(root, claim);
    if (broken !== undefined) return refuse(broken, `claim ${index}`);
  }
  return accept(state, held);
}

function readRootProof({ rootProof, claims }: Envelope): ExistenceProof | undefined | Refusal {
  if (rootProof.length === 0 && claims.length === 0) return undefined;
  return decodeProof(rootProof)?.exist ?? refuse("MALFORMED", "root proof");
}

/** Pure and total: any bytes give a verdict. Target chain and client id are for the caller to compare. */
export const verifyComet: Verify = ({ trusted, envelope: bytes, now: seconds }) => {
  const state = decodeTrustedState(trusted);
  if (state === undefined) return refuse("MALFORMED", "trusted state");
  const value = decodeExactly(envelope, bytes);
  if (value === undefined) return refuse("MALFORMED", "envelope");
  if (value.version !== ENVELOPE_VERSION) return refuse("MALFORMED", "envelope version");
  if (value.sourceChain !== caip2Of(state.chainId)) return refuse("WRONG_CHAIN", "source chain");
  const rootProof = readRootProof(value);
  if (rootProof !== undefined && isRefusal(rootProof)) return rootProof;
  const malformed = value.claims.findIndex((claim) => !isWellFormedClaim(claim));
  if (malformed !== -1) return refuse("MALFORMED", `claim ${malformed}`);
  const now = fromSeconds(seconds);
  const updated = applyUpdates(state, value.updates, now);
  if (isRefusal(updated)) return updated;
  return rootProof === undefined
    ? judgeUpdatesOnly(updated, value.height, now)
    : judgeClaims(updated, rootProof, value, now);
};
