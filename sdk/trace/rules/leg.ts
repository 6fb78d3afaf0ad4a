// One leg of a packet's way: what a relayer does with it, or what stops it.
import type { Life, Way } from "../life.ts";
import { begun, cargo, otherwise, wayOf } from "../life.ts";
import { plain } from "../plain.ts";
import { operator, receiver, sender } from "../said.ts";
import type { Said } from "../said.ts";
import { CODES_WITH_A_STATE, failureCode } from "../states.ts";
import type { Leg, Stage } from "../states.ts";
import { clock, expected, unixSeconds } from "../time.ts";
import { failing } from "./failures.ts";
import type { Failure } from "./failures.ts";
import { blockedBy, expiresSoon, unusable } from "./light-client.ts";
import { missed, unread } from "./reading.ts";
import { atStage } from "./stages.ts";
import { untold } from "./untold.ts";

/** By the status of the relayer's row. */
const stages: Readonly<Record<string, Stage>> = {
  watched: "watch",
  proving: "prove",
  queued: "queue",
  verifying: "verify",
  submitting: "submit",
  logging: "log",
};

export function legRules(life: Life, leg: Leg): Said {
  const way = wayOf(life, leg);
  const stage = stages[way.delivery?.status ?? ""];
  // What is signed is finished, whatever happened to the lane since.
  if (stage === "log" || (stage === "submit" && standingError(life, way) === undefined))
    return atStage(life, way, stage);
  return (
    paused(life, way) ??
    unusable(life, way) ??
    applicationFails(life, way) ??
    failed(life, way) ??
    (life.facts.told === "chains" ? untold(life, way) : atRelayer(life, way, stage))
  );
}

function paused(life: Life, way: Way): Said | undefined {
  const pause = life.facts.lanes[way.end]?.paused ?? null;
  if (pause === null) return undefined;
  return {
    state: "lanePaused",
    sentence: `${begun(life, way.leg)}, and lane ${way.lane} is paused since ${clock(pause.at, life.now)} by ${plain(pause.by)} (${plain(pause.because)}).`,
    next: `The ${cargo(life, way.leg)} goes on when the lane is resumed${way.leg === "receive" ? otherwise(life) : ""}.`,
    expectedAt: null,
    advice: [
      operator(`When the reason is gone: \`causeway lane resume ${way.lane}\`.`),
      sender("Ask whoever runs the relayer; any other relayer may carry it meanwhile."),
    ],
  };
}

/** The application was called and could not take it, so that the message stays as it was. */
function applicationFails(life: Life, way: Way): Said | undefined {
  const { failure } = life.facts;
  if (failure === null || failure.leg !== way.table) return undefined;
  const how = failure.reason === null ? "reverts without a reason" : `reverts with ${plain(failure.reason)}`;
  const at = life.facts.timeoutFinalAt ?? life.timeout;
  if (way.leg === "receive")
    return {
      state: "applicationFails",
      sentence: `The packet was brought to ${way.target}, whose application ${how}, so that it is neither received nor refused and stays to be delivered.`,
      next:
        clock(at, life.now) === "never"
          ? "It is tried again now and then."
          : `It is tried again until it times out; ${life.carriesTokens ? "the refund" : "the answer to its sender"} comes ${expected(at, life.now)}.`,
      expectedAt: clock(at, life.now) === "never" ? null : at,
      advice: [
        receiver(
          "Make the contract accept it, or revert with a reason: then it is refused at once instead of at its timeout.",
        ),
        operator(`After a correction, try at once: \`causeway retry ${life.id}\`.`),
        sender("There is nothing to do: it is received, or comes back after its timeout."),
      ],
    };
  return {
    state: "applicationFails",
    sentence: `${begun(life, way.leg)}, but the ${cargo(life, way.leg)} cannot end there, because the application on ${way.target} that sent the packet ${how}.`,
    next: "It is tried again now and then, and has no end of time.",
    expectedAt: null,
    advice: [
      sender("Your contract is called when a packet ends, and fails: correct it, and the next attempt succeeds."),
      operator(`After a correction, try at once: \`causeway retry ${life.id}\`.`),
    ],
  };
}

type StandingError = Omit<Failure, "code"> & { readonly code: string };

/** An error that still stands: the delivery waits with it, or its whole lane rests. */
function standingError(life: Life, { delivery, end }: Way): StandingError | undefined {
  const lane = life.facts.lanes[end];
  if (delivery === undefined) return undefined;
  if (delivery.status === "watched" && delivery.errorCode !== null) {
    // Finality came: it is in turn again.
    if (delivery.errorCode === "NOT_FINAL_YET" && delivery.waitHeight === null) return undefined;
    return {
      code: delivery.errorCode,
      message: delivery.error,
      nextAttemptAt: unixSeconds(delivery.nextAttemptAt),
      attempts: delivery.attempts,
      waitHeight: delivery.waitHeight,
    };
  }
  if (lane === null || lane.errorCode === null || lane.nextAttemptAt <= life.now) return undefined;
  return {
    code: lane.errorCode,
    message: lane.error,
    nextAttemptAt: lane.nextAttemptAt,
    attempts: lane.failuresInARow,
    waitHeight: null,
  };
}

function failed(life: Life, way: Way): Said | undefined {
  const error = standingError(life, way);
  if (error === undefined) return undefined;
  const blocker = CODES_WITH_A_STATE[error.code as keyof typeof CODES_WITH_A_STATE];
  if (blocker !== undefined) return blockedBy(life, way, blocker);
  return failing(life, way, { ...error, code: failureCode(error.code) });
}

/** What the relayer's tables say. */
function atRelayer(life: Life, way: Way, stage: Stage | undefined): Said {
  if (stage === "watch") return expiresSoon(life, way) ?? atStage(life, way, stage);
  if (stage !== undefined) return atStage(life, way, stage);
  return unread(life, way) ?? missed(life, way);
}
