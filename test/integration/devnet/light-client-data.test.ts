// The development beacon's light-client data, checked with the specification's containers as another project has them.
import { ssz } from "@lodestar/types";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { EXECUTION_PAYLOAD_GINDEX, GINDICES } from "#scripts/devnet/beacon-block.ts";
import { configSpec } from "#scripts/devnet/config-spec.ts";
import { LightClientServer } from "#scripts/devnet/light-client-server.ts";
import { makeChain, makeNetwork, slotsTo } from "./chain-fixture.ts";
import { folds, signatureHolds } from "./spec-checks.ts";

const gindex = (type: typeof ssz.fulu.BeaconState | typeof ssz.gloas.BeaconState, path: string[]): bigint =>
  type.getPathInfo(path).gindex;

const STATE = {
  fulu: {
    finalized: gindex(ssz.fulu.BeaconState, ["finalizedCheckpoint", "root"]),
    current: gindex(ssz.fulu.BeaconState, ["currentSyncCommittee"]),
    next: gindex(ssz.fulu.BeaconState, ["nextSyncCommittee"]),
  },
  gloas: {
    finalized: gindex(ssz.gloas.BeaconState, ["finalizedCheckpoint", "root"]),
    current: gindex(ssz.gloas.BeaconState, ["currentSyncCommittee"]),
    next: gindex(ssz.gloas.BeaconState, ["nextSyncCommittee"]),
  },
};
const PAYLOAD = ssz.fulu.BeaconBlockBody.getPathInfo(["executionPayload"]).gindex;
const PAYLOAD_HASH = ssz.fulu.BeaconBlockBody.getPathInfo(["executionPayload", "blockHash"]).gindex;
const PARENT_HASH = ssz.gloas.BeaconBlockBody.getPathInfo([
  "signedExecutionPayloadBid",
  "message",
  "parentBlockHash",
]).gindex;

const headerRoot = (header: ReturnType<typeof ssz.phase0.BeaconBlockHeader.defaultValue>): Uint8Array =>
  ssz.phase0.BeaconBlockHeader.hashTreeRoot(header);

const network = makeNetwork();
const chain = makeChain(network, slotsTo(20));
const server = new LightClientServer(chain);
const spec = configSpec(network);
const context = {
  forkVersion: spec["FULU_FORK_VERSION"] ?? "",
  genesisValidatorsRoot: `0x${bytesToHex(network.genesisValidatorsRoot)}`,
};

describe("generalized indices", () => {
  it("are the specification's", () => {
    expect(GINDICES.fulu).toEqual({
      finalizedRoot: Number(STATE.fulu.finalized),
      currentCommittee: Number(STATE.fulu.current),
      nextCommittee: Number(STATE.fulu.next),
      executionBlockHash: Number(PAYLOAD_HASH),
    });
    expect(EXECUTION_PAYLOAD_GINDEX).toBe(Number(PAYLOAD));
    expect(GINDICES.electra).toEqual(GINDICES.fulu);
    expect(GINDICES.gloas).toEqual({
      finalizedRoot: Number(STATE.gloas.finalized),
      currentCommittee: Number(STATE.gloas.current),
      nextCommittee: Number(STATE.gloas.next),
      executionBlockHash: Number(PARENT_HASH),
    });
  });
});

describe("under Fulu", () => {
  const update = (period: number) => {
    const [found] = server.updates(period, 1);
    if (found === undefined) throw new Error(`no update of period ${period}`);
    expect(found.version).toBe("fulu");
    return { value: ssz.fulu.LightClientUpdate.fromJson(found.data), json: found.data };
  };

  it("an update is the container's JSON and proves finality, payload and next committee", () => {
    const { value, json } = update(1);
    expect(ssz.fulu.LightClientUpdate.toJson(value)).toEqual(json);
    const { stateRoot } = value.attestedHeader.beacon;
    const finalized = headerRoot(value.finalizedHeader.beacon);
    expect(folds(finalized, value.finalityBranch, STATE.fulu.finalized, stateRoot)).toBe(true);
    const next = ssz.altair.SyncCommittee.hashTreeRoot(value.nextSyncCommittee);
    expect(folds(next, value.nextSyncCommitteeBranch, STATE.fulu.next, stateRoot)).toBe(true);
    for (const header of [value.attestedHeader, value.finalizedHeader]) {
      const payload = ssz.deneb.ExecutionPayloadHeader.hashTreeRoot(header.execution);
      expect(folds(payload, header.executionBranch, PAYLOAD, header.beacon.bodyRoot)).toBe(true);
      const block = chain.bySlot(header.beacon.slot);
      expect(bytesToHex(headerRoot(header.beacon))).toBe(bytesToHex(block?.root ?? new Uint8Array()));
      expect(`0x${bytesToHex(header.execution.blockHash)}`).toBe(block?.execution.hash);
    }
  });

  it("proves the payload's block hash at the index the light clients use", () => {
    const block = chain.at(5);
    if (block === undefined) throw new Error("no block");
    const hash = hexToBytes(block.execution.hash.slice(2));
    expect(folds(hash, block.body.branch(Number(PAYLOAD_HASH)), PAYLOAD_HASH, block.header.bodyRoot)).toBe(true);
    expect(folds(hash, block.body.branch(Number(PAYLOAD_HASH) ^ 1), PAYLOAD_HASH ^ 1n, block.header.bodyRoot)).toBe(
      false,
    );
  });

  it("headers form a chain by their parent roots", () => {
    for (const [index, block] of chain.blocks().entries())
      if (index > 0) expect(block.header.parentRoot).toEqual(chain.at(index - 1)?.root);
  });

  it("an update is signed by its period's committee, and by no other", () => {
    const signed = update(1).value;
    const committee = update(0).value.nextSyncCommittee;
    expect(signatureHolds(signed, committee, context)).toBe(true);
    expect(signatureHolds(signed, update(1).value.nextSyncCommittee, context)).toBe(false);
    const otherFork = { ...context, forkVersion: spec["GLOAS_FORK_VERSION"] ?? "" };
    expect(signatureHolds(signed, committee, otherFork)).toBe(false);
    const otherNetwork = { ...context, genesisValidatorsRoot: `0x${"11".repeat(32)}` };
    expect(signatureHolds(signed, committee, otherNetwork)).toBe(false);
    // Through JSON: a spread would take the container's cached root along.
    const json = ssz.phase0.BeaconBlockHeader.toJson(signed.attestedHeader.beacon) as Record<string, string>;
    const beacon = ssz.phase0.BeaconBlockHeader.fromJson({ ...json, slot: "1" });
    expect(signatureHolds({ ...signed, attestedHeader: { beacon } }, committee, context)).toBe(false);
  });

  it("an update is attested, signed and finalized in its own period when that is possible", () => {
    for (const period of [0, 1]) {
      const { value } = update(period);
      const periods = [value.attestedHeader.beacon.slot, value.signatureSlot, value.finalizedHeader.beacon.slot];
      expect(periods.map((slot) => Math.floor(slot / 8))).toEqual([period, period, period]);
    }
  });

  it("stops at a period that has no update", () => {
    expect(server.updates(0, 10)).toHaveLength(3);
    expect(server.updates(3, 1)).toHaveLength(0);
  });

  it("a bootstrap proves the committee of its block's period", () => {
    const block = chain.at(9);
    const found = server.bootstrap(bytesToHex(block?.root ?? new Uint8Array()));
    const value = ssz.fulu.LightClientBootstrap.fromJson(found?.data);
    const committee = ssz.altair.SyncCommittee.hashTreeRoot(value.currentSyncCommittee);
    const { stateRoot } = value.header.beacon;
    expect(folds(committee, value.currentSyncCommitteeBranch, STATE.fulu.current, stateRoot)).toBe(true);
    expect(folds(committee, value.currentSyncCommitteeBranch, STATE.fulu.next, stateRoot)).toBe(false);
    const before = update(0).value.nextSyncCommittee;
    expect(ssz.altair.SyncCommittee.equals(value.currentSyncCommittee, before)).toBe(true);
  });

  it("gives no bootstrap of a block that is unknown or not finalized", () => {
    expect(server.bootstrap("00".repeat(32))).toBeUndefined();
    expect(server.bootstrap(bytesToHex(chain.head.root))).toBeUndefined();
  });

  it("finality and optimistic updates are of the head", () => {
    const finality = server.finalityUpdate();
    const value = ssz.fulu.LightClientFinalityUpdate.fromJson(finality?.data);
    expect(ssz.fulu.LightClientFinalityUpdate.toJson(value)).toEqual(finality?.data);
    expect([value.attestedHeader.beacon.slot, value.finalizedHeader.beacon.slot, value.signatureSlot]).toEqual([
      20, 18, 21,
    ]);
    const optimistic = server.optimisticUpdate();
    const other = ssz.fulu.LightClientOptimisticUpdate.fromJson(optimistic.data);
    expect(ssz.fulu.LightClientOptimisticUpdate.toJson(other)).toEqual(optimistic.data);
  });
});

describe("through the Gloas fork", () => {
  // Slots 0 to 7 are Fulu, from 8 on (epoch 2) Gloas.
  const forked = makeNetwork({ gloasEpoch: 2 });
  const forkChain = makeChain(forked, slotsTo(9));
  const forkSpec = configSpec(forked);

  it("brings an older finalized header forward: leading zeros, then the branch of the payload's hash", () => {
    const found = new LightClientServer(forkChain).finalityUpdate();
    expect(found?.version).toBe("gloas");
    const value = ssz.gloas.LightClientFinalityUpdate.fromJson(found?.data);
    expect(ssz.gloas.LightClientFinalityUpdate.toJson(value)).toEqual(found?.data);
    expect([value.attestedHeader.beacon.slot, value.finalizedHeader.beacon.slot]).toEqual([9, 7]);
    const { beacon, executionBranch, executionBlockHash } = value.finalizedHeader;
    expect(executionBranch.slice(0, 2)).toEqual([new Uint8Array(32), new Uint8Array(32)]);
    expect(folds(executionBlockHash, executionBranch.slice(2), PAYLOAD_HASH, beacon.bodyRoot)).toBe(true);
    expect(`0x${bytesToHex(executionBlockHash)}`).toBe(forkChain.at(7)?.execution.hash);
    const { stateRoot } = value.attestedHeader.beacon;
    expect(folds(headerRoot(beacon), value.finalityBranch, STATE.gloas.finalized, stateRoot)).toBe(true);
  });

  it("signs the last Fulu block with Fulu's version and the first Gloas block with Gloas's", () => {
    const root = { genesisValidatorsRoot: `0x${bytesToHex(forked.genesisValidatorsRoot)}` };
    for (const [height, right, wrong] of [
      [7, "FULU", "GLOAS"],
      [8, "GLOAS", "FULU"],
    ] as const) {
      const block = forkChain.at(height);
      if (block === undefined) throw new Error("no block");
      const { bits, signature } = forkChain.sign(block);
      const update = {
        attestedHeader: { beacon: block.header },
        syncAggregate: ssz.altair.SyncAggregate.fromJson({
          sync_committee_bits: `0x${bytesToHex(bits)}`,
          sync_committee_signature: `0x${bytesToHex(signature)}`,
        }),
      };
      const committee = forkChain.committee(1);
      const version = (fork: string) => ({ ...root, forkVersion: forkSpec[`${fork}_FORK_VERSION`] ?? "" });
      expect(signatureHolds(update, committee, version(right))).toBe(true);
      expect(signatureHolds(update, committee, version(wrong))).toBe(false);
    }
  });

  it("a Gloas header proves its parent's payload, not its own", () => {
    const later = makeChain(forked, slotsTo(14));
    const found = new LightClientServer(later).updates(1, 1)[0];
    const value = ssz.gloas.LightClientUpdate.fromJson(found?.data);
    expect(ssz.gloas.LightClientUpdate.toJson(value)).toEqual(found?.data);
    const { beacon, executionBranch, executionBlockHash } = value.finalizedHeader;
    expect(folds(executionBlockHash, executionBranch, PARENT_HASH, beacon.bodyRoot)).toBe(true);
    expect(`0x${bytesToHex(executionBlockHash)}`).toBe(later.at(beacon.slot - 1)?.execution.hash);
    const { stateRoot } = value.attestedHeader.beacon;
    const next = ssz.altair.SyncCommittee.hashTreeRoot(value.nextSyncCommittee);
    expect(folds(next, value.nextSyncCommitteeBranch, STATE.gloas.next, stateRoot)).toBe(true);
    expect(folds(next, value.nextSyncCommitteeBranch, STATE.gloas.current, stateRoot)).toBe(false);
    const bootstrap = new LightClientServer(later).bootstrap(bytesToHex(later.at(12)?.root ?? new Uint8Array()));
    const { header, ...committee } = ssz.gloas.LightClientBootstrap.fromJson(bootstrap?.data);
    const root = ssz.altair.SyncCommittee.hashTreeRoot(committee.currentSyncCommittee);
    expect(folds(root, committee.currentSyncCommitteeBranch, STATE.gloas.current, header.beacon.stateRoot)).toBe(true);
  });
});
