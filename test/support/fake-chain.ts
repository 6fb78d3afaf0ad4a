// A chain in memory: a packet store with history, light clients of other fake chains, accounts with nonces, and faults on command.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { MisbehaviourReport } from "#adapters/misbehaviour.ts";
import type { Complaint } from "#adapters/lookup.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { ForkAhead } from "#adapters/source-chain.ts";
import type { Delivery, Standing, StandingQuery, SubmitBatch } from "#adapters/target-chain.ts";
import { acknowledgementCommitment, packetCommitment } from "#adapters/protocol/commitment.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { acknowledgementPath, commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import { decodeTrusted, encodeTrusted, makeEnvelope, verifyFake, verifyFakeMisbehaviour } from "./fake-evidence.ts";

export interface FakeTransaction {
  readonly id: string;
  readonly nonce: bigint;
  readonly what: SubmitBatch | MisbehaviourReport;
}

export interface FakeReceipt {
  readonly height: bigint;
  /** Set when the whole transaction was refused. */
  readonly reverted?: string;
  readonly deliveries: readonly Delivery[];
  readonly most?: number;
}

export interface Fault {
  readonly code: ErrorCode;
  readonly times: number;
}

export type FaultyCall = "heads" | "prove" | "trusted" | "standing" | "broadcast" | "outstanding" | "recover";

const RECEIPT = new Uint8Array(32).fill(2);
const GENESIS_TIME = 1_800_000_000n;
const key = (path: Uint8Array): string => bytesToHex(path);
const packetName = (packet: Packet): string => `${packet.sourceClient}/${packet.sequence}`;

export class FakeChain {
  readonly chainId: string;
  readonly finalityLag: bigint;
  height = 1n;
  /** Blocks that count as final beyond the lag's rule; for tests that hold finality back. */
  finalityHeld: bigint | undefined;
  nonce = 0n;
  /** How often each packet was carried out, by leg; the protocol promises at most once. */
  readonly carriedOut = new Map<string, number>();
  /** Messages that were paid for although they had been delivered. */
  redundant = 0;
  /** The next transactions refuse these packets, as an application's bug would. */
  readonly poisoned = new Set<string>();
  /** What applications say against packets. */
  readonly complaints = new Map<string, Complaint>();
  /** Most messages that one transaction carries. */
  room = Number.POSITIVE_INFINITY;
  /** So many transactions to come are refused as a whole. */
  reverts = 0;
  /** While true, transactions wait for their block. */
  holdsBlocks = false;
  /** Those that do, in the order of their nonces. */
  readonly waiting: FakeTransaction[] = [];
  /** Envelopes proven while above zero are corrupted. */
  lies = 0;
  /** So many requests without claims have to be proven before any with claims is. */
  behind = 0;
  /** Trusted states by client id. */
  readonly shownByAnother = new Map<string, Uint8Array>();
  /** What light clients of this chain do not know. */
  forks: readonly ForkAhead[] = [];
  /** Milliseconds that every call takes. */
  latency = 0;
  /** No call is answered before this is settled. */
  silence: Promise<void> | undefined;
  readonly calls = new Map<FaultyCall, number>();
  readonly #unprovable = new Set<string>();
  readonly #faults = new Map<FaultyCall, Fault>();
  readonly #history = new Map<string, { height: bigint; value: Uint8Array | undefined }[]>();
  readonly #events: PacketEvent[] = [];
  readonly #clients = new Map<string, Uint8Array>();
  readonly #sequences = new Map<string, bigint>();
  readonly #receipts = new Map<string, FakeReceipt>();

  constructor(chainId: string, options: { finalityLag?: bigint } = {}) {
    this.chainId = chainId;
    this.finalityLag = options.finalityLag ?? 2n;
  }

  /** Unix seconds: one second per block. */
  timeAt(height: bigint): bigint {
    return GENESIS_TIME + height;
  }

  get finalized(): bigint {
    const final = this.height - this.finalityLag;
    return this.finalityHeld !== undefined && this.finalityHeld < final ? this.finalityHeld : final;
  }

  mine(blocks = 1n): void {
    this.height += blocks;
  }

  fail(call: FaultyCall, code: ErrorCode, times: number): void {
    this.#faults.set(call, { code, times });
  }

  createClient(clientId: string, trusted: Uint8Array): void {
    this.#clients.set(clientId, trusted);
  }

  bootstrap(trustingPeriod = 1_000_000n): Uint8Array {
    const height = this.finalized > 0n ? this.finalized : 0n;
    return encodeTrusted({
      chainId: this.chainId,
      frozen: false,
      known: [[height.toString(), this.timeAt(height).toString()]],
      trustingPeriod: trustingPeriod.toString(),
    });
  }

  freeze(clientId: string): void {
    const state = this.#clients.get(clientId);
    if (state !== undefined) this.#clients.set(clientId, encodeTrusted({ ...decodeTrusted(state), frozen: true }));
  }

  /** Has a light client believe in another time for a height than its chain has. */
  forge(clientId: string, height: bigint, { hidden = false } = {}): void {
    const state = this.#clients.get(clientId);
    if (state === undefined) throw new Error(`no light client ${clientId}`);
    const trusted = decodeTrusted(state);
    const forged = [height.toString(), (this.timeAt(height) + 7n).toString()] as const;
    const known = [...trusted.known.filter(([other]) => other !== forged[0]), forged];
    this.#clients.set(clientId, encodeTrusted({ ...trusted, known, hidden }));
  }

  send(sourceClient: string, destinationClient: string, options: { timeout?: bigint; text?: string } = {}): Packet {
    const sequence = (this.#sequences.get(sourceClient) ?? 0n) + 1n;
    this.#sequences.set(sourceClient, sequence);
    const packet: Packet = {
      sequence,
      sourceClient,
      destinationClient,
      timeoutTimestamp: this.timeAt(this.height) + (options.timeout ?? 1_000_000n),
      payloads: [
        {
          sourcePort: "test",
          destinationPort: "test",
          version: "test-1",
          encoding: "text/plain",
          value: utf8ToBytes(options.text ?? `message ${sequence}`),
        },
      ],
    };
    this.mine();
    this.#write(commitmentPath(packet), packetCommitment(packet));
    this.#emit("sent", packet);
    return packet;
  }

  /** From now on no proof that it was sent verifies. */
  makeUnprovable(packet: Packet): void {
    this.#unprovable.add(key(commitmentPath(packet)));
  }

  /** An event that an endpoint made up: nothing of the kind happened. */
  pretend(kind: PacketEvent["kind"], packet: Packet): void {
    this.#emit(kind, packet);
  }

  // What an adapter asks; each may be told to fail.

  async heads(): Promise<{ height: bigint; finalized: bigint }> {
    await this.#enter("heads");
    return { height: this.height, finalized: this.finalized };
  }

  async events(from: bigint, to: bigint): Promise<PacketEvent[]> {
    await this.#enter("heads");
    return this.#events.filter(({ height }) => height >= from && height <= to);
  }

  async trusted(clientId: string): Promise<{ state: Uint8Array; now: bigint }> {
    await this.#enter("trusted");
    const state = this.#clients.get(clientId);
    if (state === undefined) throw new CausewayError("CLIENT_NOT_FOUND", `no light client ${clientId}`);
    return { state, now: this.timeAt(this.height) };
  }

  /** What a second endpoint shows, when a test has it show something else. */
  async otherView(clientId: string): Promise<{ state: Uint8Array; now: bigint } | undefined> {
    const state = this.shownByAnother.get(clientId);
    return state && { state, now: this.timeAt(this.height) };
  }

  async prove(request: {
    targetChain: string;
    clientId: string;
    minHeight: bigint;
    minTimestamp: bigint | undefined;
    claims: readonly Claim[];
  }): Promise<Uint8Array> {
    await this.#enter("prove");
    if (this.behind > 0) {
      if (request.claims.length > 0) throw new CausewayError("CLIENT_BEHIND", "too far behind for one transaction");
      this.behind -= 1;
    }
    const height = this.finalized;
    const early = request.minTimestamp !== undefined && this.timeAt(height) < request.minTimestamp;
    if (height < request.minHeight || early)
      throw new CausewayError("NOT_FINAL_YET", `height ${request.minHeight} is not final`, {
        height: request.minHeight,
      });
    const envelope = makeEnvelope({
      sourceChain: this.chainId,
      targetChain: request.targetChain,
      clientId: request.clientId,
      height,
      timestamp: this.timeAt(height),
      claims: request.claims,
      values: request.claims.map(({ path }) =>
        this.#unprovable.has(key(path)) ? undefined : this.#read(path, height),
      ),
    });
    if (this.lies > 0) {
      this.lies -= 1;
      const last = envelope.length - 1;
      envelope[last] = (envelope[last] ?? 0) ^ 1;
    }
    return envelope;
  }

  async standing(queries: readonly StandingQuery[]): Promise<Standing[]> {
    await this.#enter("standing");
    return queries.map(({ kind, packet }) => (this.#isDone(kind, packet) ? "done" : "open"));
  }

  async outstanding(clientId: string): Promise<bigint[]> {
    await this.#enter("outstanding");
    return this.#events
      .flatMap((event) => (event.kind === "sent" && event.clientId === clientId ? [event.packet] : []))
      .filter((packet) => this.#read(commitmentPath(packet), this.finalized) !== undefined)
      .map(({ sequence }) => sequence);
  }

  async recover(clientId: string, sequences: readonly bigint[]): Promise<PacketEvent[]> {
    await this.#enter("recover");
    return this.#events.filter(
      (event) =>
        event.height <= this.finalized &&
        event.clientId === clientId &&
        sequences.includes(event.sequence) &&
        ["sent", "received", "acknowledgementWritten"].includes(event.kind),
    );
  }

  async receipt(id: string): Promise<FakeReceipt | undefined> {
    return this.#receipts.get(id);
  }

  /** Includes the transaction in the next block, unless its nonce is used up. */
  async broadcast(transaction: FakeTransaction): Promise<void> {
    await this.#enter("broadcast");
    if (transaction.nonce !== this.nonce) {
      if (this.#receipts.has(transaction.id) || this.waiting.some(({ id }) => id === transaction.id)) return;
      throw new CausewayError("TRANSACTION_REVERTED", `nonce ${transaction.nonce}, expected ${this.nonce}`);
    }
    this.nonce += 1n;
    this.waiting.push(transaction);
    if (!this.holdsBlocks) this.include();
  }

  /** The block with the first transactions that wait for one; all of them, if not told how many. */
  include(count = this.waiting.length): void {
    this.mine();
    for (const { id, what } of this.waiting.splice(0, count))
      this.#receipts.set(id, "report" in what ? this.#judge(what) : this.#execute(what));
  }

  #judge({ clientId, report }: MisbehaviourReport): FakeReceipt {
    const { height } = this;
    const trusted = this.#clients.get(clientId) ?? new Uint8Array();
    const verdict = verifyFakeMisbehaviour({ trusted, misbehaviour: report, now: this.timeAt(height) });
    if (!verdict.ok) return { height, reverted: verdict.reason, deliveries: [] };
    this.#clients.set(clientId, verdict.trusted);
    return { height, deliveries: [] };
  }

  #execute(batch: SubmitBatch): FakeReceipt {
    const { height } = this;
    const state = this.#clients.get(batch.clientId);
    if (state === undefined) return { height, reverted: "no such light client", deliveries: [] };
    const verdict = verifyFake({ trusted: state, envelope: batch.envelope, now: this.timeAt(height) });
    if (!verdict.ok) return { height, reverted: verdict.reason, deliveries: [] };
    if (this.reverts > 0) {
      this.reverts -= 1;
      return { height, reverted: "it was told to", deliveries: [] };
    }
    this.#clients.set(batch.clientId, verdict.trusted);
    const { room } = this;
    const deliveries = batch.messages.map((message, index): Delivery =>
      index < room ? this.#deliver(message) : { status: "left" },
    );
    return { height, deliveries, ...(batch.messages.length > room ? { most: room } : {}) };
  }

  #deliver(message: SubmitBatch["messages"][number]): Delivery {
    const { kind, packet } = message;
    if (this.#isDone(kind, packet)) {
      this.redundant += 1;
      return { status: "already" };
    }
    if (this.poisoned.has(packetName(packet))) {
      this.complaints.set(packetName(packet), { what: "failed", by: "event" });
      return { status: "refused", reason: "the application is broken" };
    }
    if (kind === "receive" && this.timeAt(this.height) >= packet.timeoutTimestamp)
      return { status: "refused", reason: "the packet has timed out" };
    const name = `${kind} ${packetName(packet)}`;
    this.carriedOut.set(name, (this.carriedOut.get(name) ?? 0) + 1);
    if (kind === "receive") {
      const acknowledgements = [sha256(utf8ToBytes(`done ${packet.sequence}`))];
      this.#write(receiptPath(packet), RECEIPT);
      this.#write(acknowledgementPath(packet), acknowledgementCommitment(acknowledgements));
      this.#emit("received", packet);
      this.#emit("acknowledgementWritten", packet, acknowledgements);
    } else {
      this.#write(commitmentPath(packet), undefined);
      this.#emit(kind === "acknowledge" ? "acknowledged" : "timedOut", packet);
    }
    return { status: "delivered" };
  }

  #isDone(kind: StandingQuery["kind"], packet: Packet): boolean {
    return kind === "receive"
      ? this.#read(receiptPath(packet), this.height) !== undefined
      : this.#read(commitmentPath(packet), this.height) === undefined;
  }

  async #enter(call: FaultyCall): Promise<void> {
    this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
    await this.silence;
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    const fault = this.#faults.get(call);
    if (fault === undefined || fault.times === 0) return;
    this.#faults.set(call, { ...fault, times: fault.times - 1 });
    throw new CausewayError(
      fault.code,
      `${call} was told to fail`,
      fault.code === "NOT_FINAL_YET" ? { height: this.height } : {},
    );
  }

  #write(path: Uint8Array, value: Uint8Array | undefined): void {
    const entries = this.#history.get(key(path)) ?? [];
    entries.push({ height: this.height, value });
    this.#history.set(key(path), entries);
  }

  #read(path: Uint8Array, height: bigint): Uint8Array | undefined {
    return this.#history.get(key(path))?.findLast((entry) => entry.height <= height)?.value;
  }

  #emit(kind: PacketEvent["kind"], packet: Packet, acknowledgements: readonly Uint8Array[] = []): void {
    const isHere = kind === "sent" || kind === "acknowledged" || kind === "timedOut";
    const place = {
      clientId: isHere ? packet.sourceClient : packet.destinationClient,
      sequence: packet.sequence,
      height: this.height,
      timestamp: this.timeAt(this.height),
      transaction: `${this.chainId}@${this.height}`,
      index: this.#events.length,
    };
    if (kind === "sent") this.#events.push({ kind, ...place, packet });
    else if (kind === "acknowledgementWritten") this.#events.push({ kind, ...place, acknowledgements });
    else this.#events.push({ kind, ...place });
  }
}
