// The six stages of each leg, as the relayer's row of it says.
import type { Advice } from "../explanation.ts";
import type { Life, Way } from "../life.ts";
import { begun, cargo } from "../life.ts";
import { operator, sender } from "../said.ts";
import type { Said } from "../said.ts";
import type { Leg, Stage } from "../states.ts";
import { duration, expected, unixSeconds } from "../time.ts";

/** What ends a leg, after "then". */
export const outcome: Readonly<Record<Leg, (life: Life, way: Way) => string>> = {
  receive: (_, { target }) => `${target} receives it and answers`,
  acknowledge: (_, { target }) => `${target} takes the acknowledgement, and the packet's life ends`,
  refund: ({ carriesTokens }, { target }) =>
    carriesTokens ? `${target} gives the tokens back to their sender` : `${target} tells the sending application`,
  timeout: ({ carriesTokens }, { target }) =>
    carriesTokens ? `${target} gives the tokens back to their sender` : `${target} tells the sending application`,
};

const WHAT_IS_PROVEN: Readonly<Record<Leg, (way: Way) => string>> = {
  receive: ({ provenFrom }) => `that ${provenFrom} committed to it`,
  acknowledge: ({ provenFrom }) => `that ${provenFrom} acknowledged it`,
  refund: ({ provenFrom }) => `that ${provenFrom} refused it`,
  timeout: ({ provenFrom }) => `that ${provenFrom} never received it`,
};

const stageSentence: Readonly<Record<Stage, (way: Way, what: string) => string>> = {
  watch: ({ lane }, what) => `and ${what} is next in turn on lane ${lane}`,
  prove: (way) => `and the relayer is building the proof ${WHAT_IS_PROVEN[way.leg](way)}`,
  queue: (way) => `and the proof ${WHAT_IS_PROVEN[way.leg](way)} is built and waits for a free worker`,
  verify: ({ target, leg }) =>
    `and the relayer is checking the ${leg === "timeout" ? "proof of absence" : "proof"} as ${target} will, before it signs anything`,
  submit: ({ target }, what) => `the proof holds, and the transaction that brings ${what} to ${target} is on its way`,
  log: ({ target }, what) =>
    `${target} has answered the transaction that brought ${what}, and the relayer is writing that into its proof log`,
};

export function atStage(life: Life, way: Way, stage: Stage): Said {
  const { leg, delivery, end } = way;
  const { now } = life;
  const what = leg === "receive" ? "it" : `the ${cargo(life, leg)}`;
  const attempts = delivery?.attempts ?? 0;
  const again = attempts === 0 ? "" : `, after ${attempts} failed ${attempts === 1 ? "attempt" : "attempts"}`;
  const median = life.facts.lanes[end]?.medianSeconds ?? null;
  const at = delivery === undefined || median === null ? null : unixSeconds(delivery.watchedAt) + median;
  const expectedAt = at !== null && at > now ? at : null;
  const usual = expectedAt === null ? "" : `, usually ${expected(expectedAt, now)}`;
  return {
    state: `${leg}:${stage}`,
    sentence: `${begun(life, leg)}, ${stageSentence[stage](way, what)}${again}.`,
    next: `Then ${outcome[leg](life, way)}${usual}.`,
    expectedAt,
    advice: [sender("There is nothing to do: the relayer is at it."), ...late(life, way, stage)],
  };
}

/** No stage takes so long on a healthy chain. */
const LONG_SECONDS = 600;

function late({ now }: Life, { delivery, lane }: Way, stage: Stage): Advice[] {
  if (delivery === undefined) return [];
  const since = {
    watch: delivery.watchedAt,
    prove: delivery.provingAt,
    queue: delivery.queuedAt,
    verify: delivery.verifyingAt,
    submit: delivery.submittingAt,
    log: delivery.loggingAt,
  }[stage];
  const seconds = since === null ? 0 : now - unixSeconds(since);
  if (seconds < LONG_SECONDS) return [];
  return [
    operator(
      `It has been at this stage for ${duration(seconds)}, which is long: see \`causeway status\` and the relayer's log about lane ${lane}.`,
    ),
  ];
}
