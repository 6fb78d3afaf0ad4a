// The relayer does not know yet what calls for the leg: it has not read that far, or read past it.
import type { Life, Way } from "../life.ts";
import { begun } from "../life.ts";
import { operator, sender } from "../said.ts";
import type { Said } from "../said.ts";
import type { Leg } from "../states.ts";
import { clock } from "../time.ts";

const WAITING_FOR: Readonly<Record<Leg, string>> = {
  receive: "that the packet was sent",
  acknowledge: "the acknowledgement",
  refund: "the refusal",
  timeout: "that the time is over",
};

/** Finality comes at least so often on a healthy chain, and is read at once. */
const SILENT_SECONDS = 900;

/** The chain is further than the relayer has read it. */
export function unread(life: Life, { leg, provenFrom }: Way): Said | undefined {
  const { facts, now, sent, answered, received, timeout } = life;
  const read = facts.read[leg === "receive" ? "source" : "destination"];
  const event = leg === "receive" ? sent : leg === "timeout" ? undefined : (answered ?? received);
  const isBehind =
    read === null ||
    (event !== undefined && BigInt(event.height) > BigInt(read.height)) ||
    (leg === "timeout" && (read.timestamp ?? 0) < timeout);
  if (!isBehind) return undefined;
  const upTo = read === null ? "has read nothing of it yet" : `has read it up to block ${read.height}`;
  if (read !== null && now - read.at > SILENT_SECONDS)
    return {
      state: "relayerStandsStill",
      sentence: `${begun(life, leg)}, but the relayer has read nothing of ${provenFrom} since ${clock(read.at, now)}, and has to hear ${WAITING_FOR[leg]} first.`,
      next: "It goes on once the relayer reads the chain again.",
      expectedAt: null,
      advice: [
        operator(
          `See whether the relayer runs and ${provenFrom} answers it: \`causeway status\`, \`/readyz\`, its log.`,
        ),
        sender("Any other relayer may carry it meanwhile."),
      ],
    };
  return {
    state: "awaitsReading",
    sentence: `${begun(life, leg)}, and the relayer, which ${upTo}, reads on to hear ${WAITING_FOR[leg]}.`,
    next: "The relayer reads the block, and begins to prove it.",
    expectedAt: null,
    advice: [sender("There is nothing to do: that takes seconds.")],
  };
}

/** The relayer read past it, and has nothing to do. */
export function missed(life: Life, { leg, provenFrom, lane }: Way): Said {
  return {
    state: "missed",
    sentence: `${begun(life, leg)}, but the relayer read past that block of ${provenFrom} without hearing ${WAITING_FOR[leg]}.`,
    next: "The relayer finds it by the chains' own state when it clears the lane, about once a minute.",
    expectedAt: null,
    advice: [
      operator(`Do it now: \`causeway lane clear ${lane}\`; an endpoint may be leaving out events.`),
      sender("There is nothing to do: nothing is forgotten for good."),
    ],
  };
}
