// The beacon chain of a development network: one beacon block for every execution block, finality by decree, and
// signatures by as much of the sync committee as attends.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import { makeBeaconBlock } from "./beacon-block.ts";
import type { BeaconBlock } from "./beacon-block.ts";
import { makeCommittee } from "./committee.ts";
import type { Committee } from "./committee.ts";
import type { ExecutionHeader } from "./execution-header.ts";
import { areForksInOrder, epochOf, forkAt, forkEpoch, forkVersion, periodOf } from "./network.ts";
import type { Network } from "./network.ts";
import { hashPair } from "./sparse-tree.ts";
import { chunk } from "./ssz-roots.ts";

/** DOMAIN_SYNC_COMMITTEE of consensus-specs altair. */
const SYNC_COMMITTEE_DOMAIN = new Uint8Array([7, 0, 0, 0]);

export interface SyncAggregate {
  /** Little-endian within each byte. */
  readonly bits: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureSlot: number;
}

export class BeaconChain {
  #network: Network;
  /** blocks[i] is over execution block i. */
  readonly #blocks: BeaconBlock[] = [];
  readonly #heights = new Map<string, number>();
  readonly #committees = new Map<number, Committee>();
  /** Execution heights behind the head at which a block's state finalizes; "manual" waits for `finalize`. */
  finalityLag: number | "manual";
  #decreed = 0;
  #absent: ReadonlySet<number> = new Set();

  constructor(network: Network, finalityLag: number | "manual") {
    this.#network = network;
    this.finalityLag = finalityLag;
  }

  get network(): Network {
    return this.#network;
  }

  get height(): number {
    return this.#blocks.length - 1;
  }

  get head(): BeaconBlock {
    const head = this.#blocks.at(-1);
    if (head === undefined) throw new CausewayError("RPC_STALE", "the development beacon chain has no block yet");
    return head;
  }

  get absentees(): ReadonlySet<number> {
    return this.#absent;
  }

  blocks(): readonly BeaconBlock[] {
    return this.#blocks;
  }

  at(height: number): BeaconBlock | undefined {
    return this.#blocks[height];
  }

  byRoot(root: string): BeaconBlock | undefined {
    const height = this.#heights.get(root);
    return height === undefined ? undefined : this.#blocks[height];
  }

  bySlot(slot: number): BeaconBlock | undefined {
    return this.#blocks.find((block) => block.slot === slot);
  }

  /** Attested and signed in `period`; rather with the finalized header in it, too, then the older (is_better_update). */
  bestAttested(period: number): BeaconBlock | undefined {
    const candidates = this.#blocks.filter(
      (block) => block.finalized !== undefined && this.#isIn(period, block.slot) && this.#isIn(period, block.slot + 1),
    );
    return candidates.find((block) => block.finalized && this.#isIn(period, block.finalized.slot)) ?? candidates[0];
  }

  /** Whether light clients can get through `period`: past one that finalized nothing of its own they cannot. */
  isPassable(period: number): boolean {
    const finalized = this.bestAttested(period)?.finalized;
    return finalized !== undefined && this.#isIn(period, finalized.slot);
  }

  #isIn(period: number, slot: number): boolean {
    return periodOf(this.network, slot) === period;
  }

  committee(period: number): Committee {
    let committee = this.#committees.get(period);
    if (committee === undefined) {
      committee = makeCommittee(this.network, period);
      this.#committees.set(period, committee);
    }
    return committee;
  }

  readonly committeeRoot = (period: number): Uint8Array => this.committee(period).root;

  /** Adds the beacon block over the next execution block. */
  append(execution: ExecutionHeader): void {
    const { genesisTime, secondsPerSlot } = this.network;
    const parent = this.#blocks.at(-1);
    const slot = Math.floor((Number(execution.timestamp) - genesisTime) / secondsPerSlot);
    if (Number(execution.number) !== this.#blocks.length || (parent !== undefined && slot <= parent.slot))
      throw new CausewayError("RPC_BAD_ANSWER", "an execution block does not fit on the beacon chain", {
        hint: "mine through the chain's control, which gives every block a slot of its own",
        context: { height: execution.number, slot, parentSlot: parent?.slot },
      });
    const block = makeBeaconBlock(this.network, {
      slot,
      parentRoot: parent?.root ?? new Uint8Array(32),
      execution,
      parentExecution: parent?.execution ?? execution,
      finalized: this.#finalizedUnder(this.#blocks.length),
      committeeRoot: this.committeeRoot,
    });
    this.#heights.set(bytesToHex(block.root), this.#blocks.length);
    this.#blocks.push(block);
  }

  /** Forgets the blocks above `height`, after the execution chain reorganized. */
  rollBack(height: number): void {
    if (height < this.finalizedHeight)
      throw new CausewayError("DEEP_REORG", "the execution chain left a finalized block", {
        context: { height, finalized: this.finalizedHeight },
      });
    for (const block of this.#blocks.splice(height + 1)) this.#heights.delete(bytesToHex(block.root));
  }

  /** Execution height of the block finalized in the head's state; 0 when none is. */
  get finalizedHeight(): number {
    return Number(this.#blocks.at(-1)?.finalized?.execution.number ?? 0n);
  }

  /** Blocks appended from now on finalize `height`, whatever the lag. */
  decreeFinality(height: number): void {
    this.#decreed = Math.max(this.#decreed, height);
  }

  #finalizedUnder(height: number): BeaconBlock | undefined {
    const byLag = this.finalityLag === "manual" ? 0 : height - this.finalityLag;
    // A state cannot hold its own block's root, and finality never moves back.
    const finalized = Math.min(height - 1, Math.max(byLag, this.#decreed, this.finalizedHeight));
    return finalized > 0 ? this.#blocks[finalized] : undefined;
  }

  /** From `epoch` on, which no block has reached, other rules hold; the forks stay in their order. */
  scheduleFork(fork: "gloas" | "heze", epoch: number): void {
    const changed = { ...this.#network, [`${fork}Epoch`]: epoch };
    const reached = epochOf(this.#network, this.head.slot);
    const known = forkEpoch(this.#network, fork) ?? Number.POSITIVE_INFINITY;
    if (epoch <= reached || known <= reached || !areForksInOrder(changed))
      throw new CausewayError("INVALID_ARGUMENT", `${fork} cannot begin in epoch ${epoch}; the chain is in ${reached}`);
    this.#network = changed;
  }

  setAbsentees(absent: readonly number[]): void {
    const { committeeSize } = this.network;
    const wrong = absent.find((index) => !Number.isInteger(index) || index < 0 || index >= committeeSize);
    if (wrong !== undefined)
      throw new CausewayError("INVALID_ARGUMENT", `absentee ${wrong} is no committee index below ${committeeSize}`);
    this.#absent = new Set(absent);
  }

  /** The attending committee's signature over a block, given in the slot after it (consensus-specs altair validator.md). */
  sign(attested: BeaconBlock): SyncAggregate {
    const { network } = this;
    const signatureSlot = attested.slot + 1;
    const version = forkVersion(network, forkAt(network, attested.slot));
    const forkDataRoot = hashPair(chunk(version), network.genesisValidatorsRoot);
    const domain = concatBytes(SYNC_COMMITTEE_DOMAIN, forkDataRoot.subarray(0, 28));
    const signingRoot = sha256(concatBytes(attested.root, domain));
    const attends = (index: number): boolean => !this.#absent.has(index);
    const bits = new Uint8Array(network.committeeSize / 8);
    for (let index = 0; index < network.committeeSize; index += 1)
      if (attends(index)) bits[index >>> 3] = (bits[index >>> 3] ?? 0) | (1 << (index & 7));
    const signature = this.committee(periodOf(network, signatureSlot)).sign(signingRoot, attends);
    return { bits, signature, signatureSlot };
  }
}
