// A bundle of an acknowledged packet, with a family whose proofs are as simple as can be: for tests of what surrounds them.
import { createHash } from "node:crypto";
import { bytesToHex } from "@noble/hashes/utils.js";
import { acknowledgeClaim, receiveClaim, timeoutClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { refuse } from "#adapters/protocol/verdict.ts";
import type { Verify } from "#adapters/protocol/verdict.ts";
import { encodeBundle } from "#sdk/evidence/bundle.ts";
import type { NewBundle } from "#sdk/evidence/bundle.ts";
import { encodeEntry } from "#sdk/evidence/log-entry.ts";
import type { LogEntry, LogMessage, NewLogEntry } from "#sdk/evidence/log-entry.ts";
import { generateNoteKey, noteSigner } from "#relayer/proof-log/note-signer.ts";
import type { NoteSigner } from "#relayer/proof-log/note-signer.ts";
import { signedLog } from "#test/support/signed-log.ts";

export const packet: Packet = {
  sequence: 7n,
  sourceClient: "light-11",
  destinationClient: "light-22",
  timeoutTimestamp: 1_000_000n,
  payloads: [
    {
      sourcePort: "transfer",
      destinationPort: "transfer",
      version: "ics20-1",
      encoding: "application/x-solidity-abi",
      value: Buffer.from("five coins"),
    },
  ],
};
export const acknowledgements = [Buffer.from("thanks")];

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Believes an envelope whose root proof is the hash of the trusted state; its timestamp is 1,000 times the height. */
export const simpleVerify: Verify = ({ trusted, envelope, now }) => {
  try {
    const { rootProof, height } = envelopeType.decode(envelope);
    if (!sha256(trusted).equals(rootProof)) return refuse("INVALID_ACCOUNT_PROOF", "envelope.rootProof");
    if (now < 1_000n) return refuse("CLIENT_EXPIRED", "now");
    return { ok: true, trusted, height, timestamp: height * 1_000n };
  } catch {
    return refuse("MALFORMED", "envelope");
  }
};

export const verifierOf = (family: string): Verify | undefined => (family === "simple" ? simpleVerify : undefined);

const claims: Record<LogMessage["leg"], Claim> = {
  receive: receiveClaim(packet),
  acknowledge: acknowledgeClaim(packet, acknowledgements),
  timeout: timeoutClaim(packet),
};

export interface BatchOptions {
  readonly claim?: Claim;
  readonly height?: bigint;
  readonly targetChain?: string;
  readonly envelopeTarget?: string;
  readonly clientId?: string;
  readonly trusted?: Uint8Array;
  readonly commitment?: string;
  /** The entries are about the packet alone, as a part of the batch. */
  readonly part?: { readonly first: number; readonly of: number };
}

export interface LoggedBatch {
  readonly verdict: NewLogEntry;
  readonly intent: NewLogEntry;
  readonly outcome: NewLogEntry;
  readonly evidence: readonly Uint8Array[];
}

/** The packet travels second in a batch of two. */
export function batchOf(leg: LogMessage["leg"], options: BatchOptions = {}): LoggedBatch {
  const [source, target, client] =
    leg === "receive" ? ["test:src", "test:dst", "light-22"] : ["test:dst", "test:src", "light-11"];
  const trusted = options.trusted ?? Buffer.from(`trusted for ${leg}`);
  const height = options.height ?? 5n;
  const claim = options.claim ?? claims[leg];
  const shown = {
    membership: claim.kind === "membership" ? 1n : 0n,
    path: claim.path,
    value: claim.kind === "membership" ? claim.value : new Uint8Array(),
    proof: new Uint8Array(),
  };
  const other = { membership: 1n, path: Buffer.from("another"), value: sha256(trusted), proof: new Uint8Array() };
  const envelope = envelopeType.encode({
    version: 1n,
    sourceChain: source,
    targetChain: options.envelopeTarget ?? target,
    clientId: client,
    updates: [],
    height,
    rootProof: sha256(Buffer.from(`trusted for ${leg}`)),
    claims: [other, shown],
  });
  const message = {
    leg,
    sourceChain: "test:src",
    sourceClient: "light-11",
    sequence: "7",
    commitment: options.commitment ?? bytesToHex(packetCommitment(packet)),
  };
  const about = {
    batchId: `batch of ${leg}`,
    sourceChain: source,
    targetChain: options.targetChain ?? target,
    clientId: options.clientId ?? client,
    ...(options.part === undefined
      ? { messages: [{ ...message, sequence: "6" }, message] }
      : { messages: [message], part: options.part }),
    envelope: sha256(envelope).toString("hex"),
  };
  return {
    verdict: {
      kind: "verdict",
      ...about,
      family: "simple",
      trusted: sha256(trusted).toString("hex"),
      now: "2000",
      verdict: { ok: true, height: height.toString(), timestamp: (height * 1_000n).toString() },
    },
    intent: { kind: "intent", ...about },
    outcome: {
      kind: "outcome",
      ...about,
      transaction: { id: `tx of ${leg}`, height: "9", fee: "1" },
      deliveries: [
        ...(options.part === undefined ? [{ status: "refused" as const, reason: "not ours" }] : []),
        { status: "delivered" },
      ],
    },
    evidence: [envelope, trusted],
  };
}

export const signer: NoteSigner = noteSigner("audit.test/log", generateNoteKey());

/** Control entries stand between the packet's, as other packets' would. */
export function bundleOf(
  entries: readonly NewLogEntry[],
  evidence: readonly Uint8Array[],
  change: (bundle: NewBundle) => NewBundle = (bundle) => bundle,
): Uint8Array {
  const time = "2026-11-23T00:00:00.000Z";
  const filler: LogEntry = { kind: "control", time, event: "filler" };
  const all = entries.flatMap((entry): LogEntry[] => [filler, { ...entry, time }]).map(encodeEntry);
  const log = signedLog(all, signer);
  return encodeBundle(
    change({
      sourceChain: "test:src",
      destinationChain: "test:dst",
      packet: {
        sequence: "7",
        sourceClient: packet.sourceClient,
        destinationClient: packet.destinationClient,
        timeoutTimestamp: "1000000",
        payloads: packet.payloads.map((payload) => ({ ...payload, value: base64(payload.value) })),
      },
      acknowledgements: acknowledgements.map(base64),
      entries: entries.map((_, position) => {
        const index = 2 * position + 1;
        return { index: index.toString(), entry: Buffer.from(all[index] ?? "").toString(), proof: log.proofOf(index) };
      }),
      evidence: Object.fromEntries(evidence.map((bytes) => [sha256(bytes).toString("hex"), base64(bytes)])),
      checkpoint: log.checkpoint,
      logKey: signer.verifierKey,
    }),
  );
}

export const wholeLife = (batches: readonly LoggedBatch[]): NewLogEntry[] =>
  batches.flatMap(({ verdict, intent, outcome }) => [verdict, intent, outcome]);
