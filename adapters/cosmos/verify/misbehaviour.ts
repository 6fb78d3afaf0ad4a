// Judges a report that a chain's validators signed two contradicting headers (README.md, "Misbehaviour").
import { refuse } from "#adapters/protocol/verdict.ts";
import type { MisbehaviourInput, Verdict } from "#adapters/protocol/verdict.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { cometMisbehaviour } from "./evidence.ts";
import type { CometUpdate } from "./evidence.ts";
import type { Update } from "./form.ts";
import { brokenHeaderRule } from "./header-rules.ts";
import { fromSeconds, nanoseconds, toSeconds } from "./time.ts";
import { decodeTrustedState, encodeTrustedState } from "./trusted-state.ts";
import type { CometState } from "./trusted-state.ts";
import { readUpdate, trustedBy } from "./update.ts";

function judgeHeader(
  state: CometState,
  value: CometUpdate | undefined,
  now: bigint,
  at: string,
): Update | (Verdict & { ok: false }) {
  const update = readUpdate(value, state, now);
  if (typeof update === "string") return refuse(update, at);
  const trusted = trustedBy(update, state, now);
  if (typeof trusted === "string") return refuse(trusted, at);
  const broken = brokenHeaderRule(update, state, trusted, false);
  return broken === undefined ? update : refuse(broken, at);
}

/** Two blocks of one height, or a higher one that is not later. */
function isContradiction(first: Update, second: Update): boolean {
  if (first.header.height === second.header.height)
    return !equalBytes(first.commit.blockId.hash, second.commit.blockId.hash);
  return (
    first.header.height > second.header.height && nanoseconds(first.header.time) <= nanoseconds(second.header.time)
  );
}

/** `misbehaviour` is canonical `cometMisbehaviour` bytes. */
export function verifyMisbehaviour(input: MisbehaviourInput): Verdict {
  const state = decodeTrustedState(input.trusted);
  if (state === undefined) return refuse("MALFORMED", "trusted state");
  const value = decodeExactly(cometMisbehaviour, input.misbehaviour);
  if (value === undefined) return refuse("MALFORMED", "misbehaviour");
  const now = fromSeconds(input.now);
  const first = judgeHeader(state, value.header1, now, "first header");
  if ("ok" in first) return first;
  const second = judgeHeader(state, value.header2, now, "second header");
  if ("ok" in second) return second;
  if (!isContradiction(first, second)) return refuse("NO_CONFLICT", "misbehaviour");
  return {
    ok: true,
    trusted: encodeTrustedState({ ...state, frozen: true }),
    height: first.header.height,
    timestamp: toSeconds(nanoseconds(first.header.time)),
  };
}
