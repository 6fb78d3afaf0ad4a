// The light client that has to judge the next proof cannot, or soon cannot.
import type { Life, Way } from "../life.ts";
import { begun, cargo, otherwise } from "../life.ts";
import { operator, sender } from "../said.ts";
import type { Said } from "../said.ts";
import type { ClientFacts } from "../facts.ts";
import { plain } from "../plain.ts";
import { clock, duration } from "../time.ts";

const RUNBOOK = "docs/runbooks/recover-light-client.md";

const patience = (life: Life, { leg }: Way) =>
  sender(
    leg === "receive"
      ? `Nothing is lost: it goes on when the light client is usable again${otherwise(life)}.`
      : "Nothing is lost: it goes on when the light client is usable again, however long that takes.",
  );

/** "The packet was received on B, but its acknowledgement cannot go back, because light client A/beacon-0 of B …". */
const because = (life: Life, way: Way, why: string): string => {
  const first = begun(life, way.leg);
  const subject = `light client ${way.lane} of ${way.provenFrom}`;
  const blocked = way.leg === "receive" ? "cannot be received" : `the ${cargo(life, way.leg)} cannot go back`;
  return `${first}, but ${blocked}, because ${subject} ${why}.`;
};

const blocked = (life: Life, way: Way, state: Said["state"], why: string, next: string, advice: string): Said => ({
  state,
  sentence: because(life, way, why),
  next,
  expectedAt: null,
  advice: [operator(advice), patience(life, way)],
});

export type Blocker = "clientFrozen" | "clientExpired" | "clientMissing" | "clientContradicted" | "forkUnknown";

export function blockedBy(life: Life, way: Way, blocker: Blocker): Said {
  const { now } = life;
  const client = life.facts.clients[way.end];
  switch (blocker) {
    case "clientFrozen":
      return blocked(
        life,
        way,
        blocker,
        "is frozen after misbehaviour",
        "An admin replaces the light client after the delay that its chain sets.",
        `Find out which chain misbehaved, then replace it: ${RUNBOOK}, \`causeway client migrate ${way.lane}\`.`,
      );
    case "clientExpired":
      return blocked(
        life,
        way,
        blocker,
        client === null
          ? "is expired"
          : `expired at ${clock(client.expiresAt, now)}, having heard nothing in its trusting period`,
        "An admin replaces the light client after the delay that its chain sets.",
        `Replace it: ${RUNBOOK}, \`causeway client migrate ${way.lane}\`; a running relayer keeps it fresh from then on.`,
      );
    case "clientMissing":
      return blocked(
        life,
        way,
        blocker,
        `does not exist on ${way.target}`,
        "Nothing comes next until the route names a light client that is there.",
        `Correct the route in the configuration, or create the light client with \`causeway client create\`.`,
      );
    case "clientContradicted": {
      const found = life.facts.lanes[way.end]?.contradiction ?? null;
      const what = found === null ? "" : ` at height ${found.height} (${plain(found.what)})`;
      return blocked(
        life,
        way,
        blocker,
        `contradicts its chain${what}`,
        "The lane stands still until an operator resumes it.",
        `Find out who is right: ${RUNBOOK}; then \`causeway client resume ${way.lane} --because "…"\`.`,
      );
    }
    case "forkUnknown": {
      const name = client?.unknownFork?.name;
      return blocked(
        life,
        way,
        blocker,
        `does not know ${name === undefined ? "a fork" : `fork ${plain(name)}`} that ${way.provenFrom} has gone through`,
        "An admin tells the light client of the fork; then it goes on by itself.",
        `Tell it: \`causeway client add-fork ${way.lane}\`, see docs/runbooks/pass-a-fork.md.`,
      );
    }
  }
}

export function unusable(life: Life, way: Way): Said | undefined {
  const client = life.facts.clients[way.end];
  if ((life.facts.lanes[way.end]?.contradiction ?? null) !== null) return blockedBy(life, way, "clientContradicted");
  if (client === null) return undefined;
  if (client.status === "missing") return blockedBy(life, way, "clientMissing");
  if (client.status === "frozen") return blockedBy(life, way, "clientFrozen");
  if (client.status === "expired") return blockedBy(life, way, "clientExpired");
  return client.unknownFork?.hasBegun === true ? blockedBy(life, way, "forkUnknown") : undefined;
}

/** A relayer refreshes at half of the time: less than a quarter left means that nobody does. */
const isShort = ({ status, expiresAt, timestamp }: ClientFacts, now: number): boolean =>
  status === "active" && expiresAt > now && (expiresAt - now) * 4 < expiresAt - timestamp;

export function expiresSoon(life: Life, way: Way): Said | undefined {
  const client = life.facts.clients[way.end];
  if (client === null || !isShort(client, life.now)) return undefined;
  const left = duration(client.expiresAt - life.now);
  return {
    state: "clientExpiresSoon",
    sentence: `${begun(life, way.leg)}, and light client ${way.lane}, which has to judge its next proof, is ${left} from expiry (${clock(client.expiresAt, life.now)}).`,
    next: "The next delivery or update renews it; once it is expired nothing passes until an admin replaces it.",
    expectedAt: null,
    advice: [
      operator(`Update it now: \`causeway client update ${way.lane}\`, and see that a relayer runs.`),
      patience(life, way),
    ],
  };
}

/** What is not urgent enough to be the sentence. */
export function warnings(life: Life): readonly string[] {
  const { source, destination } = life.facts.clients;
  return [source, destination].flatMap((client) => {
    if (client === null) return [];
    const name = `${client.chain}/${client.client}`;
    const fork = client.unknownFork;
    return [
      ...(isShort(client, life.now)
        ? [
            `Light client ${name} is ${duration(client.expiresAt - life.now)} from expiry: \`causeway client update ${name}\`.`,
          ]
        : []),
      ...(fork !== null && !fork.hasBegun
        ? [
            `Light client ${name} does not know fork ${plain(fork.name)}, which begins ${clock(fork.beginsAt, life.now)}: \`causeway client add-fork ${name}\`.`,
          ]
        : []),
    ];
  });
}
