// What a relayer's HTTP API answers, as schemas: the server describes its routes by them, the client reads answers with them.
// Everything is JSON: integers wider than 53 bits as decimal strings, bytes as hexadecimal, times as ISO 8601 unless a comment says otherwise.
import * as z from "zod";

const decimal = z.string().regex(/^(0|[1-9][0-9]*)$/, "expected a decimal integer");
const hex = z.string().regex(/^([0-9a-f]{2})*$/, "expected lowercase hexadecimal bytes");
const time = z.iso.datetime();

/** `sent` until something else is known of it; `acknowledged` and `timedOut` end a packet's life. */
const packetStatus = z.enum(["sent", "received", "acknowledged", "timedOut"]);

export const packetSummary = z.object({
  /** `sourceChain/sourceClient/sequence`. */
  id: z.string(),
  /** See `adapters/protocol/message-id.ts`; null until the event of its sending was read. */
  messageId: hex.nullable(),
  sourceChain: z.string(),
  sourceClient: z.string(),
  sequence: decimal,
  destinationChain: z.string(),
  destinationClient: z.string(),
  /** Unix seconds on the destination's clock; null while only other events than the packet's sending were read. */
  timeoutTimestamp: decimal.nullable(),
  status: packetStatus,
  /** Why its newest open delivery is held up, by a failure of its own or of its lane; null when nothing is but time and finality. */
  errorCode: z.string().nullable(),
  createdAt: time,
});
export type PacketSummary = z.infer<typeof packetSummary>;

export const packetList = z.object({
  packets: z.array(packetSummary),
  /** To ask for older ones with; null when there are none. */
  next: z.string().nullable(),
});

export const packetEventView = z.object({
  kind: z.enum(["sent", "received", "acknowledgementWritten", "acknowledged", "timedOut"]),
  chain: z.string(),
  height: decimal,
  /** Unix seconds on that chain. */
  timestamp: decimal,
  transaction: z.string(),
  /** When the relayer read it: by then its chain had finalized it. */
  seenAt: time,
});

export type PacketEventView = z.infer<typeof packetEventView>;

export const deliveryView = z.object({
  leg: z.enum(["receive", "acknowledge", "timeout"]),
  lane: z.string(),
  /** The stage it is in, or `delivered`, or `obsolete`. */
  status: z.string(),
  attempts: z.int(),
  nextAttemptAt: time,
  /** The source's finality has to reach this height first. */
  waitHeight: decimal.nullable(),
  errorCode: z.string().nullable(),
  error: z.string().nullable(),
  batch: z.string().nullable(),
  transaction: z.string().nullable(),
  /** When each stage was entered last. */
  watchedAt: time,
  provingAt: time.nullable(),
  queuedAt: time.nullable(),
  verifyingAt: time.nullable(),
  submittingAt: time.nullable(),
  loggingAt: time.nullable(),
  closedAt: time.nullable(),
});
export type DeliveryView = z.infer<typeof deliveryView>;

export const payloadView = z.object({
  sourcePort: z.string(),
  destinationPort: z.string(),
  version: z.string(),
  encoding: z.string(),
  value: hex,
});

export const packetView = packetSummary.extend({
  /** Null like the timeout. */
  payloads: z.array(payloadView).nullable(),
  acknowledgements: z.array(hex).nullable(),
  /** Canonical packet bytes (protobuf). */
  bytes: hex.nullable(),
  events: z.array(packetEventView),
  deliveries: z.array(deliveryView),
});
export type PacketView = z.infer<typeof packetView>;

export const laneView = z.object({
  id: z.string(),
  sourceChain: z.string(),
  targetChain: z.string(),
  client: z.string(),
  /** Messages that are not delivered yet. */
  backlog: decimal,
  delivered: decimal,
  oldestSeconds: z.number().nullable(),
  failuresInARow: z.int(),
  nextAttemptAt: time,
  errorCode: z.string().nullable(),
  error: z.string().nullable(),
  /** Of the newest deliveries, from what called for one to its inclusion; null while there are none. */
  latency: z.object({ deliveries: z.int(), p50Seconds: z.number(), p95Seconds: z.number() }).nullable(),
  /** Of the newest batches, in the smallest unit of the target chain's fee token. */
  cost: z.object({ messages: z.int(), perMessage: decimal }).nullable(),
  /** Null while it is worked on. */
  paused: z.object({ at: time, by: z.string(), because: z.string() }).nullable(),
});
export type LaneView = z.infer<typeof laneView>;

/** One lane over time, oldest first; steps without a delivery are left out. */
export const laneHistory = z.object({
  lane: z.string(),
  stepSeconds: z.int(),
  steps: z.array(
    z.object({
      at: time,
      delivered: z.int(),
      p50Seconds: z.number(),
      p95Seconds: z.number(),
      /** Sum of its transactions' fees. */
      fee: decimal,
    }),
  ),
  /** The most that waited in each step, as noted every minute; steps without a note are left out. */
  waiting: z.array(
    z.object({
      at: time,
      backlog: z.int(),
      /** Null when nothing waited. */
      oldestSeconds: z.number().nullable(),
    }),
  ),
});
export type LaneHistory = z.infer<typeof laneHistory>;

/** Why a lane stands still until an operator resumes it. */
export const contradictionView = z.object({
  /** Of the chain the light client follows. */
  height: decimal,
  what: z.string(),
  basis: z.enum(["proven", "told"]),
  foundAt: time,
  /** Whether the newest comparison found one, too. */
  stands: z.boolean(),
  /** `frozen`: by our report, whose transaction it is, or by somebody else's. */
  report: z.enum(["wanted", "frozen"]),
  transaction: z.string().nullable(),
  /** Why it could not be reported. */
  reportError: z.string().nullable(),
});
export type ContradictionView = z.infer<typeof contradictionView>;

export const clientView = z.object({
  chain: z.string(),
  client: z.string(),
  follows: z.string(),
  /** Null until it was read once. */
  status: z.string().nullable(),
  height: decimal.nullable(),
  /** Unix seconds. */
  timestamp: decimal.nullable(),
  /** Unix seconds. */
  expiresAt: decimal.nullable(),
  readAt: time.nullable(),
  /** When it was last held against what our own endpoints finalized. */
  comparedAt: time.nullable(),
  /** Heights at which that was not possible. `unserved`: no endpoint says, or they disagree. */
  uncompared: z.array(z.object({ height: decimal, because: z.enum(["ahead", "unserved"]), why: z.string() })),
  /** Null while its lane may be used. */
  contradiction: contradictionView.nullable(),
});
export type ClientView = z.infer<typeof clientView>;

export const chainView = z.object({
  chain: z.string(),
  family: z.string(),
  /** Newest finalized height that was read. */
  height: decimal.nullable(),
  /** Unix seconds. */
  timestamp: decimal.nullable(),
  updatedAt: time.nullable(),
  gaps: z.array(z.object({ from: decimal, to: decimal, why: z.string() })),
  /** Asked now, or moments ago; null when nobody has answered yet. */
  health: z
    .object({
      /** The chain's head. */
      height: decimal,
      finalizedHeight: decimal,
      endpoints: z.array(
        z.object({
          /** Without credentials. */
          name: z.string(),
          ok: z.boolean(),
          height: decimal.nullable(),
          problem: z.string().nullable(),
        }),
      ),
      signer: z.object({ address: z.string(), balance: decimal }).nullable(),
    })
    .nullable(),
});
export type ChainView = z.infer<typeof chainView>;

/** What an id that somebody typed names: where to look, best first. Empty is "unknown here", never "pending". */
export const searchResult = z.object({
  query: z.string(),
  hits: z.array(
    z.object({
      kind: z.enum(["packet", "transaction", "lane", "client", "chain", "logEntry", "account"]),
      /** For a transaction or an account: the packets it sent, received or settled are hits of their own. */
      id: z.string(),
      /** The API's path of it. */
      path: z.string(),
    }),
  ),
});
export type SearchResult = z.infer<typeof searchResult>;

/** One server-sent event: something about a packet or a lane changed, ask for it again. */
export const change = z.object({
  /** Grows; the id to resume after. */
  position: z.string(),
  kind: z.enum(["packet", "lane"]),
  id: z.string(),
  /** What happened: a packet's new status, a delivery's new stage, `paused`, `resumed`. */
  what: z.string(),
  at: time,
});
export type Change = z.infer<typeof change>;

export const problem = z.object({
  code: z.string(),
  message: z.string(),
  retry: z.enum(["never", "later", "afterHeight"]).optional(),
  hint: z.string().optional(),
});

export const laneList = z.object({ lanes: z.array(laneView) });
export const clientList = z.object({ clients: z.array(clientView) });
export const chainList = z.object({ chains: z.array(chainView) });

/** What an operator's act did: nothing, when it had been done before. */
export const actResult = z.object({
  act: z.enum(["pause", "resume", "clear", "retry"]),
  /** Of the lane or packet. */
  id: z.string(),
  changed: z.boolean(),
});
export type ActResult = z.infer<typeof actResult>;

/** `root` is the tree's over all `size` entries (RFC 6962). */
export const logHead = z.object({ size: decimal, root: hex });

export const logEntryView = z.object({
  index: decimal,
  /** As `bytes` say, decoded. */
  entry: z.record(z.string(), z.unknown()),
  /** Canonical JSON (RFC 8785): the leaf. */
  bytes: hex,
});
export type LogEntryView = z.infer<typeof logEntryView>;
export const logEntryList = z.object({ entries: z.array(logEntryView) });

/** Newest first. */
export const logEntryPage = logEntryList.extend({
  /** To ask for older ones with; null when there are none. */
  next: decimal.nullable(),
});

/** Of a Merkle proof, from the leaf's or subtree's sibling upwards. */
export const logProof = z.object({ hashes: z.array(hex) });
