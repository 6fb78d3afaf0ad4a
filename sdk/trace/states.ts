// The closed list of states a packet can be in, each with what it means for whoever waits.
import { errorCodes } from "#adapters/protocol/error-codes.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import type { Explanation } from "./explanation.ts";

export type Standing = Explanation["standing"];

/** A leg as people see it: an acknowledgement of a refusal is the way of a refund. */
export const LEGS = ["receive", "acknowledge", "refund", "timeout"] as const;
export type Leg = (typeof LEGS)[number];

export const STAGES = ["watch", "prove", "queue", "verify", "submit", "log"] as const;
export type Stage = (typeof STAGES)[number];

/** What is the case has a state of its own, whether the error or the chain tells it. */
export const CODES_WITH_A_STATE = {
  CLIENT_FROZEN: "clientFrozen",
  CLIENT_EXPIRED: "clientExpired",
  CLIENT_CONTRADICTED: "clientContradicted",
  CLIENT_NOT_FOUND: "clientMissing",
  FORK_UNKNOWN: "forkUnknown",
} as const satisfies Partial<Record<ErrorCode, string>>;

/** Raised by commands, by clients of the API and by reading a chain, never by a delivery or a lane. */
export const CODES_OF_OTHERS = [
  "API_UNREACHABLE",
  "API_BAD_ANSWER",
  "NOT_FOUND",
  "DEEP_REORG",
  "BUNDLE_INVALID",
  "TOOL_MISSING",
  "NODE_FAILED",
] as const;

type OtherCode = keyof typeof CODES_WITH_A_STATE | (typeof CODES_OF_OTHERS)[number];
/** What a delivery or a lane may carry besides; `UNEXPECTED` is what is no error of the list. */
export type FailureCode = Exclude<ErrorCode, OtherCode> | "UNEXPECTED";

const named = {
  // Nobody can say.
  notFound: "unknown",
  searchEndedEarly: "unknown",
  chainsUnreadable: "unknown",
  sourceUnreadable: "unknown",
  destinationUnreadable: "unknown",
  receivedUnseen: "unknown",
  settledUnseen: "unknown",
  transactionWithoutPacket: "unknown",

  // On its way from the sender.
  transactionWaiting: "underway",
  transactionReverted: "failed",
  awaitsFinality: "underway",
  finalityOverdue: "underway",
  unrouted: "held",

  // What its relayer has to know first.
  awaitsReading: "underway",
  missed: "underway",
  relayerStandsStill: "held",

  // Somebody has to act before the leg can go on.
  lanePaused: "held",
  clientFrozen: "held",
  clientExpired: "held",
  clientMissing: "held",
  clientContradicted: "held",
  forkUnknown: "held",
  clientExpiresSoon: "underway",
  applicationFails: "held",

  // Received.
  answerOutstanding: "held",
  receivedAwaitsFinality: "underway",
  deliveredByAnother: "underway",
  receivedAtTheLastMoment: "underway",
  refusedAwaitsFinality: "underway",

  // Its time is over.
  timeoutAwaitsClock: "underway",
  timedOutAwaitsFinality: "underway",

  // Ends.
  settledAwaitsFinality: "underway",
  acknowledged: "done",
  refusedRefunded: "refunded",
  refusedTold: "failed",
  timedOutRefunded: "refunded",
  timedOutTold: "failed",
} as const satisfies Record<string, Standing>;

export type State = keyof typeof named | `${Leg}:${Stage | "anyRelayer"}` | `failing:${FailureCode}`;

/** An error that passes by itself is no reason to wait for somebody; funds do not come by themselves. */
const standingOf = (code: FailureCode): Standing => {
  if (code === "UNEXPECTED" || code === "INSUFFICIENT_FUNDS") return "held";
  return errorCodes[code].retry === "never" ? "held" : "underway";
};

const isFailure = (code: string): code is FailureCode =>
  code === "UNEXPECTED" ||
  (code in errorCodes && !(code in CODES_WITH_A_STATE) && !(CODES_OF_OTHERS as readonly string[]).includes(code));

export const failureCodes: readonly FailureCode[] = [...Object.keys(errorCodes), "UNEXPECTED"].filter(isFailure);

/** A code this version does not know is as good as none. */
export const failureCode = (code: string): FailureCode => (isFailure(code) ? code : "UNEXPECTED");

export const states: ReadonlyMap<State, Standing> = new Map<State, Standing>([
  ...(Object.entries(named) as [State, Standing][]),
  ...LEGS.flatMap((leg) =>
    ([...STAGES, "anyRelayer"] as const).map((stage): [State, Standing] => [`${leg}:${stage}`, "underway"]),
  ),
  ...failureCodes.map((code): [State, Standing] => [`failing:${code}`, standingOf(code)]),
]);
