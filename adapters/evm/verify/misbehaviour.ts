// Judges a report that a committee signed two contradicting headers (README.md, "Misbehaviour").
import { refuse } from "#adapters/protocol/verdict.ts";
import type { MisbehaviourInput, Verdict } from "#adapters/protocol/verdict.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { consensusWord } from "./consensus-state.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { beaconMisbehaviour } from "./evidence.ts";
import { brokenRule } from "./header-rules.ts";
import type { Evidence } from "./header-rules.ts";
import { headerRoot } from "./merkle.ts";
import { decodeTrustedState, encodeTrustedState } from "./trusted-state.ts";
import type { BeaconState } from "./trusted-state.ts";
import { readUpdate } from "./update.ts";

function judgeHeader(
  state: BeaconState,
  bytes: Uint8Array,
  now: bigint,
  at: string,
): Evidence | (Verdict & { ok: false }) {
  const read = readUpdate(bytes, state, now);
  if (typeof read === "string") return refuse(read, at);
  const evidence = { state, now, ...read };
  const broken = brokenRule(evidence);
  return broken === undefined ? evidence : refuse(broken, at);
}

/** Two finalized headers for one slot, or two consensus states for one height. */
function isContradiction(first: Evidence, second: Evidence): boolean {
  const [one, two] = [first.update.finalizedHeader, second.update.finalizedHeader];
  if (one.slot === two.slot && !equalBytes(headerRoot(one), headerRoot(two))) return true;
  return first.header.height === second.header.height && consensusWord(first.header) !== consensusWord(second.header);
}

/** `misbehaviour` is canonical `beaconMisbehaviour` bytes. */
export function verifyMisbehaviour(input: MisbehaviourInput): Verdict {
  const state = decodeTrustedState(input.trusted);
  if (state === undefined) return refuse("MALFORMED", "trusted state");
  const value = decodeExactly(beaconMisbehaviour, input.misbehaviour);
  if (value === undefined) return refuse("MALFORMED", "misbehaviour");
  const first = judgeHeader(state, value.first, input.now, "first update");
  if ("ok" in first) return first;
  const second = judgeHeader(state, value.second, input.now, "second update");
  if ("ok" in second) return second;
  if (!isContradiction(first, second)) return refuse("NO_CONFLICT", "misbehaviour");
  return {
    ok: true,
    trusted: encodeTrustedState({ ...state, frozen: true }),
    height: first.header.height,
    timestamp: first.header.timestamp,
  };
}
