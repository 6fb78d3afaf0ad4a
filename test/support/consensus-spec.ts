// Reads the specification's light-client sync vectors (electra, minimal preset) as evidence of ours, step by step.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { bytesToHex } from "@noble/hashes/utils.js";
import { uncompress } from "snappyjs";
import { parse } from "yaml";
import { z } from "zod";
import { consensusWord } from "./beacon-evidence.ts";
import { executionBranch, executionHeaderRlp } from "./consensus-spec-header.ts";
import { beaconHeader, lightClientBootstrap, lightClientUpdate, syncCommittee } from "./consensus-spec-types.ts";
import type { SpecCommittee, SpecHeader, SpecUpdate } from "./consensus-spec-types.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState, RING_SIZE } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { sharedVector } from "./shared-vectors.ts";

const SECONDS_PER_SLOT = 6n;
const SLOTS_PER_EPOCH = 8n;
const EPOCHS_PER_PERIOD = 8n;

/** A step of a case. `now` is Unix seconds. */
export type SpecStep =
  | {
      readonly kind: "update";
      readonly name: string;
      readonly now: bigint;
      /** Canonical `beaconUpdate` bytes. */
      readonly update: Uint8Array;
      /** Slot and root of the finalized header the specification's client holds after the step. */
      readonly finalizedSlot: bigint;
      readonly finalizedRoot: string;
    }
  | {
      readonly kind: "skipped";
      readonly name: string;
      readonly why: string;
      /** Where the specification's own client stands after a forced update, which we do not have: the case goes on from here. */
      readonly trusted?: Uint8Array;
    };

export interface SpecCase {
  readonly name: string;
  /** Canonical trusted state from the case's bootstrap. */
  readonly trusted: Uint8Array;
  readonly steps: readonly SpecStep[];
}

const number = z.string().regex(/^\d+$/).transform(BigInt);
const checks = z.object({ finalized_header: z.object({ slot: number, beacon_root: z.string() }) });
const stepSchema = z.union([
  z.object({ process_update: z.object({ update: z.string(), current_slot: number, checks }) }),
  z.object({ force_update: z.object({ current_slot: number, checks }) }),
]);

const hex = (bytes: Uint8Array): `0x${string}` => `0x${bytesToHex(bytes)}`;
const isZero = (branch: readonly Uint8Array[]): boolean => branch.every((node) => node.every((byte) => byte === 0));
const periodAt = (slot: bigint): bigint => slot / SLOTS_PER_EPOCH / EPOCHS_PER_PERIOD;
const headerRoot = (header: SpecHeader): string => hex(beaconHeader.hashTreeRoot(header.beacon));

/** Reads one case's folder. */
class CaseReader {
  readonly #folder: string;
  readonly #genesisTime: bigint;
  /** Committees learned so far, by period. */
  readonly #committees = new Map<bigint, SpecCommittee>();
  readonly #seen = new Map<string, SpecHeader>();
  readonly trusted: Uint8Array;

  constructor(folder: string) {
    this.#folder = folder;
    const { header, currentSyncCommittee } = lightClientBootstrap.deserialize(this.#ssz("bootstrap"));
    this.#genesisTime = header.execution.timestamp - header.beacon.slot * SECONDS_PER_SLOT;
    this.#committees.set(periodAt(header.beacon.slot), currentSyncCommittee);
    this.trusted = this.#trustedAt(header);
  }

  #ssz(name: string): Uint8Array {
    return uncompress(readFileSync(`${this.#folder}/${name}.ssz_snappy`));
  }

  #yaml(name: string): unknown {
    return parse(readFileSync(`${this.#folder}/${name}.yaml`, "utf8"), { schema: "failsafe" });
  }

  #timeOf(slot: bigint): bigint {
    return this.#genesisTime + slot * SECONDS_PER_SLOT;
  }

  /** A light client that trusts this header and every committee learned so far. */
  #trustedAt({ beacon, execution }: SpecHeader): Uint8Array {
    const meta = z.object({ genesis_validators_root: z.string() }).parse(this.#yaml("meta"));
    const config = z.object({ ELECTRA_FORK_VERSION: z.string() }).parse(this.#yaml("config"));
    const period = periodAt(beacon.slot);
    const rootOf = (at: bigint): `0x${string}` => {
      const committee = this.#committees.get(at);
      return hex(committee === undefined ? new Uint8Array(32) : syncCommittee.hashTreeRoot(committee));
    };
    const block = { number: execution.blockNumber, timestamp: execution.timestamp, stateRoot: execution.stateRoot };
    const ring = Array.from({ length: RING_SIZE }, () => hex(new Uint8Array(32)));
    ring[Number(block.number % BigInt(RING_SIZE))] = consensusWord(block);
    const state: BeaconState = {
      chainId: 1n,
      genesisValidatorsRoot: meta.genesis_validators_root as `0x${string}`,
      genesisTime: this.#genesisTime,
      secondsPerSlot: SECONDS_PER_SLOT,
      slotsPerEpoch: SLOTS_PER_EPOCH,
      epochsPerPeriod: EPOCHS_PER_PERIOD,
      committeeSize: 32n,
      trustingPeriod: 86_400n,
      maxClockDrift: 0n,
      router: `0x${"11".repeat(20)}`,
      commitmentsSlot: `0x${"22".repeat(32)}`,
      forks: [
        {
          epoch: 0n,
          version: config.ELECTRA_FORK_VERSION as `0x${string}`,
          finalizedRootGindex: 169,
          nextSyncCommitteeGindex: 87,
          executionBlockHashGindex: 812,
        },
      ],
      frozen: false,
      latestHeight: block.number,
      latestTimestamp: block.timestamp,
      latestSlot: beacon.slot,
      period,
      committeeRoot: rootOf(period),
      nextCommitteeRoot: rootOf(period + 1n),
      ring,
    };
    return encodeTrustedState(state);
  }

  /** Canonical bytes, or why the update cannot be put into our form. */
  #evidence(update: SpecUpdate): Uint8Array | string {
    if (isZero(update.finalityBranch)) return "it carries no finality, which our evidence requires";
    const executionHeader = executionHeaderRlp(update.finalizedHeader);
    if (executionHeader === undefined) return "its execution block header cannot be rebuilt from the payload header";
    const signers = this.#committees.get(periodAt(update.signatureSlot));
    if (signers === undefined) return "the committee that signed it is nowhere in the case";
    const hasNext = !isZero(update.nextSyncCommitteeBranch);
    return beaconUpdate.encode({
      attestedHeader: update.attestedHeader.beacon,
      finalizedHeader: update.finalizedHeader.beacon,
      finalityBranch: update.finalityBranch,
      executionBranch: executionBranch(update.finalizedHeader),
      executionHeader,
      nextSyncCommittee: hasNext ? [update.nextSyncCommittee] : [],
      nextSyncCommitteeBranch: hasNext ? update.nextSyncCommitteeBranch : [],
      syncCommittee: signers,
      syncCommitteeBits: update.syncAggregate.syncCommitteeBits.uint8Array,
      syncCommitteeSignature: update.syncAggregate.syncCommitteeSignature,
      signatureSlot: update.signatureSlot,
    });
  }

  #read(raw: unknown, index: number): SpecStep {
    const step = stepSchema.parse(raw);
    if ("force_update" in step) {
      const { slot, beacon_root: root } = step.force_update.checks.finalized_header;
      const header = this.#seen.get(root);
      const name = `${index} force_update to slot ${slot}`;
      const why = "it trusts a header that is not final, which our light client never does";
      return header === undefined
        ? { kind: "skipped", name, why }
        : { kind: "skipped", name, why, trusted: this.#trustedAt(header) };
    }
    const { update: file, current_slot: slot, checks: expected } = step.process_update;
    const name = `${index} ${file.slice(0, 15)}${file.slice(-3)}`;
    const update = lightClientUpdate.deserialize(this.#ssz(file));
    const evidence = this.#evidence(update);
    this.#seen.set(headerRoot(update.attestedHeader), update.attestedHeader);
    if (!isZero(update.nextSyncCommitteeBranch))
      this.#committees.set(periodAt(update.attestedHeader.beacon.slot) + 1n, update.nextSyncCommittee);
    if (typeof evidence === "string") return { kind: "skipped", name, why: evidence };
    const { slot: finalizedSlot, beacon_root: finalizedRoot } = expected.finalized_header;
    return { kind: "update", name, now: this.#timeOf(slot), update: evidence, finalizedSlot, finalizedRoot };
  }

  steps(): SpecStep[] {
    return z
      .array(z.unknown())
      .parse(this.#yaml("steps"))
      .map((step, index) => this.#read(step, index));
  }
}

/** Every case of the collection; empty where it is not installed. */
export function consensusSpecCases(): SpecCase[] {
  const root = sharedVector("ethereum-light-client/electra-minimal");
  if (root === undefined) return [];
  return readdirSync(root)
    .filter((name) => existsSync(`${root}/${name}/steps.yaml`))
    .sort()
    .map((name) => {
      const reader = new CaseReader(`${root}/${name}`);
      return { name, trusted: reader.trusted, steps: reader.steps() };
    });
}
