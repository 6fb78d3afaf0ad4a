// Relaying across sync committee periods and the Gloas fork: the light client catches up however far it is behind.
import { afterEach, describe, expect, test } from "vitest";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { never } from "#test/conformance/relay.ts";
import { openEvmBench } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";
import { relayMessage, rotate, toEpoch } from "#test/support/crossing.ts";

let bench: EvmBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const SIZES = { committeeSize: 32, slotsPerEpoch: 8, epochsPerPeriod: 8 };

const periodOf = async ({ b }: EvmBench): Promise<bigint> =>
  decodeTrustedState((await b.chain.target.trusted(b.clientId)).state)?.period ?? -1n;

describe("periods", () => {
  test.each([
    ["under Fulu rules", undefined],
    ["into Gloas", 13],
  ])("a light client three periods behind catches up in one batch, %s", async (_, gloasEpoch) => {
    bench = await openEvmBench({ ...SIZES, ...(gloasEpoch === undefined ? {} : { gloasEpoch }) });
    const before = await periodOf(bench);
    await relayMessage(bench);
    for (let count = 0; count < 3; count += 1) await rotate(bench);
    await relayMessage(bench);
    expect(await periodOf(bench)).toBeGreaterThanOrEqual(before + 2n);
    await relayMessage(bench);
  });

  // Fulu begins in the middle of the second period, Gloas in the middle of the third; nobody crosses one by being slow.
  test("messages are relayed under Electra, Fulu and Gloas, before, between and after rotations", async () => {
    bench = await openEvmBench({ ...SIZES, epochsPerPeriod: 64, fuluEpoch: 96, gloasEpoch: 160 });
    const { dev } = bench.a;
    const seen: string[] = [];
    const deliver = async (): Promise<void> => {
      await relayMessage(bench as EvmBench);
      seen.push(`${(await dev.control.status()).fork} in period ${await periodOf(bench as EvmBench)}`);
    };
    await deliver();
    await rotate(bench);
    await deliver();
    await toEpoch(bench, 96);
    await deliver();
    await rotate(bench);
    await deliver();
    await toEpoch(bench, 160);
    await deliver();
    await rotate(bench);
    await deliver();
    expect(seen).toEqual([
      "electra in period 0",
      "electra in period 1",
      "fulu in period 1",
      "fulu in period 2",
      "gloas in period 2",
      "gloas in period 3",
    ]);
  });

  test("a light client too far behind for one transaction is brought nearer before packets are proven", async () => {
    bench = await openEvmBench(SIZES);
    const { a, b } = bench;
    for (let count = 0; count < 18; count += 1) await rotate(bench);
    await expect(relayMessage(bench)).rejects.toMatchObject({ code: "CLIENT_BEHIND", retry: "later" });
    const periods: bigint[] = [];
    const from = await periodOf(bench);
    for (const round of [0, 1]) {
      const trusted = await b.chain.target.trusted(b.clientId);
      const request = { targetChain: b.chain.chainId, trusted, minHeight: trusted.height + 1n, claims: [] };
      const envelope = await a.chain.source.prove(request, never());
      expect(verifyBeacon({ trusted: trusted.state, envelope, now: trusted.now }).ok).toBe(true);
      await b.chain.target.submit({ id: `nearer-${round}`, clientId: b.clientId, envelope, messages: [] }, never());
      periods.push((await periodOf(bench)) - from);
    }
    // 15 updates are 14 rotations, and the next committee of the period reached.
    expect(periods[0]).toBe(14n);
    expect(periods[1]).toBeGreaterThanOrEqual(18n);
    await relayMessage(bench);
  });
});
