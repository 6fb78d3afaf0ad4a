// The Solidity light client finds the packet store and reads membership and absence in it, by real trie proofs.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import type { RootProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";
import { verifyUnder } from "#test/support/storage-claims.ts";
import type { ProvenClaim } from "#test/support/storage-claims.ts";

const router = "0x00000000000000000000000000000000000c0de5";
const commitmentsSlot = `0x${"5a".repeat(32)}` as const;
const path = utf8ToBytes("client-0/1");
const smallPath = utf8ToBytes("client-0/2");
const value = keccak_256(path);
const small = new Uint8Array(32).with(31, 5);
const emptyRoot = keccak_256(Uint8Array.of(0x80));

const state = await makeStateFixture({
  router,
  commitmentsSlot,
  commitments: [
    { path, value },
    { path: smallPath, value: small },
  ],
});
const fixture = makeBeaconFixture({ committeeSize: 8, router, commitmentsSlot, stateRoot: state.stateRoot });
const { startBlock } = fixture;
const proof: RootProof = {
  height: startBlock.number,
  timestamp: startBlock.timestamp,
  stateRoot: state.stateRoot,
  accountProof: state.accountProof,
  ancestry: [],
};
const { storageRoot } = state;

const deploy = (trusted: BeaconState = fixture.trusted, now = startBlock.timestamp) =>
  deploySolidityBeacon(encodeTrustedState(trusted), now);
const flip = (bytes: Uint8Array, index: number): Uint8Array => bytes.with(index, (bytes[index] ?? 0) ^ 1);

describe("the root proof", () => {
  const open = async (changed: Partial<RootProof>, trusted = fixture.trusted, now = startBlock.timestamp) =>
    (await deploy(trusted, now)).verify([], packStateProof(rootProof.encode({ ...proof, ...changed }), []));

  test("leads to the packet store at a trusted height, and gives its time", async () => {
    expect(await open({})).toEqual({ timestamp: startBlock.timestamp });
  });

  test.each<[string, Partial<RootProof>]>([
    ["another height", { height: startBlock.number + 61n }],
    ["another time", { timestamp: startBlock.timestamp + 1n }],
    ["another state root", { stateRoot: flip(state.stateRoot, 0) }],
  ])("UNKNOWN_HEIGHT: %s", async (_, changed) => {
    expect(await open(changed)).toEqual({ reason: "UNKNOWN_HEIGHT" });
  });

  test.each<[string, Uint8Array[]]>([
    ["no nodes", []],
    ["the last node missing", state.accountProof.slice(0, -1)],
    ["the first node missing", state.accountProof.slice(1)],
    ["a node twice", state.accountProof.flatMap((node, index) => (index === 1 ? [node, node] : [node]))],
    ["an empty node more", [...state.accountProof, new Uint8Array(0)]],
    ["a byte changed", state.accountProof.map((node, index) => (index === 1 ? flip(node, 40) : node))],
    ["nodes in another order", state.accountProof.toReversed()],
  ])("INVALID_ACCOUNT_PROOF: %s", async (_, accountProof) => {
    expect(await open({ accountProof })).toEqual({ reason: "INVALID_ACCOUNT_PROOF" });
  });

  test("INVALID_ACCOUNT_PROOF: the router has no account", async () => {
    const other = `0x${"01".repeat(20)}` as const;
    expect(await open({}, { ...fixture.trusted, router: other })).toEqual({ reason: "INVALID_ACCOUNT_PROOF" });
  });

  test("is refused by a frozen or expired client", async () => {
    expect(await open({}, { ...fixture.trusted, frozen: true })).toEqual({ reason: "CLIENT_FROZEN" });
    const late = startBlock.timestamp + fixture.trusted.trustingPeriod;
    expect(await open({}, fixture.trusted, late)).toHaveProperty("timestamp");
    expect(await open({}, fixture.trusted, late + 1n)).toEqual({ reason: "CLIENT_EXPIRED" });
  });

  test("MALFORMED: bytes that are no root proof, or part of one", async () => {
    const client = await deploy();
    expect(await client.verify([], packStateProof(Uint8Array.of(1, 2, 3), []))).toEqual({ reason: "MALFORMED" });
    const packed = packStateProof(rootProof.encode(proof), []);
    for (const cut of [0, 47, 49, 50, packed.length - 1])
      expect(await client.verify([], packed.slice(0, cut)), `cut at ${cut}`).toEqual({ reason: "MALFORMED" });
    expect(await client.verify([], Uint8Array.of(...packed, 0))).toEqual({ reason: "MALFORMED" });
  });
});

describe("membership and absence", () => {
  const claim = async (of: Uint8Array, held?: Uint8Array): Promise<ProvenClaim> => ({
    path: of,
    value: held,
    proof: storageProof.encode(await state.storageProof(of)),
  });
  const under = async (root: Uint8Array, ...claims: readonly ProvenClaim[]) =>
    verifyUnder(await deploy(), fixture.trusted, root, claims);
  const NO_NODES = storageProof.encode([]);

  test("hold for what is there and what is not, all in one call", async () => {
    const absent = Array.from({ length: 20 }, (_, index) => concatBytes(utf8ToBytes("nothing"), Uint8Array.of(index)));
    const there = [await claim(path, value), await claim(smallPath, small), await claim(path, value)];
    const notThere = await Promise.all(absent.map((each) => claim(each)));
    expect(await under(storageRoot, ...there, ...notThere)).toBeUndefined();
    expect(await under(storageRoot, ...notThere, ...there)).toBeUndefined();
    for (const each of absent)
      expect(await under(storageRoot, ...there, await claim(each, value))).toEqual({ reason: "VALUE_ABSENT" });
    expect(await under(emptyRoot, { path, proof: NO_NODES })).toBeUndefined();
  });

  test("are refused for another value, and for absence of what is there", async () => {
    const mismatch = { reason: "VALUE_MISMATCH" };
    expect(await under(storageRoot, await claim(path, flip(value, 31)))).toEqual(mismatch);
    expect(await under(storageRoot, await claim(smallPath, small.toReversed()))).toEqual(mismatch);
    expect(await under(storageRoot, await claim(path))).toEqual({ reason: "VALUE_PRESENT" });
    expect(await under(emptyRoot, { path, value, proof: NO_NODES })).toEqual({ reason: "VALUE_ABSENT" });
  });

  test("the first claim that does not hold gives the reason", async () => {
    const [wrong, missing] = [await claim(path, small), await claim(utf8ToBytes("nothing"), value)];
    const good = await claim(path, value);
    const undecodable = { path, value, proof: Uint8Array.of(9) };
    expect(await under(storageRoot, good, wrong, missing, undecodable)).toEqual({ reason: "VALUE_MISMATCH" });
    expect(await under(storageRoot, good, missing, wrong, undecodable)).toEqual({ reason: "VALUE_ABSENT" });
    expect(await under(storageRoot, good, undecodable, wrong, missing)).toEqual({ reason: "MALFORMED" });
  });

  test("are refused when the proof is another path's, cut, padded or under another root", async () => {
    const nodes = await state.storageProof(path);
    const broken = [
      nodes.slice(0, -1),
      nodes.slice(1),
      [],
      [...nodes, ...nodes.slice(-1)],
      nodes.map((node) => flip(node, node.length - 1)),
      nodes.toReversed(),
      await state.storageProof(smallPath),
    ].map((changed) => storageProof.encode(changed));
    for (const changed of broken) {
      const invalid = { reason: "INVALID_STORAGE_PROOF" };
      expect(await under(storageRoot, { path, value, proof: changed })).toEqual(invalid);
      expect(await under(storageRoot, { path, proof: changed })).toEqual(invalid);
    }
    expect(await under(emptyRoot, await claim(path, value))).toEqual({ reason: "INVALID_STORAGE_PROOF" });
    expect(await under(storageRoot, { path, proof: Uint8Array.of(9) })).toEqual({ reason: "MALFORMED" });
  });
});
