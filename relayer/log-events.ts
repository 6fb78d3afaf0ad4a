// Events as log lines: what failed as warnings, what moved as information.
import type { Logger } from "#adapters/logger.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { Listener } from "./events.ts";

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;

export function logEvents(logger: Logger): Listener {
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
      case "gap":
        logger.warn({ stage: "watch", ...fields }, "heights were not indexed");
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
