// What a full node derives for light clients from its chain (consensus-specs altair light-client/full-node.md).
import { bytesToHex } from "@noble/hashes/utils.js";
import type { BeaconBlock } from "./beacon-block.ts";
import type { BeaconChain, SyncAggregate } from "./beacon-chain.ts";
import { bootstrapJson, finalityUpdateJson, optimisticUpdateJson, updateJson } from "./light-client-data.ts";
import type { Versioned } from "./light-client-data.ts";
import { periodOf } from "./network.ts";

/** Signatures kept: enough for the head and for a light client that catches up on many periods. */
const KEPT_SIGNATURES = 256;

export class LightClientServer {
  readonly #chain: BeaconChain;
  readonly #signatures = new Map<string, SyncAggregate>();
  #signedBy: ReadonlySet<number>;

  constructor(chain: BeaconChain) {
    this.#chain = chain;
    this.#signedBy = chain.absentees;
  }

  /** Undefined for a block that is unknown or not finalized yet. */
  bootstrap(root: string): Versioned | undefined {
    const block = this.#chain.byRoot(root);
    if (block === undefined || Number(block.execution.number) > this.#chain.finalizedHeight) return undefined;
    return bootstrapJson(block, this.#chain.committee(periodOf(this.#chain.network, block.slot)));
  }

  /** Undefined while nothing is finalized. */
  finalityUpdate(): Versioned | undefined {
    const { head } = this.#chain;
    return head.finalized && finalityUpdateJson(head, head.finalized, this.#aggregate(head));
  }

  optimisticUpdate(): Versioned {
    const { head } = this.#chain;
    return optimisticUpdateJson(head, this.#aggregate(head));
  }

  /** The best update of each period in [start, start + count) that has one; stops at the first that has none. */
  updates(start: number, count: number): Versioned[] {
    const found: Versioned[] = [];
    for (let period = start; period < start + count; period += 1) {
      const attested = this.#chain.bestAttested(period);
      if (attested?.finalized === undefined) break;
      const next = this.#chain.committee(period + 1);
      found.push(updateJson(attested, attested.finalized, this.#aggregate(attested), next));
    }
    return found;
  }

  #aggregate(attested: BeaconBlock): SyncAggregate {
    if (this.#signedBy !== this.#chain.absentees) this.#signatures.clear();
    this.#signedBy = this.#chain.absentees;
    const key = bytesToHex(attested.root);
    let aggregate = this.#signatures.get(key);
    if (aggregate === undefined) {
      if (this.#signatures.size >= KEPT_SIGNATURES) this.#signatures.clear();
      aggregate = this.#chain.sign(attested);
      this.#signatures.set(key, aggregate);
    }
    return aggregate;
  }
}
