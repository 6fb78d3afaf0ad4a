// Nothing was found that is a packet: because there is none, because nobody could be asked, or because the transaction carries none.
import type { TraceFacts } from "../facts.ts";
import { plain, short } from "../plain.ts";
import { operator, sender } from "../said.ts";
import type { Said } from "../said.ts";
import { clock } from "../time.ts";

/** Who was asked, and how they say no. */
const nobodyKnows = (count: number, id: string): string => {
  if (count === 0) return `The relayer's tables do not have ${id}, and no chain was asked about it.`;
  const who = count === 1 ? "The one chain asked does not know" : `None of ${count} chains asked knows`;
  return `${who} ${id}: no packet, message or transaction there has this id.`;
};

export function notAPacket(facts: TraceFacts): Said {
  const { id, transaction, unread, asked } = facts;
  if (transaction !== null) return ofTransaction(transaction, facts.now);
  const shown = short(id);
  const silent = unread.filter(({ what }) => what === "chain");
  const [first] = silent;
  if (first !== undefined)
    return {
      state: "chainsUnreadable",
      sentence: `Whether ${shown} exists is unknown, because ${first.chain ?? "a chain"} could not be asked (${plain(first.why)})${silent.length > 1 ? `, nor ${silent.length - 1} more` : ""}.`,
      next: null,
      expectedAt: null,
      advice: [
        sender("Ask again in a minute, or ask another relayer with `causeway trace <id> --api <url>`."),
        operator("See which endpoint fails with `causeway config check`, and add another one for that chain."),
      ],
    };
  const cut = unread.find(({ what }) => what === "history");
  if (cut !== undefined)
    return {
      state: "searchEndedEarly",
      sentence: `${shown} was not found before the search had to end (${plain(cut.why)}), so older packets were not looked at.`,
      next: null,
      expectedAt: null,
      advice: [
        sender(
          "Give the packet's id (chain/client/sequence) or its transaction, which are found at once however old they are.",
        ),
      ],
    };
  return {
    state: "notFound",
    sentence: nobodyKnows(asked.length, shown),
    next: null,
    expectedAt: null,
    advice: [
      sender(
        "Check that the transaction was sent, and to which chain; one of seconds ago may not have spread to every node yet.",
      ),
      operator("A packet of another chain is found once that chain is in the configuration."),
    ],
  };
}

function ofTransaction(
  { id, chain, status, height, timestamp, foreignClient }: NonNullable<TraceFacts["transaction"]>,
  now: number,
): Said {
  const name = `Transaction ${short(id)}`;
  const at = height === null ? "" : ` in block ${height}${timestamp === null ? "" : `, ${clock(timestamp, now)}`}`;
  switch (status) {
    case "waiting":
      return {
        state: "transactionWaiting",
        sentence: `${name} is known to ${chain} and in no block yet, so that no packet was sent so far.`,
        next: "A block includes it, which sends its packet.",
        expectedAt: null,
        advice: [
          sender(
            "If it stays so, its fee is too low or an earlier transaction of the same account is missing: replace it with a higher fee.",
          ),
        ],
      };
    case "reverted":
      return {
        state: "transactionReverted",
        sentence: `${name} was included on ${chain}${at} and reverted, so that it sent or delivered nothing.`,
        next: null,
        expectedAt: null,
        advice: [sender("Nothing was taken but the fee: find out why it reverted, and send again.")],
      };
    case "included":
      return {
        state: "transactionWithoutPacket",
        sentence:
          foreignClient === null
            ? `${name} is included on ${chain}${at}, and no packet of the configured router is in it.`
            : `${name} is included on ${chain}${at}, and what is in it came through light client ${chain}/${plain(foreignClient)}, which no configured route has.`,
        next: null,
        expectedAt: null,
        advice: [
          sender("Give the transaction that sent the packet, or the one that delivered it."),
          operator(
            "If it does send a packet, it was by another router than the configured one: compare `router` in the configuration.",
          ),
        ],
      };
  }
}
