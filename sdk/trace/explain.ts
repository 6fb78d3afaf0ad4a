// Says of a packet where it stands, why, what comes next, when, and who can do what about it: the first rule that fits.
import type { Advice, Explanation } from "./explanation.ts";
import type { TraceFacts } from "./facts.ts";
import { lifeOf } from "./life.ts";
import type { Life } from "./life.ts";
import { settled } from "./rules/ends.ts";
import { warnings } from "./rules/light-client.ts";
import { plain } from "./plain.ts";
import { legRules } from "./rules/leg.ts";
import { notAPacket } from "./rules/not-a-packet.ts";
import {
  awaitsFinality,
  destinationUnreadable,
  happenedUnseen,
  sourceUnreadable,
  timedOutAwaitsFinality,
  timeoutAwaitsClock,
  unrouted,
} from "./rules/on-the-source.ts";
import { answerAwaitsFinality, answeredUnseen, answerOutstanding } from "./rules/received.ts";
import { operator } from "./said.ts";
import type { Said } from "./said.ts";
import { states } from "./states.ts";
import { timelineOf } from "./timeline.ts";

/** Pure: the same facts give the same words. */
export function explain(facts: TraceFacts): Explanation {
  const { packet } = facts;
  if (packet === null) return explanation(notAPacket(facts), []);
  const life = lifeOf({ ...facts, packet });
  const said = rules(life);
  const standing = states.get(said.state);
  const isOpen = standing === "underway" || standing === "held";
  const advice = [
    ...said.advice,
    ...silent(facts),
    ...(isOpen && said.state !== "clientExpiresSoon" ? warnings(life).map(operator) : []),
  ];
  return explanation({ ...said, advice }, timelineOf(life, said));
}

/** A relayer still tells what it knew. */
const silent = ({ told, unread }: TraceFacts): Advice[] =>
  unread
    .filter(({ what }) => told === "relayer" && what === "chain")
    .map(({ chain, why }) =>
      operator(
        `${chain ?? "A chain"} could not be asked just now (${plain(why)}): this is what the relayer had read before.`,
      ),
    );

function rules(life: Life): Said {
  return (
    settled(life) ??
    unrouted(life) ??
    answeredUnseen(life) ??
    happenedUnseen(life) ??
    (life.received === undefined ? notReceived(life) : afterReceipt(life))
  );
}

const notReceived = (life: Life): Said =>
  (life.sent === undefined ? sourceUnreadable(life) : undefined) ??
  timeoutAwaitsClock(life) ??
  timedOutAwaitsFinality(life) ??
  (life.isOver ? legRules(life, "timeout") : undefined) ??
  awaitsFinality(life) ??
  destinationUnreadable(life) ??
  legRules(life, "receive");

const afterReceipt = (life: Life): Said =>
  answerOutstanding(life) ??
  answerAwaitsFinality(life) ??
  sourceUnreadable(life) ??
  legRules(life, life.isRefused ? "refund" : "acknowledge");

const explanation = (said: Said, timeline: Explanation["timeline"]): Explanation => ({
  state: said.state,
  standing: states.get(said.state) ?? "unknown",
  sentence: said.sentence,
  next: said.next,
  expectedAt: said.expectedAt,
  advice: said.advice,
  timeline,
});
