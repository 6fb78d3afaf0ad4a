// The chains alone: they say what may be done now, and not whether a relayer is at it.
import type { Life, Way } from "../life.ts";
import { begun, cargo, otherwise } from "../life.ts";
import { operator, sender } from "../said.ts";
import type { Said } from "../said.ts";
import { expiresSoon } from "./light-client.ts";
import { outcome } from "./stages.ts";

export function untold(life: Life, way: Way): Said {
  const { leg, lane, provenFrom, target } = way;
  const soon = expiresSoon(life, way);
  if (soon !== undefined) return soon;
  const client = life.facts.clients[way.end];
  const event = leg === "receive" ? life.sent : leg === "timeout" ? undefined : (life.answered ?? life.received);
  const behind =
    client !== null && event !== undefined && BigInt(client.height) < BigInt(event.height)
      ? `, bringing light client ${lane} from block ${client.height} to at least ${event.height}`
      : "";
  return {
    state: `${leg}:anyRelayer`,
    sentence: `${begun(life, leg)}, and any relayer can bring ${leg === "receive" ? "it" : `the ${cargo(life, leg)}`} to ${target} now${behind}.`,
    next: `Then ${outcome[leg](life, way)}${leg === "receive" ? otherwise(life) : ""}.`,
    expectedAt: null,
    advice: [
      sender(`The chains do not say what relayers do: ask one with \`causeway trace ${life.id} --api <url>\`.`),
      operator(
        `If your relayer carries this lane, see that it runs (\`causeway status\`); it needs a route between ${provenFrom} and ${target}.`,
      ),
    ],
  };
}
