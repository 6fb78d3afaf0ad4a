// Finality, attendance and misbehaviour of the development beacon chain.
import { ssz } from "@lodestar/types";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { makeCommittee } from "#scripts/devnet/committee.ts";
import { configSpec } from "#scripts/devnet/config-spec.ts";
import { equivocate } from "#scripts/devnet/equivocation.ts";
import { parseExecutionHeader } from "#scripts/devnet/execution-header.ts";
import { LightClientServer } from "#scripts/devnet/light-client-server.ts";
import { makeChain, makeExecutionHeader, makeNetwork, slotsTo } from "./chain-fixture.ts";
import { folds, signatureHolds } from "./spec-checks.ts";

const network = makeNetwork({ committeeSize: 32 });
const code = (work: () => unknown): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe("committees", () => {
  const { Point } = bls12_381.G1;
  const committee = makeCommittee(network, 3);

  it("have as many different keys as members, and their sum as aggregate", () => {
    expect(new Set(committee.pubkeys.map(bytesToHex)).size).toBe(32);
    const sum = committee.pubkeys.reduce((total, key) => total.add(Point.fromBytes(key)), Point.ZERO);
    expect(bytesToHex(sum.toBytes(true))).toBe(bytesToHex(committee.aggregatePubkey));
  });

  it("share no key with another period, seed or chain", () => {
    const others = [
      makeCommittee(network, 4),
      makeCommittee(makeNetwork({ committeeSize: 32, seed: 8 }), 3),
      makeCommittee(makeNetwork({ committeeSize: 32, chainId: 31338 }), 3),
    ];
    const keys = new Set(committee.pubkeys.map(bytesToHex));
    expect(others.flatMap((other) => other.pubkeys).filter((key) => keys.has(bytesToHex(key)))).toEqual([]);
  });

  it("have the root of the specification's container at 512 members", () => {
    const { pubkeys, aggregatePubkey, root } = makeCommittee(makeNetwork(), 0);
    const expected = ssz.altair.SyncCommittee.hashTreeRoot({ pubkeys: [...pubkeys], aggregatePubkey });
    expect(bytesToHex(root)).toBe(bytesToHex(expected));
  });
});

describe("attendance", () => {
  const full = makeNetwork();
  const context = {
    forkVersion: configSpec(full)["FULU_FORK_VERSION"] ?? "",
    genesisValidatorsRoot: `0x${bytesToHex(full.genesisValidatorsRoot)}`,
  };
  const chain = makeChain(full, slotsTo(4));
  const server = new LightClientServer(chain);
  const finality = () => ssz.fulu.LightClientFinalityUpdate.fromJson(server.finalityUpdate()?.data);

  it("absentees neither count nor sign, from the next answer on", () => {
    expect(finality().syncAggregate.syncCommitteeBits.getTrueBitIndexes()).toHaveLength(512);
    chain.setAbsentees([0, 1, 300, 511]);
    const update = finality();
    const { syncCommitteeBits: bits } = update.syncAggregate;
    expect([bits.get(0), bits.get(2), bits.get(300), bits.get(511)]).toEqual([false, true, false, false]);
    const committee = chain.committee(0);
    expect(signatureHolds(update, committee, context)).toBe(true);
    bits.set(300, true);
    expect(signatureHolds(update, committee, context)).toBe(false);
  });

  it("signs nothing valid when nobody attends", () => {
    chain.setAbsentees(slotsTo(511));
    const update = finality();
    expect(update.syncAggregate.syncCommitteeBits.getTrueBitIndexes()).toEqual([]);
    expect(bytesToHex(update.syncAggregate.syncCommitteeSignature)).toBe(`c0${"00".repeat(95)}`);
    chain.setAbsentees([]);
    expect(signatureHolds(finality(), chain.committee(0), context)).toBe(true);
  });

  it.each([[512], [-1], [1.5]])("refuses absentee %s", (index) => {
    expect(code(() => chain.setAbsentees([index]))).toBe("INVALID_ARGUMENT");
  });
});

describe("finality", () => {
  it("follows the head by the lag and starts above genesis", () => {
    const chain = makeChain(network, slotsTo(2), 2);
    expect(chain.finalizedHeight).toBe(0);
    expect(new LightClientServer(chain).finalityUpdate()).toBeUndefined();
    chain.append(makeExecutionHeader(chain.head.execution, 3));
    expect(chain.finalizedHeight).toBe(1);
  });

  it("waits for a decree when manual, reaches at most the head's parent, and never moves back", () => {
    const chain = makeChain(network, slotsTo(9), "manual");
    expect(chain.finalizedHeight).toBe(0);
    chain.decreeFinality(100);
    chain.append(makeExecutionHeader(chain.head.execution, 10));
    expect(chain.finalizedHeight).toBe(9);
    chain.finalityLag = 5;
    chain.append(makeExecutionHeader(chain.head.execution, 11));
    expect(chain.finalizedHeight).toBe(10);
  });

  it("rolls back what is not final, and nothing else", () => {
    const chain = makeChain(network, slotsTo(9), 3);
    const left = chain.head.root;
    chain.rollBack(7);
    expect(chain.height).toBe(7);
    expect(chain.byRoot(bytesToHex(left))).toBeUndefined();
    chain.append(makeExecutionHeader(chain.head.execution, 8, 1));
    expect(code(() => chain.rollBack(4))).toBe("DEEP_REORG");
    expect(chain.height).toBe(8);
  });

  it("refuses a block that repeats a slot or leaves out a height", () => {
    const chain = makeChain(network, slotsTo(3));
    const next = makeExecutionHeader(chain.head.execution, 4);
    expect(code(() => chain.append(makeExecutionHeader(chain.head.execution, 3)))).toBe("RPC_BAD_ANSWER");
    expect(code(() => chain.append(makeExecutionHeader(next, 5)))).toBe("RPC_BAD_ANSWER");
    expect(chain.height).toBe(3);
  });
});

describe("forks", () => {
  it("begin with their epochs, Electra before Fulu", () => {
    const chain = makeChain(makeNetwork({ fuluEpoch: 1, gloasEpoch: 2, hezeEpoch: 3 }), slotsTo(12));
    expect([0, 3, 4, 7, 8, 11, 12].map((slot) => chain.at(slot)?.fork)).toEqual([
      "electra",
      "electra",
      "fulu",
      "fulu",
      "gloas",
      "gloas",
      "heze",
    ]);
    expect(configSpec(chain.network)).toMatchObject({
      ELECTRA_FORK_EPOCH: "0",
      FULU_FORK_EPOCH: "1",
      GLOAS_FORK_EPOCH: "2",
      HEZE_FORK_EPOCH: "3",
    });
  });

  it("are scheduled for epochs to come, in their order, and moved until they begin", () => {
    const chain = makeChain(makeNetwork(), slotsTo(5));
    expect(configSpec(chain.network)["GLOAS_FORK_EPOCH"]).toBe("18446744073709551615");
    expect(code(() => chain.scheduleFork("gloas", 1))).toBe("INVALID_ARGUMENT");
    chain.scheduleFork("gloas", 3);
    chain.scheduleFork("gloas", 2);
    expect(code(() => chain.scheduleFork("heze", 1))).toBe("INVALID_ARGUMENT");
    chain.scheduleFork("heze", 2);
    expect(code(() => chain.scheduleFork("gloas", 3))).toBe("INVALID_ARGUMENT");
    chain.scheduleFork("heze", 4);
    for (let slot = 6; slot < 10; slot += 1) chain.append(makeExecutionHeader(chain.head.execution, slot));
    expect(chain.head.fork).toBe("gloas");
    expect(code(() => chain.scheduleFork("gloas", 3))).toBe("INVALID_ARGUMENT");
  });
});

describe("equivocation", () => {
  it.each([[undefined], [0]])(
    "contradicts the finalized header with a valid signature (Gloas from %s)",
    (gloasEpoch) => {
      const full = makeNetwork({ gloasEpoch });
      const fork = gloasEpoch === undefined ? "fulu" : "gloas";
      const chain = makeChain(full, slotsTo(5));
      const head = chain.head.root;
      const evidence = equivocate(chain);
      expect(chain.head.root).toEqual(head);
      const type = fork === "fulu" ? ssz.fulu.LightClientFinalityUpdate : ssz.gloas.LightClientFinalityUpdate;
      const honest = type.fromJson(new LightClientServer(chain).finalityUpdate()?.data);
      const forged = type.fromJson(evidence.update.data);
      expect(forged.finalizedHeader.beacon.slot).toBe(honest.finalizedHeader.beacon.slot);
      const { BeaconBlockHeader } = ssz.phase0;
      const root = BeaconBlockHeader.hashTreeRoot(forged.finalizedHeader.beacon);
      expect(bytesToHex(root)).not.toBe(bytesToHex(BeaconBlockHeader.hashTreeRoot(honest.finalizedHeader.beacon)));
      const gindex = BigInt(fork === "fulu" ? 169 : 735);
      expect(folds(root, forged.finalityBranch, gindex, forged.attestedHeader.beacon.stateRoot)).toBe(true);
      const context = {
        forkVersion: configSpec(full)[`${fork.toUpperCase()}_FORK_VERSION`] ?? "",
        genesisValidatorsRoot: `0x${bytesToHex(full.genesisValidatorsRoot)}`,
      };
      expect(signatureHolds(forged, chain.committee(0), context)).toBe(true);
      const hash = bytesToHex(keccak_256(hexToBytes(evidence.executionHeader.slice(2))));
      const header = forged.finalizedHeader as {
        execution?: { blockHash: Uint8Array };
        executionBlockHash?: Uint8Array;
      };
      expect(bytesToHex(header.execution?.blockHash ?? header.executionBlockHash ?? new Uint8Array())).toBe(hash);
      expect(chain.blocks().map((block) => block.execution.hash)).not.toContain(`0x${hash}`);
    },
  );

  it("is refused while nothing is final", () => {
    expect(code(() => equivocate(makeChain(network, slotsTo(3), "manual")))).toBe("NOT_FINAL_YET");
  });
});

describe("execution headers", () => {
  const { hash, ...fields } = makeExecutionHeader(undefined, 0);
  const raw = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "bigint" ? `0x${value.toString(16)}` : value,
    ]),
  );

  it("are read when they hash to what they say", () => {
    expect(parseExecutionHeader({ ...raw, hash })).toEqual({ ...fields, hash });
  });

  it.each([
    ["another hash", { hash: `0x${"12".repeat(32)}` }],
    ["another state root", { stateRoot: `0x${"12".repeat(32)}` }],
    ["a missing field", { requestsHash: undefined }],
    ["a number that is none", { gasUsed: "many" }],
  ])("are refused with %s", (_, change) => {
    expect(code(() => parseExecutionHeader({ ...raw, hash, ...change }))).toBe("RPC_BAD_ANSWER");
  });
});
