// Everything that is known about one packet when somebody asks where it is. Plain JSON, so that it travels: heights as decimal
// strings, bytes as hexadecimal, times as Unix seconds unless a comment says otherwise.
import * as z from "zod";
import { deliveryView, payloadView } from "../api/views.ts";

const decimal = z.string().regex(/^(0|[1-9][0-9]*)$/, "expected a decimal integer");
const hex = z.string().regex(/^([0-9a-f]{2})*$/, "expected lowercase hexadecimal bytes");
const seconds = z.number();

const packetFacts = z.object({
  /** `sourceChain/sourceClient/sequence`. */
  id: z.string(),
  /** See `adapters/protocol/message-id.ts`; null while only others than the sending chain were heard about it. */
  messageId: hex.nullable(),
  sourceChain: z.string(),
  sourceClient: z.string(),
  sequence: decimal,
  /** Null when no configured route says it. */
  destinationChain: z.string().nullable(),
  destinationClient: z.string().nullable(),
  /** Unix seconds on the destination's clock. */
  timeoutTimestamp: decimal.nullable(),
  payloads: z.array(payloadView).nullable(),
});

const eventFacts = z.object({
  kind: z.enum(["sent", "received", "acknowledgementWritten", "acknowledged", "timedOut"]),
  chain: z.string(),
  height: decimal,
  /** On that chain. */
  timestamp: seconds,
  transaction: z.string(),
  final: z.boolean(),
  /** When a block that is not final yet is expected to be; null when nobody can say. */
  finalAt: seconds.nullable(),
  /** When the relayer read it, by then final; null when it has not. */
  readAt: seconds.nullable(),
  /** Whether the relayer that tells this sent that transaction; null when no relayer tells. */
  byUs: z.boolean().nullable(),
});
export type EventFacts = z.infer<typeof eventFacts>;

const chainFacts = z.object({
  chain: z.string(),
  /** Its head. */
  height: decimal,
  /** Its clock. */
  timestamp: seconds,
  finalizedHeight: decimal,
  finalizedTimestamp: seconds,
});
export type ChainFacts = z.infer<typeof chainFacts>;

/** How far the relayer has read a chain. */
const readFacts = z.object({ height: decimal, timestamp: seconds.nullable(), at: seconds });

const clientFacts = z.object({
  chain: z.string(),
  client: z.string(),
  follows: z.string(),
  /** `missing`: the chain has no light client of that name. */
  status: z.enum(["active", "frozen", "expired", "missing"]),
  /** Newest trusted height and its time; zero when missing. */
  height: decimal,
  timestamp: seconds,
  expiresAt: seconds,
  /** A fork of the chain it follows that it does not know. */
  unknownFork: z.object({ name: z.string(), beginsAt: seconds, hasBegun: z.boolean() }).nullable(),
});
export type ClientFacts = z.infer<typeof clientFacts>;

const laneFacts = z.object({
  /** `chain/client` of the light client that judges. */
  id: z.string(),
  failuresInARow: z.int(),
  nextAttemptAt: seconds,
  errorCode: z.string().nullable(),
  error: z.string().nullable(),
  /** Of its newest deliveries, from what called for one to its inclusion. */
  medianSeconds: seconds.nullable(),
  paused: z.object({ at: seconds, by: z.string(), because: z.string() }).nullable(),
  contradiction: z.object({ height: decimal, what: z.string(), frozen: z.boolean() }).nullable(),
});
export type LaneFacts = z.infer<typeof laneFacts>;

const transactionFacts = z.object({
  id: z.string(),
  chain: z.string(),
  /** `waiting`: in no block yet. */
  status: z.enum(["waiting", "included", "reverted"]),
  height: decimal.nullable(),
  timestamp: seconds.nullable(),
  /** A light client whose packets are in it, and that no configured route has. */
  foreignClient: z.string().nullable(),
});

/** Something that could not be read, or not to the end. */
const unreadFacts = z.object({
  chain: z.string().nullable(),
  what: z.enum(["chain", "light client", "events", "reason", "history"]),
  why: z.string(),
});

const ofBothChains = <T extends z.ZodType>(schema: T) =>
  z.object({ source: schema.nullable(), destination: schema.nullable() });

export const traceFacts = z.object({
  /** What was asked for. */
  id: z.string(),
  /** By the clock of whoever gathered this. */
  now: seconds,
  /** `chains`: no relayer's tables were read, so that nobody says what a relayer is doing. */
  told: z.enum(["relayer", "chains"]),
  /** Chains that were asked. */
  asked: z.array(z.string()),
  /** When the id is a transaction's. */
  transaction: transactionFacts.nullable(),
  /** Other packets of the same transaction. */
  others: z.array(z.string()),
  packet: packetFacts.nullable(),
  /** Whether a configured route carries it. */
  routed: z.boolean(),
  events: z.array(eventFacts),
  /** Whether the head of the destination holds its receipt, and that of the source its commitment; null when that was not asked. */
  holds: z.object({ receipt: z.boolean().nullable(), commitment: z.boolean().nullable() }),
  acknowledgements: z.array(hex).nullable(),
  /** Why the receiver refused it, in the words of its contract: by the event of the refusal, or by trying it again without effect. */
  refusal: z.object({ reason: z.string(), by: z.enum(["event", "trial"]) }).nullable(),
  /** An application that was called and could not take it, so that it stays to be delivered. */
  failure: z.object({ leg: z.enum(["receive", "acknowledge", "timeout"]), reason: z.string().nullable() }).nullable(),
  /** When the destination is expected to have finalized a block past the timeout. */
  timeoutFinalAt: seconds.nullable(),
  chains: ofBothChains(chainFacts),
  read: ofBothChains(readFacts),
  /** The light client on each chain, of the other one. */
  clients: ofBothChains(clientFacts),
  /** `destination`: the lane that takes the packet there; `source`: the lane back. */
  lanes: ofBothChains(laneFacts),
  deliveries: z.array(deliveryView),
  unread: z.array(unreadFacts),
});
export type TraceFacts = z.infer<typeof traceFacts>;
