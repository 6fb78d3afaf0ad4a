// One packet for every state, made as it comes about, with words its sentence has to contain.
import { CODES_WITH_A_STATE, failureCodes, LEGS, STAGES } from "#sdk/trace/states.ts";
import type { FailureCode, Leg, State } from "#sdk/trace/states.ts";
import type { TraceFacts } from "#sdk/trace/facts.ts";
import {
  alone,
  client,
  delivery,
  event,
  iso,
  lane,
  message,
  NOON,
  notFinal,
  nothing,
  onLeg,
  REFUSED,
  sample,
} from "./sample-facts.ts";

export interface Case {
  readonly state: State;
  readonly name: string;
  readonly facts: TraceFacts;
  /** In the sentence. */
  readonly says: readonly string[];
  /** In what comes next. */
  readonly next?: readonly string[];
  readonly expectedAt?: number | null;
}

const endOf = (leg: Leg) => (leg === "receive" ? "destination" : "source");
const laneOf = (leg: Leg) => (leg === "receive" ? "fake:b/fake-client-1" : "fake:a/fake-client-0");
const begins: Readonly<Record<Leg, string>> = {
  receive: "is final on fake:a",
  acknowledge: "was received on fake:b",
  refund: 'reverted with ReceiverNotAllowed("0x03")',
  timeout: "timed out on fake:b at 11:59:00 UTC without being received",
};
const rowStatus = {
  watch: "watched",
  prove: "proving",
  queue: "queued",
  verify: "verifying",
  submit: "submitting",
  log: "logging",
} as const;
const stageWords = {
  watch: "next in turn",
  prove: "building the proof",
  queue: "waits for a free worker",
  verify: "before it signs",
  submit: "on its way",
  log: "proof log",
} as const;

const stageCases: Case[] = LEGS.flatMap((leg) =>
  STAGES.map((stage): Case => ({
    state: `${leg}:${stage}`,
    name: `the ${stage} stage of ${leg}`,
    facts: sample(onLeg[leg](rowStatus[stage])),
    says: [begins[leg], stageWords[stage]],
    next: ["in about 20 s (12:00:20 UTC)"],
    expectedAt: NOON + 20,
  })),
);

const nobodyTells: Case[] = LEGS.map((leg) => ({
  state: `${leg}:anyRelayer`,
  name: `${leg}, by the chains alone`,
  facts: alone({ ...onLeg[leg](), deliveries: [] }),
  says: [begins[leg], "any relayer can bring"],
}));

const withLane = (leg: Leg, change: Parameters<typeof lane>[1]) => ({
  lanes: { source: lane("source"), destination: lane("destination"), [endOf(leg)]: lane(endOf(leg), change) },
});
const withClient = (leg: Leg, change: Parameters<typeof client>[1]) => ({
  clients: { source: client("source"), destination: client("destination"), [endOf(leg)]: client(endOf(leg), change) },
});

const blocked: Case[] = LEGS.flatMap((leg): Case[] => {
  const facts = (change: Partial<TraceFacts>) => sample({ ...onLeg[leg](), ...change });
  const says = [begins[leg], laneOf(leg)];
  const ofCode = Object.entries(CODES_WITH_A_STATE).map(([code, state]): Case => ({
    state,
    name: `${code} on ${leg}`,
    facts: sample(
      onLeg[leg]("watched", { attempts: 2, errorCode: code, error: "it says so", nextAttemptAt: iso(NOON + 75) }),
    ),
    says,
  }));
  return [
    {
      state: "lanePaused",
      name: `a paused lane on ${leg}`,
      facts: facts(withLane(leg, { paused: { at: NOON - 600, by: "alice", because: "key rotation." } })),
      says: [...says, "11:50:00 UTC by alice (key rotation)"],
    },
    {
      state: "clientFrozen",
      name: `a frozen light client on ${leg}`,
      facts: facts(withClient(leg, { status: "frozen" })),
      says: [...says, "frozen after misbehaviour"],
    },
    {
      state: "clientFrozen",
      name: `a frozen light client on ${leg}, by the chains alone`,
      facts: alone({ ...onLeg[leg](), deliveries: [], ...withClient(leg, { status: "frozen" }) }),
      says,
    },
    {
      state: "clientExpired",
      name: `an expired light client on ${leg}`,
      facts: facts(withClient(leg, { status: "expired", expiresAt: NOON - 3_600 })),
      says: [...says, "expired at 11:00:00 UTC"],
    },
    {
      state: "clientMissing",
      name: `a missing light client on ${leg}`,
      facts: facts(withClient(leg, { status: "missing" })),
      says: [...says, "does not exist"],
    },
    {
      state: "clientContradicted",
      name: `a contradicting light client on ${leg}`,
      facts: facts(
        withLane(leg, { contradiction: { height: "811", what: "it believes another root", frozen: false } }),
      ),
      says: [...says, "contradicts its chain at height 811 (it believes another root)"],
    },
    {
      state: "forkUnknown",
      name: `an unknown fork on ${leg}`,
      facts: facts(withClient(leg, { unknownFork: { name: "heze", beginsAt: NOON - 60, hasBegun: true } })),
      says: [...says, "does not know fork heze"],
    },
    {
      state: "clientExpiresSoon",
      name: `a light client near expiry on ${leg}`,
      facts: facts(withClient(leg, { timestamp: NOON - 100_000, expiresAt: NOON + 10_800 })),
      says: [...says, "3 h from expiry (15:00:00 UTC)"],
    },
    {
      state: "clientExpiresSoon",
      name: `a light client near expiry on ${leg}, by the chains alone`,
      facts: alone({
        ...onLeg[leg](),
        deliveries: [],
        ...withClient(leg, { timestamp: NOON - 100_000, expiresAt: NOON + 10_800 }),
      }),
      says,
    },
    ...ofCode,
  ];
});

const failureWords: Readonly<Record<FailureCode, string>> = {
  INVALID_CONFIG: "the configuration does not fit",
  INVALID_ARGUMENT: "does not belong to this message",
  MISSING_SECRET: "cannot read its key",
  WRONG_CHAIN_ID: "serves another chain",
  RPC_UNREACHABLE: "answers the relayer",
  RPC_BAD_ANSWER: "contradict themselves",
  RPC_STALE: "are behind their chain",
  NOT_FINAL_YET: "waits for signed evidence that block 880 of",
  CLIENT_BEHIND: "brought nearer first",
  CONTRACT_MISSING: "there is no contract",
  EVIDENCE_REFUSED: "refused the proof, so that nothing was signed",
  VERIFIER_FAILED: "ended before it had judged the proof",
  NOT_AUTHORIZED: "may not do this",
  INSUFFICIENT_FUNDS: "cannot pay",
  FEE_ABOVE_CAP: "above what the relayer may pay",
  TRANSACTION_REVERTED: "refused the transaction",
  TRANSACTION_STUCK: "in no block",
  STORE_UNAVAILABLE: "database did not answer",
  QUEUE_UNAVAILABLE: "queue did not answer",
  LOG_INCONSISTENT: "does not match its own tree",
  UNSUPPORTED: "cannot work with light client",
  CANCELLED: "was stopped",
  UNEXPECTED: "has no name for",
};

const failing: Case[] = LEGS.flatMap((leg) =>
  failureCodes.flatMap((code): Case[] => {
    const waitHeight = code === "NOT_FINAL_YET" ? "880" : null;
    const error = { errorCode: code, error: "told.  So\u001b[31m!", nextAttemptAt: iso(NOON + 75) };
    const says = [begins[leg], failureWords[code]];
    return [
      {
        state: `failing:${code}`,
        name: `${code} of a delivery on ${leg}`,
        facts: sample(onLeg[leg]("watched", { ...error, attempts: 2, waitHeight })),
        says,
        next: code === "NOT_FINAL_YET" ? ["block 880"] : ["in about 75 s (12:01:15 UTC)"],
      },
      ...(code === "NOT_FINAL_YET"
        ? []
        : [
            {
              state: `failing:${code}` as const,
              name: `${code} of a lane on ${leg}`,
              facts: sample({
                ...onLeg[leg]("submitting"),
                ...withLane(leg, { errorCode: code, error: "told", failuresInARow: 3, nextAttemptAt: NOON + 75 }),
              }),
              says: [...says, "for the 3rd time in a row"],
            },
          ]),
    ];
  }),
);

const sent = (change: Partial<TraceFacts>) => sample({ deliveries: [], ...change });
const unreadChain = (chain: string) => [
  { chain, what: "chain" as const, why: "RPC_UNREACHABLE: anvil cannot be reached" },
];
const withTimeout = (timeout: number): TraceFacts["packet"] => {
  const { packet } = sample();
  return packet && { ...packet, timeoutTimestamp: String(timeout) };
};
const asMessage = (): TraceFacts["packet"] => {
  const { packet } = sample();
  return packet && { ...packet, payloads: [message] };
};
const destinationAt = (timestamp: number, finalizedTimestamp: number): TraceFacts["chains"] => {
  const { source, destination } = sample().chains;
  return { source, destination: destination && { ...destination, timestamp, finalizedTimestamp } };
};
const read = (source: { height: string; at?: number }): TraceFacts["read"] => ({
  source: { height: source.height, timestamp: NOON - 400, at: source.at ?? NOON - 1 },
  destination: sample().read.destination,
});

const others: Case[] = [
  { state: "notFound", name: "nothing anywhere", facts: nothing(), says: ["None of 2 chains asked knows"] },
  {
    state: "notFound",
    name: "nothing in the tables alone",
    facts: nothing({ told: "relayer", asked: [] }),
    says: ["tables do not have", "no chain was asked"],
  },
  {
    state: "chainsUnreadable",
    name: "nothing where it could be asked",
    facts: nothing({ unread: unreadChain("fake:b") }),
    says: ["is unknown, because fake:b could not be asked", "anvil cannot be reached"],
  },
  {
    state: "searchEndedEarly",
    name: "a search that had to end",
    facts: nothing({ unread: [{ chain: "fake:a", what: "history", why: "10 s were over at block 400" }] }),
    says: ["before the search had to end (10 s were over at block 400)"],
  },
  {
    state: "transactionWaiting",
    name: "a transaction in no block",
    facts: nothing({
      transaction: {
        id: "0xab",
        chain: "fake:a",
        status: "waiting",
        height: null,
        timestamp: null,
        foreignClient: null,
      },
    }),
    says: ["in no block yet"],
  },
  {
    state: "transactionReverted",
    name: "a transaction that reverted",
    facts: nothing({
      transaction: {
        id: "0xab",
        chain: "fake:a",
        status: "reverted",
        height: "9",
        timestamp: NOON - 5,
        foreignClient: null,
      },
    }),
    says: ["reverted", "block 9"],
  },
  {
    state: "transactionWithoutPacket",
    name: "a transaction with something else",
    facts: nothing({
      transaction: {
        id: "0xab",
        chain: "fake:a",
        status: "included",
        height: "9",
        timestamp: NOON - 5,
        foreignClient: null,
      },
    }),
    says: ["no packet of the configured router"],
  },

  {
    state: "awaitsFinality",
    name: "sent, not final",
    facts: sent({ events: [event("sent", notFinal)] }),
    says: ["waits for finality of block 812 of fake:a, in about 40 s (12:00:40 UTC)"],
    expectedAt: NOON + 40,
  },
  {
    state: "finalityOverdue",
    name: "sent, and finality is late",
    facts: sent({ events: [event("sent", { ...notFinal, finalAt: NOON - 300 })] }),
    says: ["overdue by 5 min", "block 812"],
  },
  {
    state: "unrouted",
    name: "a packet of no route",
    facts: sent({
      routed: false,
      packet: withTimeout(NOON + 60) && {
        ...(withTimeout(NOON + 60) as NonNullable<TraceFacts["packet"]>),
        destinationChain: null,
      },
    }),
    says: ["no configured route has this light client", "fake:a/fake-client-0"],
  },
  {
    state: "awaitsReading",
    name: "final, not read",
    facts: sent({ read: read({ height: "811" }) }),
    says: ["has read it up to block 811"],
  },
  {
    state: "awaitsReading",
    name: "final, and the relayer has read nothing",
    facts: sent({ read: { source: null, destination: null } }),
    says: ["has read nothing of it yet"],
  },
  {
    state: "relayerStandsStill",
    name: "final, and the relayer reads no more",
    facts: sent({ read: read({ height: "811", at: NOON - 3_600 }) }),
    says: ["nothing of fake:a since 11:00:00 UTC"],
  },
  { state: "missed", name: "final, and read past", facts: sent({}), says: ["read past that block of fake:a"] },
  {
    state: "destinationUnreadable",
    name: "the destination cannot be asked",
    facts: alone({ chains: { ...sample().chains, destination: null }, unread: unreadChain("fake:b") }),
    says: ["whether fake:b has received it is unknown"],
  },
  {
    state: "sourceUnreadable",
    name: "received, and the source cannot be asked",
    facts: alone({
      events: [event("acknowledgementWritten")],
      acknowledgements: ["01"],
      chains: { ...sample().chains, source: null },
      unread: unreadChain("fake:a"),
    }),
    says: ["was received on fake:b in block 950", "unknown"],
  },
  {
    state: "sourceUnreadable",
    name: "nothing known, and the source cannot be asked",
    facts: alone({ events: [], chains: { ...sample().chains, source: null }, unread: unreadChain("fake:a") }),
    says: ["Nothing certain", "unknown"],
  },

  {
    state: "receivedUnseen",
    name: "a receipt without an event",
    facts: alone({
      holds: { receipt: true, commitment: true },
      unread: [{ chain: "fake:b", what: "events", why: "pruned" }],
    }),
    says: ["fake:b holds its receipt", "unknown", "(pruned)"],
  },
  {
    state: "settledUnseen",
    name: "no commitment and no event",
    facts: alone({ holds: { receipt: true, commitment: false } }),
    says: ["fake:a holds no commitment", "unknown"],
  },
  {
    state: "transactionWithoutPacket",
    name: "a transaction of a light client without a route",
    facts: nothing({
      transaction: {
        id: "0xab",
        chain: "fake:a",
        status: "included",
        height: "9",
        timestamp: NOON,
        foreignClient: "other-7",
      },
    }),
    says: ["light client fake:a/other-7, which no configured route has"],
  },

  {
    state: "applicationFails",
    name: "a receiver that reverts without a reason",
    facts: sample({ ...onLeg.receive(), failure: { leg: "receive", reason: null } }),
    says: ["reverts without a reason", "stays to be delivered"],
    next: ["the refund comes in about 61 min (13:01:00 UTC)"],
  },
  {
    state: "applicationFails",
    name: "a sender's contract that cannot take the acknowledgement",
    facts: sample({ ...onLeg.acknowledge(), failure: { leg: "acknowledge", reason: "MalformedAcknowledgement()" } }),
    says: ["that sent the packet reverts with MalformedAcknowledgement()"],
  },
  {
    state: "applicationFails",
    name: "a sender's contract that cannot take the refund",
    facts: sample({ ...onLeg.timeout(), failure: { leg: "timeout", reason: null } }),
    says: ["the refund cannot end there"],
  },

  {
    state: "answerOutstanding",
    name: "received, to be answered later",
    facts: sample({ events: [event("sent"), event("received")], deliveries: [delivery("receive", "delivered")] }),
    says: ["has not answered it yet"],
  },
  {
    state: "receivedAwaitsFinality",
    name: "received, not final",
    facts: sample({ events: [event("sent"), event("acknowledgementWritten", notFinal)], acknowledgements: ["01"] }),
    says: ["waits for finality of block 950 of fake:b, in about 40 s"],
    expectedAt: NOON + 40,
  },
  {
    state: "receivedAwaitsFinality",
    name: "delivered, and its event is not read",
    facts: sample({ deliveries: [delivery("receive", "delivered", { transaction: "0xbb" })] }),
    says: ["was delivered to fake:b in transaction 0xbb"],
  },
  {
    state: "deliveredByAnother",
    name: "delivered by somebody else",
    facts: sample({
      events: [event("sent"), event("acknowledgementWritten", { ...notFinal, byUs: false })],
      acknowledgements: ["01"],
    }),
    says: ["Another relayer delivered the packet in transaction 0xbbbbbb"],
  },
  {
    state: "receivedAtTheLastMoment",
    name: "received seconds before its timeout",
    facts: sample({
      packet: withTimeout(NOON - 88),
      events: [event("sent"), event("acknowledgementWritten", notFinal)],
      acknowledgements: ["01"],
    }),
    says: ["received 2 s before its time was over", "does not time out"],
  },
  {
    state: "refusedAwaitsFinality",
    name: "refused, not final",
    facts: sample({ ...onLeg.refund(), events: [event("sent"), event("acknowledgementWritten", notFinal)] }),
    says: ['reverted with ReceiverNotAllowed("0x03")', "the refund waits for finality of block 950", "(12:00:40 UTC)"],
    expectedAt: NOON + 40,
  },
  {
    state: "refusedAwaitsFinality",
    name: "refused for an unknown reason, not final",
    facts: sample({
      ...onLeg.refund(),
      refusal: null,
      events: [event("sent"), event("acknowledgementWritten", notFinal)],
    }),
    says: ["without a reason that could be read"],
  },

  {
    state: "timeoutAwaitsClock",
    name: "its time is over by our clock alone",
    facts: sample({ packet: withTimeout(NOON - 60), chains: destinationAt(NOON - 90, NOON - 95) }),
    says: ["the clock of fake:b still shows 11:58:30 UTC"],
  },
  {
    state: "timedOutAwaitsFinality",
    name: "timed out, not finally",
    facts: sample({ packet: withTimeout(NOON - 10), timeoutFinalAt: NOON + 20 }),
    says: ["timed out on fake:b at 11:59:50 UTC", "in about 20 s (12:00:20 UTC)"],
    expectedAt: NOON + 20,
  },
  {
    state: "awaitsReading",
    name: "timed out, and the relayer does not know it yet",
    facts: sample({
      packet: withTimeout(NOON - 60),
      read: { source: sample().read.source, destination: { height: "900", timestamp: NOON - 70, at: NOON - 1 } },
    }),
    says: ["that the time is over"],
  },

  {
    state: "settledAwaitsFinality",
    name: "acknowledged, not final",
    facts: sample({
      ...onLeg.acknowledge("delivered"),
      events: [event("sent"), event("acknowledgementWritten"), event("acknowledged", notFinal)],
    }),
    says: ["in block 860 of fake:a, which is not final yet"],
    expectedAt: NOON + 40,
  },
  {
    state: "settledAwaitsFinality",
    name: "acknowledged, and its event is not read",
    facts: sample(onLeg.acknowledge("delivered")),
    says: ["acknowledgement was brought to fake:a"],
  },
  {
    state: "settledAwaitsFinality",
    name: "timed out, and its event is not read",
    facts: sample(onLeg.timeout("delivered")),
    says: ["timed out, and that was proven to fake:a"],
  },
  {
    state: "acknowledged",
    name: "acknowledged",
    facts: sample({
      ...onLeg.acknowledge("delivered"),
      events: [event("sent"), event("acknowledgementWritten"), event("acknowledged")],
    }),
    says: [
      "was received on fake:b, and its acknowledgement came back in block 860 of fake:a at 11:59:40 UTC, 5 min after",
    ],
    expectedAt: null,
  },
  {
    state: "acknowledged",
    name: "acknowledged, delivered by somebody else",
    facts: sample({
      ...onLeg.acknowledge("delivered"),
      events: [event("sent"), event("acknowledgementWritten", { byUs: false }), event("acknowledged")],
    }),
    says: ["was delivered to fake:b by another relayer"],
  },
  {
    state: "acknowledged",
    name: "acknowledged by somebody else",
    facts: sample({
      ...onLeg.acknowledge("delivered"),
      events: [event("sent"), event("acknowledgementWritten"), event("acknowledged", { byUs: false })],
    }),
    says: ["another relayer brought its acknowledgement back"],
  },
  {
    state: "refusedRefunded",
    name: "refused and refunded",
    facts: sample({
      ...onLeg.refund("delivered"),
      events: [event("sent"), event("acknowledgementWritten"), event("acknowledged")],
    }),
    says: ["the tokens were given back"],
  },
  {
    state: "refusedTold",
    name: "a message refused",
    facts: sample({
      ...onLeg.refund("delivered"),
      packet: asMessage(),
      acknowledgements: REFUSED,
      events: [event("sent"), event("acknowledgementWritten"), event("acknowledged")],
    }),
    says: ["the sending application was told"],
  },
  {
    state: "timedOutRefunded",
    name: "timed out and refunded",
    facts: sample({ ...onLeg.timeout("delivered"), events: [event("sent"), event("timedOut")] }),
    says: ["timed out on fake:b", "the tokens were given back"],
  },
  {
    state: "timedOutTold",
    name: "a message timed out",
    facts: sample({ packet: asMessage(), events: [event("sent"), event("timedOut")] }),
    says: ["the sending application was told"],
  },
];

export const cases: readonly Case[] = [...others, ...stageCases, ...nobodyTells, ...blocked, ...failing];
