// Sent, and nobody can prove it yet; or its time is over, and nobody can prove that yet.
import type { Life } from "../life.ts";
import { otherwise } from "../life.ts";
import { plain } from "../plain.ts";
import { operator, sender } from "../said.ts";
import type { Said } from "../said.ts";
import { clock, duration, expected } from "../time.ts";

/** Past an expected moment by so much is late, not imprecise. Seconds. */
const LATE = 60;

export function unrouted(life: Life): Said | undefined {
  const { facts, source, sent } = life;
  if (facts.routed || facts.packet === null) return undefined;
  const { sourceClient, destinationChain } = facts.packet;
  const where = sent === undefined ? "" : ` in block ${sent.height}`;
  return {
    state: "unrouted",
    sentence: `The packet was sent through ${source}/${sourceClient}${where}, and no configured route has this light client, so that ${facts.told === "relayer" ? "this relayer does not carry it" : "whoever has this configuration does not carry it"}.`,
    next: `Another relayer that has the route may deliver it${destinationChain === null ? "" : ` to ${destinationChain}`}${otherwise(life)}.`,
    expectedAt: null,
    advice: [
      operator(
        `To carry it, add a route with { chain: "${source}", client: ${sourceClient} } to \`routes\` in the configuration.`,
      ),
      sender(
        "If you meant another destination, wait for the timeout: what was sent comes back then, once somebody relays it.",
      ),
    ],
  };
}

export function awaitsFinality(life: Life): Said | undefined {
  const { sent, source, now } = life;
  if (sent === undefined || sent.final) return undefined;
  const late = sent.finalAt !== null && now > sent.finalAt + LATE;
  const next = `The packet is proven to ${life.destination} and received there.`;
  if (late)
    return {
      state: "finalityOverdue",
      sentence: `The packet was sent in block ${sent.height} of ${source}, whose finality is overdue by ${duration(now - (sent.finalAt ?? now))}.`,
      next,
      expectedAt: null,
      advice: [
        operator(
          `See whether ${source} finalizes at all (\`causeway status\`), and whether its consensus endpoints answer (\`causeway config check\`).`,
        ),
        sender(`Nothing is lost: it goes on as soon as ${source} finalizes${otherwise(life)}.`),
      ],
    };
  return {
    state: "awaitsFinality",
    sentence: `The packet waits for finality of block ${sent.height} of ${source}${sent.finalAt === null ? ", whose time nobody can tell" : `, ${expected(sent.finalAt, now)}`}.`,
    next,
    expectedAt: sent.finalAt,
    advice: [sender("There is nothing to do: what is not final is never proven.")],
  };
}

/** By this machine's clock its time is over; what counts is the destination's. */
export function timeoutAwaitsClock(life: Life): Said | undefined {
  const { facts, timeout, now, destination, carriesTokens } = life;
  const chain = facts.chains.destination;
  if (chain === null || now < timeout || chain.timestamp >= timeout) return undefined;
  return {
    state: "timeoutAwaitsClock",
    sentence: `The packet's time was over at ${clock(timeout, now)}, but the clock of ${destination} still shows ${clock(chain.timestamp, now)}, and only that one counts.`,
    next: `The next block of ${destination} settles it: received in it, or never.`,
    expectedAt: null,
    advice: [
      sender(
        carriesTokens
          ? "There is nothing to do: it is delivered or given back."
          : "There is nothing to do: it is delivered, or you are told that it was not.",
      ),
      operator(`If this lasts, ${destination} makes no blocks, or its endpoints are behind: see \`causeway status\`.`),
    ],
  };
}

export function timedOutAwaitsFinality(life: Life): Said | undefined {
  const { facts, timeout, now, destination, source, carriesTokens } = life;
  const chain = facts.chains.destination;
  if (chain === null || chain.timestamp < timeout || chain.finalizedTimestamp >= timeout) return undefined;
  const at = facts.timeoutFinalAt;
  return {
    state: "timedOutAwaitsFinality",
    sentence: `The packet timed out on ${destination} at ${clock(timeout, now)}, and waits until ${destination} has finalized a block after that${at === null ? "" : `, ${expected(at, now)}`}.`,
    next: `That it was not received is proven to ${source}, which ${carriesTokens ? "gives the tokens back" : "tells the sending application"}.`,
    expectedAt: at,
    advice: [
      sender(
        carriesTokens
          ? "There is nothing to do: the tokens come back by themselves."
          : "There is nothing to do: the sending application is told.",
      ),
    ],
  };
}

export function destinationUnreadable({ facts, destination, source, sent, id }: Life): Said | undefined {
  const silent = facts.unread.find(({ what, chain }) => what === "chain" && chain === destination);
  if (facts.told === "relayer" || facts.chains.destination !== null || silent === undefined) return undefined;
  return {
    state: "destinationUnreadable",
    sentence: `The packet is final on ${source}${sent === undefined ? "" : ` since block ${sent.height}`}; whether ${destination} has received it is unknown, because it could not be asked (${plain(silent.why)}).`,
    next: null,
    expectedAt: null,
    advice: [
      sender(`Ask a relayer that reads both chains: \`causeway trace ${id} --api <url>\`.`),
      operator(`Check the endpoints of ${destination} with \`causeway config check\`.`),
    ],
  };
}

export function sourceUnreadable({ facts, destination, source, received, id }: Life): Said | undefined {
  const silent = facts.unread.find(({ what, chain }) => what === "chain" && chain === source);
  if (facts.told === "relayer" || facts.chains.source !== null || silent === undefined) return undefined;
  const known =
    received === undefined
      ? "Nothing certain is known of the packet"
      : `The packet was received on ${destination} in block ${received.height}`;
  return {
    state: "sourceUnreadable",
    sentence: `${known}; what ${source} says of it is unknown, because it could not be asked (${plain(silent.why)}).`,
    next: null,
    expectedAt: null,
    advice: [
      sender(`Ask a relayer that reads both chains: \`causeway trace ${id} --api <url>\`.`),
      operator(`Check the endpoints of ${source} with \`causeway config check\`.`),
    ],
  };
}

/** The chains' state says what happened; the events of it, which say more, could not be read. */
export function happenedUnseen({ facts, destination, source, received, id }: Life): Said | undefined {
  const why = facts.unread.find(({ what }) => what === "events")?.why ?? "no endpoint shows them";
  const said = (state: Said["state"], sentence: string): Said => ({
    state,
    sentence: `${sentence}, because the events could not be read (${plain(why)}).`,
    next: null,
    expectedAt: null,
    advice: [
      sender(`Ask a relayer, which keeps the events it has read: \`causeway trace ${id} --api <url>\`.`),
      operator("Add an endpoint that serves the events of older blocks (an archive or an indexed node)."),
    ],
  });
  if (facts.holds.commitment === false)
    return said(
      "settledUnseen",
      `The packet's life is over, since ${source} holds no commitment to it any more; whether it was acknowledged or timed out is unknown`,
    );
  if (facts.holds.receipt !== true || received !== undefined) return undefined;
  return said(
    "receivedUnseen",
    `The packet was received, since ${destination} holds its receipt; what was answered is unknown`,
  );
}
