// Received on the destination, and not on its way back yet: the application has to answer, and the block with its answer to be final.
import { begun, byAnother, capital, cargo, inTransaction, refusal } from "../life.ts";
import type { Life } from "../life.ts";
import { receiver, sender, operator } from "../said.ts";
import { short } from "../plain.ts";
import type { Said } from "../said.ts";
import { clock, duration, expected } from "../time.ts";

const nothingToDo = sender("There is nothing to do: it goes on by itself.");

export function answerOutstanding({ received, answered, destination, now }: Life): Said | undefined {
  if (received === undefined || answered !== undefined) return undefined;
  return {
    state: "answerOutstanding",
    sentence: `The application on ${destination} took the packet in block ${received.height}, ${clock(received.timestamp, now)}, and has not answered it yet.`,
    next: "The application writes its acknowledgement, which then goes back; the packet can no longer time out.",
    expectedAt: null,
    advice: [
      receiver(
        "Write the acknowledgement from the application that owns the port (`writeAcknowledgement` of the router).",
      ),
      sender("Only the receiving application can go on: ask whoever runs it."),
    ],
  };
}

/** Its answer is in a block that may still be undone. */
export function answerAwaitsFinality(life: Life): Said | undefined {
  const { answered, received, now, destination, timeout, isRefused } = life;
  const event = answered ?? received;
  if (event === undefined || event.final) return undefined;
  const waits = `waits for finality of block ${event.height} of ${destination}${event.finalAt === null ? "" : `, ${expected(event.finalAt, now)}`}`;
  const said = (state: Said["state"], sentence: string, advice: Said["advice"] = [nothingToDo]): Said => ({
    state,
    sentence,
    next: `The ${cargo(life, isRefused ? "refund" : "acknowledge")} is proven to ${life.source} and ends the packet's life there.`,
    expectedAt: event.finalAt,
    advice,
  });
  if (isRefused)
    return said("refusedAwaitsFinality", `${capital(refusal(life))}, and the ${cargo(life, "refund")} ${waits}.`, [
      sender(
        life.carriesTokens
          ? "There is nothing to do: the tokens come back by themselves."
          : "There is nothing to do: the sending application is told.",
      ),
      receiver(
        "If your contract should have accepted it, the words it reverted with are above; this packet cannot be received any more.",
      ),
    ]);
  if (now >= timeout)
    return said(
      "receivedAtTheLastMoment",
      `The packet was received ${duration(timeout - event.timestamp)} before its time was over, so it does not time out, and its acknowledgement ${waits}.`,
    );
  if (byAnother(life))
    return said(
      "deliveredByAnother",
      `Another relayer delivered the packet in ${inTransaction(event)}, and its acknowledgement ${waits}.`,
      [
        nothingToDo,
        operator("Two relayers on one lane cost only attention: what is delivered already is not paid for again."),
      ],
    );
  return said("receivedAwaitsFinality", `${begun(life, "acknowledge")}, and its acknowledgement ${waits}.`);
}

/** The relayer's transaction was included; the chain's event of it is not read, since its block is not final. */
export function answeredUnseen(life: Life): Said | undefined {
  const { facts, received, source, destination } = life;
  const delivered = (...legs: readonly string[]) =>
    facts.deliveries.find(({ leg, status }) => legs.includes(leg) && status === "delivered");
  const back = delivered("acknowledge", "timeout");
  const forth = received === undefined ? delivered("receive") : undefined;
  const said = (state: Said["state"], what: string, chain: string, next: string): Said => ({
    state,
    sentence: `${what}, and waits for finality of that block of ${chain}.`,
    next,
    expectedAt: null,
    advice: [nothingToDo],
  });
  const by = (transaction: string | null): string =>
    transaction === null ? "" : ` in transaction ${short(transaction)}`;
  if (back !== undefined) {
    const what =
      back.leg === "timeout" ? "The packet timed out, and that was proven" : "The packet's acknowledgement was brought";
    return said(
      "settledAwaitsFinality",
      `${what} to ${source}${by(back.transaction)}`,
      source,
      "Once that block is final, nothing can undo it.",
    );
  }
  if (forth === undefined) return undefined;
  return said(
    "receivedAwaitsFinality",
    `The packet was delivered to ${destination}${by(forth.transaction)}`,
    destination,
    `Its acknowledgement is proven to ${source} and ends the packet's life there.`,
  );
}
