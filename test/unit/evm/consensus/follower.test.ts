// The follower's first look: the chain may finalize another block while the state to start from is read.
import { expect, test } from "vitest";
import type { BeaconEndpoint, FinalityUpdate } from "#adapters/evm/consensus/beacon-api.ts";
import { createCommittees } from "#adapters/evm/consensus/committees.ts";
import { createFollower } from "#adapters/evm/consensus/follower.ts";
import type { BlockHeader } from "#adapters/evm/rpc/block-header.ts";
import { fromHex } from "#adapters/evm/rpc/hex.ts";
import { consensusWord, ringPlace } from "#adapters/evm/verify/consensus-state.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const { trusted } = makeBeaconFixture({ committeeSize: 8 });
const word = (digit: bigint): `0x${string}` => `0x${digit.toString().repeat(64)}`;

const blockOf = (number: bigint): BlockHeader => ({
  number,
  hash: word(number),
  parentHash: word(number - 1n),
  timestamp: 1_000n + number,
  stateRoot: word(9n),
  baseFeePerGas: 0n,
  rlp: new Uint8Array(),
});

const startAt = (number: bigint) => {
  const { timestamp, stateRoot } = blockOf(number);
  const held = consensusWord({ height: number, timestamp, stateRoot: fromHex(stateRoot) });
  return {
    ...trusted,
    latestHeight: number,
    latestTimestamp: timestamp,
    ring: trusted.ring.map((_, place) => (place === ringPlace(number) ? held : word(0n))),
  };
};

test("what is final when it starts is final, although an older block was when it was asked", async () => {
  let final = 1n;
  const endpoint = {
    name: "beacon",
    finalityUpdate: async () =>
      ({
        finalized_header: {
          beacon: { slot: trusted.latestSlot },
          execution_block_hash: fromHex(word(final)),
          execution_branch: [],
        },
        signature_slot: trusted.latestSlot + 1n,
      }) as unknown as FinalityUpdate,
  } as unknown as BeaconEndpoint;
  const follower = createFollower({
    start: async () => {
      final = 2n;
      return startAt(final);
    },
    network: async () => trusted,
    committees: createCommittees(),
    header: async (hash) => blockOf(BigInt(hash.slice(0, 3))),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  expect((await follower.finalized(endpoint)).number).toBe(2n);
  expect(follower.verified()).toMatchObject({ state: { latestHeight: 2n }, witnessed: [{ height: 2n }] });
});
