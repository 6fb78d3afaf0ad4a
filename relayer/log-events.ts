// Events as log lines: what failed as warnings, what moved as information.
import type { Logger } from "#adapters/logger.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { errorCodes } from "#adapters/protocol/error-codes.ts";
import type { Listener, RelayEvent } from "./events.ts";

const RUNBOOK = errorCodes.CLIENT_CONTRADICTED.hint;

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;

const REPEAT_MS = 86_400_000;

/** A fork that a light client does not know is told when it is found, when it begins, and once a day. */
function forkTeller(logger: Logger): (event: Extract<RelayEvent, { type: "forks" }>) => void {
  const told = new Map<string, number>();
  return ({ lane, ahead }) => {
    for (const { name, problem, hint } of ahead) {
      const key = `${lane} ${problem}`;
      if (Date.now() - (told.get(key) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) continue;
      told.set(key, Date.now());
      logger.warn({ lane, fork: name, hint }, problem);
    }
  };
}

export function logEvents(logger: Logger): Listener {
  const tellForks = forkTeller(logger);
  return (event) => {
    const { type, ...fields } = event;
    switch (event.type) {
      case "failed": {
        const { error, stage, where, code } = event;
        const detail = isCausewayError(error)
          ? { hint: error.hint, ...error.context }
          : { stack: error instanceof Error ? error.stack : undefined };
        logger.warn({ stage, where, code, ...detail }, error instanceof Error ? error.message : String(error));
        return;
      }
      case "contradicted":
        logger.error(
          { ...fields, hint: RUNBOOK },
          `ALARM: ${event.lane} contradicts its chain at height ${event.height}; nothing is delivered over it any more`,
        );
        return;
      case "frozen":
        logger.error(
          { ...fields, hint: RUNBOOK },
          event.transaction === undefined
            ? `ALARM: ${event.lane} was frozen by somebody else's report`
            : `ALARM: ${event.lane} was frozen by our report of misbehaviour`,
        );
        return;
      case "unreported":
        logger.error(
          { ...fields, hint: RUNBOOK },
          `ALARM: ${event.lane} contradicts its chain and could not be frozen; it is tried again`,
        );
        return;
      case "uncompared":
        logger.warn(fields, "what the light client believes could not be compared everywhere");
        return;
      case "gap":
        logger.warn({ stage: "watch", ...fields }, "heights were not indexed");
        return;
      case "forks":
        tellForks(event);
        return;
      case "verified":
        if (event.verdict.ok)
          logger.info(
            { stage: "verify", lane: event.lane, batch: event.batch, seconds: round(event.seconds) },
            "verified",
          );
        else
          logger.warn({ stage: "verify", lane: event.lane, batch: event.batch, ...event.verdict }, "evidence refused");
        return;
      case "lease":
        logger.info(
          { chain: event.chain },
          event.held ? "working for the chain" : "not working for the chain any more",
        );
        return;
      case "watched":
        if (event.events > 0) logger.info({ stage: "watch", ...fields }, "watched");
        return;
      case "proved":
        logger.info({ stage: "prove", ...fields, seconds: round(event.seconds) }, "proved");
        return;
      case "submitted":
        logger.info({ stage: "submit", ...fields, seconds: round(event.seconds) }, "submitted");
        return;
      case "cleared":
        if (event.reopened > 0) logger.warn(fields, "lost work was found again");
        return;
      default:
        logger.debug(fields, type);
    }
  };
}
