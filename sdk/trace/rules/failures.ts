// A leg that failed and is tried again: one half sentence for each error code that a delivery or a lane can carry.
import { errorCodes } from "#adapters/protocol/error-codes.ts";
import type { Life, Way } from "../life.ts";
import { begun, cargo, otherwise } from "../life.ts";
import { plain } from "../plain.ts";
import { operator, sender } from "../said.ts";
import type { Said } from "../said.ts";
import type { FailureCode } from "../states.ts";
import { expected } from "../time.ts";

/** What an error says, and when it is tried again. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string | null;
  /** Unix seconds. */
  readonly nextAttemptAt: number;
  readonly attempts: number;
  /** Of the chain the proof is about. */
  readonly waitHeight: string | null;
}

type Phrase = (way: Way) => string;

/** After "because". */
const phrases: Readonly<Record<FailureCode, Phrase>> = {
  INVALID_CONFIG: ({ lane }) => `the configuration does not fit light client ${lane}`,
  INVALID_ARGUMENT: ({ target }) => `what was proven does not belong to this message on ${target}`,
  MISSING_SECRET: ({ target }) => `the relayer cannot read its key for ${target}`,
  WRONG_CHAIN_ID: ({ target, provenFrom }) => `an endpoint of ${provenFrom} or ${target} serves another chain`,
  RPC_UNREACHABLE: ({ target, provenFrom }) => `no endpoint of ${provenFrom} or ${target} answers the relayer`,
  RPC_BAD_ANSWER: ({ target, provenFrom }) =>
    `the endpoints of ${provenFrom} or ${target} contradict themselves or each other`,
  RPC_STALE: ({ target, provenFrom }) => `the endpoints of ${provenFrom} or ${target} are behind their chain`,
  NOT_FINAL_YET: ({ provenFrom }) => `${provenFrom} has not finalized what has to be proven`,
  CLIENT_BEHIND: ({ lane }) =>
    `light client ${lane} is so far behind that it is brought nearer first, one transaction after another`,
  CONTRACT_MISSING: ({ target, provenFrom }) =>
    `there is no contract where the configuration names one on ${provenFrom} or ${target}`,
  EVIDENCE_REFUSED: () => "the relayer's own verifier refused the proof, so that nothing was signed",
  VERIFIER_FAILED: () => "the relayer's verifier ended before it had judged the proof, so that nothing was signed",
  NOT_AUTHORIZED: ({ target }) => `the relayer's account may not do this on ${target}`,
  INSUFFICIENT_FUNDS: ({ target }) => `the relayer's account on ${target} cannot pay for the transaction`,
  FEE_ABOVE_CAP: ({ target }) => `the fees of ${target} are above what the relayer may pay`,
  TRANSACTION_REVERTED: ({ target }) => `the contracts on ${target} refused the transaction`,
  TRANSACTION_STUCK: ({ target }) => `its transaction is in no block of ${target} yet`,
  STORE_UNAVAILABLE: () => "the relayer's database did not answer",
  QUEUE_UNAVAILABLE: () => "the relayer's queue did not answer",
  LOG_INCONSISTENT: () => "the relayer's proof log does not match its own tree, and nothing is signed without it",
  UNSUPPORTED: ({ lane }) => `this relayer cannot work with light client ${lane}`,
  CANCELLED: () => "the relayer was stopped while it worked on it",
  UNEXPECTED: () => "the relayer met an error it has no name for",
};

/** Where the list's hint speaks to somebody else than the one who runs a relayer. */
const hints: Partial<Record<FailureCode, string>> = {
  INVALID_ARGUMENT: "this is a mistake in the relayer, or an endpoint misled it: see the relayer's log",
  UNSUPPORTED: "correct the route, or run a version that knows this kind of light client",
  CANCELLED: "start the relayer again: it goes on by itself",
  UNEXPECTED: "see the relayer's log, and report it: this is a mistake in the relayer",
};

const hintOf = (code: FailureCode): string => hints[code] ?? (code === "UNEXPECTED" ? "" : errorCodes[code].hint);

/** It passes by itself: trying at once would not help. */
const PASSES: ReadonlySet<FailureCode> = new Set(["NOT_FINAL_YET", "CLIENT_BEHIND", "TRANSACTION_STUCK", "CANCELLED"]);

const retryOf = (code: FailureCode) => (code === "UNEXPECTED" ? "later" : errorCodes[code].retry);

const evidenceOf = ({ provenFrom }: Way, { waitHeight }: Failure): string =>
  waitHeight === null ? `a later block of ${provenFrom}` : `block ${waitHeight} of ${provenFrom}`;

const sentenceCase = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function nextAttempt(life: Life, { provenFrom }: Way, { code, waitHeight, nextAttemptAt }: Failure): string {
  const { now } = life;
  const when = nextAttemptAt > now ? expected(nextAttemptAt, now) : "as soon as a worker is free";
  switch (retryOf(code)) {
    case "afterHeight":
      return waitHeight === null
        ? `It goes on as soon as ${provenFrom} has finalized it.`
        : `It goes on as soon as block ${waitHeight} of ${provenFrom} is final.`;
    case "later":
      return `It is tried again ${when}.`;
    case "never":
      return `An operator has to act first; until then it is tried now and then in vain, next ${when}.`;
  }
}

export function failing(life: Life, way: Way, failure: Failure): Said {
  const { code, message, attempts, nextAttemptAt } = failure;
  const told = message === null ? "" : ` (${plain(message)})`;
  const often = attempts > 1 ? `, for the ${ordinal(attempts)} time in a row` : "";
  return {
    state: `failing:${code}`,
    sentence:
      code === "NOT_FINAL_YET"
        ? `${begun(life, way.leg)}, and its proof waits for signed evidence that ${evidenceOf(way, failure)} is final.`
        : `${begun(life, way.leg)}, but ${waiting(life, way)}${often}, because ${phrases[code](way)}${told}.`,
    next: nextAttempt(life, way, failure),
    expectedAt: nextAttemptAt > life.now && retryOf(code) === "later" ? nextAttemptAt : null,
    advice: [
      operator(
        `${sentenceCase(hintOf(code))}.${PASSES.has(code) ? "" : ` Then try at once: \`causeway retry ${life.id}\`.`}`,
      ),
      sender(
        way.leg === "receive"
          ? `Nothing is lost: it is tried again${otherwise(life)}.`
          : "Nothing is lost: it is tried again, and what was proven once stays provable.",
      ),
    ],
  };
}

const waiting = (life: Life, { leg, target }: Way): string =>
  leg === "receive" ? `it was not delivered to ${target}` : `the ${cargo(life, leg)} did not get to ${target}`;

function ordinal(count: number): string {
  const lastTwo = count % 100;
  const suffix = lastTwo >= 11 && lastTwo <= 13 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[count % 10] ?? "th");
  return `${count}${suffix}`;
}
