// The ends of a packet's life: the source settled it.
import { begun, byAnother, capital, refusal } from "../life.ts";
import type { Life } from "../life.ts";
import { operator, receiver, sender } from "../said.ts";
import type { Said } from "../said.ts";
import { clock, duration, expected } from "../time.ts";

export function settled(life: Life): Said | undefined {
  const { settled: event, now, source, sent } = life;
  if (event === undefined) return undefined;
  const end = event.kind === "timedOut" ? timedOut(life) : life.isRefused ? refused(life) : acknowledged(life);
  const where = `${end.sentence} in block ${event.height} of ${source}`;
  if (event.final) {
    const took = sent === undefined ? "" : `, ${duration(event.timestamp - sent.timestamp)} after it was sent`;
    const sentence = `${where} at ${clock(event.timestamp, now)}${took}.`;
    return { ...end, sentence, next: null, expectedAt: null };
  }
  return {
    state: "settledAwaitsFinality",
    sentence: `${where}, which is not final yet.`,
    next:
      event.finalAt === null
        ? "Once that block is final, nothing can undo it."
        : `The block becomes final ${expected(event.finalAt, now)}, and nothing can undo it then.`,
    expectedAt: event.finalAt,
    advice: [sender("There is nothing to do: wait for finality before you rely on it.")],
  };
}

function acknowledged(life: Life): Pick<Said, "state" | "sentence" | "advice"> {
  const { destination, settled: event } = life;
  const isForeign = byAnother(life);
  const who = isForeign ? `was delivered to ${destination} by another relayer` : `was received on ${destination}`;
  const back =
    event?.byUs === false && !isForeign
      ? ", and another relayer brought its acknowledgement back"
      : ", and its acknowledgement came back";
  return {
    state: "acknowledged",
    sentence: `The packet ${who}${back}`,
    advice: [sender(`There is nothing left to do; its evidence is in \`causeway audit export ${life.id}\`.`)],
  };
}

function refused(life: Life): Pick<Said, "state" | "sentence" | "advice"> {
  const { carriesTokens, source } = life;
  return {
    state: carriesTokens ? "refusedRefunded" : "refusedTold",
    sentence: carriesTokens
      ? `${capital(refusal(life))}, and the tokens were given back to their sender`
      : `${capital(refusal(life))}, and the sending application was told`,
    advice: [
      sender(
        carriesTokens
          ? `The tokens are back with the account that sent them on ${source}: correct what was refused, and send again.`
          : "Correct what was refused, and send again.",
      ),
      receiver("A reason you did not intend is in your contract: the sentence above has its words."),
    ],
  };
}

function timedOut(life: Life): Pick<Said, "state" | "sentence" | "advice"> {
  const { carriesTokens, source } = life;
  return {
    state: carriesTokens ? "timedOutRefunded" : "timedOutTold",
    sentence: carriesTokens
      ? `${begun(life, "timeout")}, and the tokens were given back to their sender`
      : `${begun(life, "timeout")}, and the sending application was told`,
    advice: [
      sender(
        carriesTokens
          ? `The tokens are back with the account that sent them on ${source}: send again, with more time if it was short.`
          : "Send again, with more time if it was short.",
      ),
      operator("If it should have been delivered in time, see what held the lane up with `causeway status`."),
    ],
  };
}
