// Forks that are scheduled, moved or unheard of while the adapter's consensus follows a development chain.
import { afterEach, describe, expect, test } from "vitest";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain, DevChainOptions } from "#scripts/devnet/dev-chain.ts";
import { consensusOver, followDevChain } from "#test/support/followed-chain.ts";
import type { FollowedChain } from "#test/support/followed-chain.ts";

const chains: DevChain[] = [];
afterEach(() => Promise.all(chains.splice(0).map((chain) => chain.stop())));

async function follow(options: Partial<DevChainOptions> = {}): Promise<FollowedChain> {
  const followed = await followDevChain({ committeeSize: 32, slotsPerEpoch: 8, epochsPerPeriod: 64, ...options });
  chains.push(followed.chain);
  return followed;
}

const mineTo = async ({ control }: DevChain, epoch: number): Promise<void> => {
  while ((await control.status()).epoch < epoch) await control.mine();
  await control.mine(2);
};

const EVERYONE = { everyone: true };

describe("finality", () => {
  test("is followed into a fork that was scheduled on the way", async () => {
    const { chain, consensus } = await follow();
    await consensus.finalized();
    await chain.control.scheduleFork("gloas", 3);
    await mineTo(chain, 3);
    const { state } = await consensus.own.verified();
    expect(state.latestSlot).toBeGreaterThanOrEqual(3n * 8n);
  });

  test("is followed into a fork that was moved", async () => {
    const { chain, consensus } = await follow({ gloasEpoch: 3 });
    await consensus.finalized();
    await chain.control.scheduleFork("gloas", 4);
    await mineTo(chain, 3);
    const before = await consensus.finalized();
    await mineTo(chain, 4);
    expect((await consensus.finalized()).number).toBeGreaterThan(before.number);
  });

  test("under a fork that this software has never heard of waits for an update of it, and says so", async () => {
    const { chain, consensus } = await follow({ gloasEpoch: 0, hezeEpoch: 3 });
    await consensus.finalized();
    await mineTo(chain, 3);
    const refused = consensus.finalized();
    await expect(refused).rejects.toMatchObject({ code: "FORK_UNKNOWN", context: { fork: "heze", epoch: 3n } });
    await expect(refused).rejects.toThrow(/heze/);
    await expect(refused).rejects.toHaveProperty("hint", expect.stringContaining("update"));
  });
});

test("a light client that is behind is brought near a fork it does not know, as far as updates lead", async () => {
  const { chain, consensus, state } = await follow({ epochsPerPeriod: 8 });
  await chain.control.scheduleFork("gloas", 28);
  for (let period = 0; period < 3; period += 1) await chain.control.rotate();
  await chain.control.advanceTime(28 * 8 - (await chain.control.status()).slot);
  await chain.control.mine(2);
  const request = { now: state.latestTimestamp, minHeight: 0n, minTimestamp: 0n, mostWork: 600 };
  const reached = await consensus.advance({ ...request, state });
  expect(reached).toMatchObject({ isComplete: false, state: { period: 2n } });
  const again = consensus.advance({ ...request, state: reached.state });
  await expect(again).rejects.toMatchObject({ code: "EVIDENCE_REFUSED" });
  const [row] = await consensus.unknownForks(reached.state, EVERYONE);
  if (row?.remedy.kind !== "add") throw new Error("the fork cannot be added");
  const told = { ...reached.state, forks: [...reached.state.forks, row.remedy.row] };
  expect(await consensus.advance({ ...request, state: told })).toMatchObject({ isComplete: true });
});

describe("what a light client lacks", () => {
  test("is nothing for one that was just created", async () => {
    const { consensus, state } = await follow({ gloasEpoch: 5 });
    expect(await consensus.unknownForks(state, EVERYONE)).toEqual([]);
  });

  test("is a fork that was scheduled since, before and after it begins", async () => {
    const { chain, consensus, state } = await follow();
    await chain.control.scheduleFork("gloas", 3);
    const [ahead, ...more] = await consensus.unknownForks(state, EVERYONE);
    expect(more).toEqual([]);
    expect(ahead).toMatchObject({
      name: "gloas",
      epoch: 3n,
      hasBegun: false,
      beginsAt: state.genesisTime + 24n,
      remedy: { kind: "add", row: { epoch: 3n, finalizedRootGindex: 735 } },
    });
    await mineTo(chain, 3);
    expect(await consensus.unknownForks(state, EVERYONE)).toMatchObject([{ name: "gloas", hasBegun: true }]);
  });

  test("is a fork that this software has never heard of", async () => {
    const { chain, consensus, state } = await follow();
    await chain.control.scheduleFork("gloas", 3);
    await chain.control.scheduleFork("heze", 4);
    expect(await consensus.unknownForks(state, EVERYONE)).toMatchObject([
      { name: "gloas", remedy: { kind: "add" } },
      { name: "heze", epoch: 4n, remedy: { kind: "update software" } },
    ]);
  });

  test("is nothing that endpoints disagree about", async () => {
    const { chain, state } = await follow();
    const twin = await startDevChain({ chainId: chain.chainId, committeeSize: 32, blockTime: 0, gloasEpoch: 5 });
    chains.push(twin);
    const both = consensusOver(chain, [chain.beaconUrl, twin.beaconUrl]);
    await expect(both.unknownForks(state, EVERYONE)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
    expect(await both.unknownForks(state, { everyone: false })).toEqual([]);
    twin.control.goOffline();
    await expect(both.unknownForks(state, EVERYONE)).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
  });

  test("is not asked of another chain's endpoint", async () => {
    const { state } = await follow();
    const other = await follow({ seed: 9 });
    await expect(other.consensus.unknownForks(state, EVERYONE)).rejects.toThrow("another beacon chain");
  });
});
