// The hand on a development chain: mining, time, finality, attendance, re-orgs and misbehaviour, one command at a time.
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { BeaconChain } from "./beacon-chain.ts";
import { equivocate } from "./equivocation.ts";
import type { Equivocation } from "./equivocation.ts";
import { parseExecutionHeader } from "./execution-header.ts";
import type { ExecutionHeader } from "./execution-header.ts";
import { epochOf, periodOf } from "./network.ts";
import { onPendingTransaction } from "./pending-transactions.ts";
import { rpcCall } from "./rpc.ts";

export interface DevStatus {
  readonly height: number;
  readonly slot: number;
  readonly epoch: number;
  readonly period: number;
  readonly fork: string;
  readonly finalizedHeight: number;
  /** Committee members that do not sign. */
  readonly absentees: number;
  readonly offline: boolean;
}

/** How often the pool is looked at anyway, for transactions that the last block did not take. */
const POOL_MS = 1_000;

const poolStatus = z.object({ pending: z.string().regex(/^0x[0-9a-f]+$/) });

export class DevControl {
  readonly chain: BeaconChain;
  readonly #rpcUrl: string;
  readonly #stops: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  #mining = true;
  #closed = false;
  #offline = false;
  /** Seconds the chain's clock is ahead of this machine's. */
  #clockOffset = 0;
  #last: Promise<unknown> = Promise.resolve();
  #equivocation: Equivocation | undefined;

  constructor(chain: BeaconChain, rpcUrl: string) {
    this.chain = chain;
    this.#rpcUrl = rpcUrl;
  }

  /** Mines `blocks`, of which `finalized` is final at once, then goes on every `blockTime` seconds (0: when needed). */
  async start(blocks: number, blockTime: number, finalized: number): Promise<void> {
    await this.#alone(async () => {
      await this.#follow();
      this.chain.decreeFinality(finalized);
      await this.#mine(blocks);
    });
    let waiting = false;
    const turn = (): void => {
      if (waiting || !this.#mining || this.#closed) return;
      waiting = true;
      const work = async (): Promise<void> => {
        waiting = false;
        if (this.#mining && (blockTime > 0 || (await this.#isPending()))) await this.#mine(1);
      };
      // A failing node shows in the next command or beacon request; mining only goes on.
      void this.#alone(work).catch(() => (waiting = false));
    };
    const timer = setInterval(turn, blockTime === 0 ? POOL_MS : blockTime * 1000);
    this.#stops.push(() => clearInterval(timer));
    if (blockTime === 0) this.#stops.push(await onPendingTransaction(this.#rpcUrl, turn));
  }

  /** Called when the chain has other blocks, and when the beacon API goes offline. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows the execution chain to its head. */
  sync(): Promise<void> {
    return this.#alone(() => this.#follow());
  }

  /** Returns the new height. */
  mine(blocks = 1): Promise<number> {
    return this.#alone(() => this.#mine(blocks));
  }

  /** Whether blocks are mined without a command. */
  setMining(mining: boolean): void {
    this.#mining = mining;
  }

  /** Makes `height` (default: the head) final, mining the blocks that takes; returns the finalized height. */
  finalize(height?: number): Promise<number> {
    return this.#alone(async () => {
      await this.#follow();
      const target = height ?? this.chain.height;
      this.chain.decreeFinality(target);
      await this.#mine(Math.max(1, target + 1 - this.chain.height));
      return this.chain.finalizedHeight;
    });
  }

  setFinalityLag(lag: number | "manual"): void {
    if (lag !== "manual" && (!Number.isInteger(lag) || lag < 1))
      throw new CausewayError(
        "INVALID_ARGUMENT",
        `finality lag: expected a whole number from 1, or "manual", got ${lag}`,
      );
    this.chain.finalityLag = lag;
  }

  /** A number takes that many members from the end; an array names their indices. */
  setAbsentees(absent: number | readonly number[]): void {
    const { committeeSize } = this.chain.network;
    this.chain.setAbsentees(
      typeof absent === "number" ? Array.from({ length: absent }, (_, index) => committeeSize - 1 - index) : absent,
    );
  }

  /** Mines one block at least `seconds` after the head, from where the chain's clock goes on; returns its height. */
  advanceTime(seconds: number): Promise<number> {
    return this.#alone(async () => {
      const { timestamp } = await this.#block("latest");
      this.#clockOffset += Math.max(0, Number(timestamp) + seconds - this.#now());
      return this.#mine(1);
    });
  }

  /**
   * Jumps to the next sync committee period and mines until a block in it is final (unless finality is manual); the period
   * that ends gets a final block of its own first, if it has none. Returns the new period.
   */
  rotate(): Promise<number> {
    return this.#alone(async () => {
      const { chain } = this;
      const { network } = chain;
      await this.#follow();
      const period = periodOf(network, chain.head.slot) + 1;
      const start =
        network.genesisTime + period * network.epochsPerPeriod * network.slotsPerEpoch * network.secondsPerSlot;
      const following = (): number => Number(chain.head.execution.timestamp) + 1;
      while (chain.finalityLag !== "manual" && !chain.isPassable(period - 1) && following() < start)
        await this.#mineAt(following());
      await this.#mineAt(start);
      const blocks = chain.finalityLag === "manual" ? 1 : chain.finalityLag;
      for (let mined = 0; mined < blocks; mined += 1) await this.#mineAt(following());
      this.#clockOffset += Math.max(0, Number(chain.head.execution.timestamp) - this.#now());
      return period;
    });
  }

  /** The network decides, from now on, that a fork begins with `epoch`. Throws INVALID_ARGUMENT for one that has begun. */
  scheduleFork(fork: "gloas" | "heze", epoch: number): Promise<void> {
    return this.#alone(async () => {
      await this.#follow();
      this.chain.scheduleFork(fork, epoch);
    });
  }

  /** Replaces the newest `depth` blocks by as many and one more; their transactions are gone. Finalized ones stay. */
  reorg(depth: number): Promise<number> {
    return this.#alone(async () => {
      await this.#follow();
      if (this.chain.height - depth < this.chain.finalizedHeight)
        throw new CausewayError("INVALID_ARGUMENT", `a re-org of ${depth} blocks would undo a finalized one`);
      await this.#rpc("anvil_rollback", depth);
      return this.#mine(depth + 1);
    });
  }

  /** Signs a finality update that contradicts the current one: evidence of misbehaviour. */
  equivocate(): Promise<Equivocation> {
    return this.#alone(async () => {
      await this.#follow();
      this.#equivocation = equivocate(this.chain);
      return this.#equivocation;
    });
  }

  get equivocation(): Equivocation | undefined {
    return this.#equivocation;
  }

  /** The beacon API answers 503 until `goOnline`. */
  goOffline(): void {
    this.#offline = true;
    this.#tellChange();
  }

  goOnline(): void {
    this.#offline = false;
  }

  get offline(): boolean {
    return this.#offline;
  }

  /** Of the chain as it is now. */
  status(): Promise<DevStatus> {
    return this.#alone(async () => {
      await this.#follow();
      const { network, head, height, finalizedHeight, absentees } = this.chain;
      const { slot, fork } = head;
      const place = { height, slot, epoch: epochOf(network, slot), period: periodOf(network, slot), fork };
      return { ...place, finalizedHeight, absentees: absentees.size, offline: this.#offline };
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    await this.#last;
  }

  /** Commands, the timer and requests take turns, so that each sees and leaves a whole chain. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#closed) throw new CausewayError("CANCELLED", "the development chain was stopped");
      return work();
    });
    this.#last = result.catch(() => {});
    return result;
  }

  #now(): number {
    return Math.floor(Date.now() / 1000) + this.#clockOffset;
  }

  #rpc(method: string, ...params: unknown[]): Promise<unknown> {
    return rpcCall(this.#rpcUrl, method, params);
  }

  async #block(height: number | "latest"): Promise<ExecutionHeader> {
    const tag = height === "latest" ? height : `0x${height.toString(16)}`;
    return parseExecutionHeader(await this.#rpc("eth_getBlockByNumber", tag, false));
  }

  async #mineAt(timestamp: number): Promise<void> {
    await this.#rpc("evm_mine", { timestamp });
    await this.#follow();
  }

  async #mine(blocks: number): Promise<number> {
    let { timestamp } = await this.#block("latest");
    for (let mined = 0; mined < blocks; mined += 1) {
      // Several blocks take the seconds that have passed, as far as they reach, before they run ahead of the clock.
      const wanted = BigInt(this.#now() - (blocks - 1 - mined));
      timestamp = wanted > timestamp ? wanted : timestamp + 1n;
      await this.#rpc("evm_mine", { timestamp: Number(timestamp) });
    }
    await this.#follow();
    return this.chain.height;
  }

  async #isPending(): Promise<boolean> {
    const { pending } = poolStatus.parse(await this.#rpc("txpool_status"));
    return BigInt(pending) > 0n;
  }

  async #follow(): Promise<void> {
    const latest = await this.#block("latest");
    const headers = [latest];
    // Down to a block whose parent the beacon chain has, under whatever it holds that the execution chain left.
    for (let first = latest; first.number > 0n && !this.#has(Number(first.number) - 1, first.parentHash);) {
      first = await this.#block(Number(first.number) - 1);
      headers.unshift(first);
    }
    if (this.#has(Number(latest.number), latest.hash) && this.chain.height === Number(latest.number)) return;
    const base = Number(headers[0]?.number ?? 0n) - 1;
    if (base < this.chain.height) this.chain.rollBack(base);
    for (const header of headers) this.chain.append(header);
    this.#tellChange();
  }

  #tellChange(): void {
    for (const listener of this.#listeners) listener();
  }

  #has(height: number, hash: string): boolean {
    return this.chain.at(height)?.execution.hash === hash;
  }
}
