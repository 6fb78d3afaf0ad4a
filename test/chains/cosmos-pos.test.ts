// A real ibc-go chain and a real proof-of-stake chain: whatever one believes of the other, its validators signed and made final.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRoute } from "#relayer/commands/open-route.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startPosChain } from "#scripts/devnet/pos/start.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { openEvmParty } from "./evm-party.ts";
import { keepLogs } from "./keep-logs.ts";
import { makePlace } from "./party.ts";
import { runRelayer } from "./running-relayer.ts";
import { openSimdParty } from "./simd-party.ts";
import { deliver } from "./transfers.ts";
import type { Lane } from "./transfers.ts";

const TRUSTING_PERIOD = 86_400n;
const AMOUNT = 12_345n;
const closers: (() => Promise<unknown>)[] = [];
let lane: Lane;

const progress = (line: string): void => console.error(`     ${line}`);

beforeAll(async () => {
  const data = await makeDataDir();
  const dir = data.path;
  closers.push(() => data.remove());
  closers.push(() => keepLogs(dir, "cosmos-pos"));
  const prefunded = devAccounts.map(({ address }) => address);
  const starting = [
    startPosChain({ chainId: 32_382, dir: join(dir, "pos"), prefunded, progress }),
    startSimd({ chainId: "simd-1", dir: join(dir, "simd-1"), powers: [100, 100], progress }),
  ] as const;
  for (const started of await Promise.allSettled(starting))
    if (started.status === "fulfilled") closers.push(() => started.value.stop());
  const [pos, simd] = await Promise.all(starting);
  const place = await makePlace(dir);
  const [ethereum, cosmos] = await Promise.all([openEvmParty(place, pos), openSimdParty(place, simd)]);
  for (const { chain } of [ethereum, cosmos]) closers.push(() => chain.close());
  const route = await openRoute(ethereum.chain, cosmos.chain, TRUSTING_PERIOD);
  const relayer = await runRelayer(place, [ethereum, cosmos], [route]);
  closers.push(() => relayer.stop());
  lane = {
    from: { ...ethereum, clientId: route[0].client },
    to: { ...cosmos, clientId: route[1].client },
    relayer,
  };
});

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

describe.concurrent("an ibc-go chain and a proof-of-stake chain", () => {
  const across = async ({ from, to, relayer }: Lane): Promise<void> => {
    const voucher = await to.bank.voucherOf(to.clientId, from.bank.nativeOnWire);
    await deliver({ from, to, relayer }, { denom: from.bank.native, amount: AMOUNT });
    expect(await to.bank.balanceOf(voucher, to.bank.owner)).toBe(AMOUNT);
    expect(await from.bank.escrowed(from.clientId, from.bank.native)).toBe(AMOUNT);
  };

  test("a transfer from Ethereum arrives and is acknowledged", () => across(lane));
  test("a transfer to Ethereum arrives and is acknowledged", () => across({ ...lane, from: lane.to, to: lane.from }));
});
