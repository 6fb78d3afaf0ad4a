// When a block will be final: by checkpoints where the chain finalizes by them, else as fast as it was.
import { expect, test } from "vitest";
import { expectedFinality } from "#adapters/evm/lookup/expected-finality.ts";

const mainnet = { genesisTime: 1_606_824_023n, secondsPerSlot: 12n, slotsPerEpoch: 32n };
const EPOCH = 384n;
const at = (epoch: bigint, slots = 0n): bigint => mainnet.genesisTime + epoch * EPOCH + slots * 12n;

test.each([
  ["the first block of an epoch", at(100n), at(102n, 1n)],
  ["the one after it, which only the next checkpoint covers", at(100n, 1n), at(103n, 1n)],
  ["the last block of an epoch", at(100n, 31n), at(103n, 1n)],
])("%s", (_, timestamp, expected) => {
  const head = { timestamp: at(101n, 3n), finalizedTimestamp: at(98n, 31n) };
  expect(expectedFinality(timestamp, head, mainnet)).toBe(expected);
});

test("a chain that finalizes its last block at once does so again", () => {
  const head = { timestamp: 1_000n, finalizedTimestamp: 999n };
  expect(expectedFinality(1_000n, head, { genesisTime: 0n, secondsPerSlot: 1n, slotsPerEpoch: 8n })).toBe(1_002n);
});

test("when finality stands still, what was expected stays where it was", () => {
  const early = { timestamp: at(103n), finalizedTimestamp: at(100n) };
  const late = { timestamp: at(200n), finalizedTimestamp: at(100n) };
  const timestamp = at(101n, 5n);
  expect(expectedFinality(timestamp, late, mainnet)).toBe(expectedFinality(timestamp, early, mainnet));
});
