// The Solidity light client opens a packet store and reads membership and absence in it, by real trie proofs.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { packRootProof, packStorageProof } from "#adapters/evm/pack/state-proof.ts";
import { rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import type { RootProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";

const router = "0x00000000000000000000000000000000000c0de5";
const commitmentsSlot = `0x${"5a".repeat(32)}` as const;
const path = utf8ToBytes("client-0/1");
const smallPath = utf8ToBytes("client-0/2");
const value = keccak_256(path);
const small = new Uint8Array(32).with(31, 5);
const emptyRoot = `0x${bytesToHex(keccak_256(Uint8Array.of(0x80)))}` as const;

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
};
const storageRoot = `0x${bytesToHex(state.storageRoot)}` as const;

const deploy = (trusted: BeaconState = fixture.trusted, now = startBlock.timestamp) =>
  deploySolidityBeacon(encodeTrustedState(trusted), now);
const flip = (bytes: Uint8Array, index: number): Uint8Array => bytes.with(index, (bytes[index] ?? 0) ^ 1);

describe("openRoot", () => {
  const open = async (changed: Partial<RootProof>, trusted = fixture.trusted, now = startBlock.timestamp) =>
    (await deploy(trusted, now)).openRoot(packRootProof(rootProof.encode({ ...proof, ...changed })));

  test("gives the storage root and the time of a trusted height", async () => {
    expect(await open({})).toEqual({ root: storageRoot, timestamp: startBlock.timestamp });
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
    expect(await open({}, fixture.trusted, late)).toHaveProperty("root");
    expect(await open({}, fixture.trusted, late + 1n)).toEqual({ reason: "CLIENT_EXPIRED" });
  });

  test("MALFORMED: bytes that are no root proof, or half a node length", async () => {
    const client = await deploy();
    expect(await client.openRoot(packRootProof(Uint8Array.of(1, 2, 3)))).toEqual({ reason: "MALFORMED" });
    const packed = packRootProof(rootProof.encode(proof));
    expect(await client.openRoot(packed.slice(0, 47))).toEqual({ reason: "MALFORMED" });
    expect(await client.openRoot(packed.slice(0, -1))).toEqual({ reason: "MALFORMED" });
  });
});

describe("membership and absence", () => {
  const packed = async (of: Uint8Array): Promise<Uint8Array> =>
    packStorageProof(storageProof.encode(await state.storageProof(of)));

  test("hold for what is there and what is not", async () => {
    const client = await deploy();
    expect(await client.verifyMembership(storageRoot, path, value, await packed(path))).toBeUndefined();
    expect(await client.verifyMembership(storageRoot, smallPath, small, await packed(smallPath))).toBeUndefined();
    for (let index = 0; index < 20; index++) {
      const absent = concatBytes(utf8ToBytes("nothing"), Uint8Array.of(index));
      expect(await client.verifyNonMembership(storageRoot, absent, await packed(absent))).toBeUndefined();
      const claimed = await client.verifyMembership(storageRoot, absent, value, await packed(absent));
      expect(claimed).toEqual({ reason: "VALUE_ABSENT" });
    }
    expect(await client.verifyNonMembership(emptyRoot, path, new Uint8Array(0))).toBeUndefined();
  });

  test("are refused for another value, and for absence of what is there", async () => {
    const client = await deploy();
    const other = await client.verifyMembership(storageRoot, path, flip(value, 31), await packed(path));
    expect(other).toEqual({ reason: "VALUE_MISMATCH" });
    const shifted = await client.verifyMembership(storageRoot, smallPath, small.toReversed(), await packed(smallPath));
    expect(shifted).toEqual({ reason: "VALUE_MISMATCH" });
    const absent = await client.verifyNonMembership(storageRoot, path, await packed(path));
    expect(absent).toEqual({ reason: "VALUE_PRESENT" });
    const empty = await client.verifyMembership(emptyRoot, path, value, new Uint8Array(0));
    expect(empty).toEqual({ reason: "VALUE_ABSENT" });
  });

  test("are refused when the proof is another path's, cut, padded or under another root", async () => {
    const client = await deploy();
    const nodes = await state.storageProof(path);
    const broken = [
      nodes.slice(0, -1),
      nodes.slice(1),
      [],
      [...nodes, ...nodes.slice(-1)],
      nodes.map((node) => flip(node, node.length - 1)),
      nodes.toReversed(),
    ].map((changed) => packStorageProof(storageProof.encode(changed)));
    for (const changed of broken) {
      const invalid = { reason: "INVALID_STORAGE_PROOF" };
      expect(await client.verifyMembership(storageRoot, path, value, changed)).toEqual(invalid);
      expect(await client.verifyNonMembership(storageRoot, path, changed)).toEqual(invalid);
    }
    const elsewhere = await client.verifyMembership(emptyRoot, path, value, await packed(path));
    expect(elsewhere).toEqual({ reason: "INVALID_STORAGE_PROOF" });
    const undecodable = packStorageProof(Uint8Array.of(9));
    expect(await client.verifyNonMembership(storageRoot, path, undecodable)).toEqual({ reason: "MALFORMED" });
  });
});
