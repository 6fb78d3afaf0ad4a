// The whole relay with real ibc-go chains: one beside an embedded EVM chain, and two of them beside each other. Governance admits the light
// client of Ethereum; everything else anybody may do.
import { join } from "node:path";
import { QueryClient, createProtobufRpcClient } from "@cosmjs/stargate";
import { ProposalStatus } from "cosmjs-types/cosmos/gov/v1/gov";
import { QueryClientImpl as GovernanceQuery } from "cosmjs-types/cosmos/gov/v1/query";
import { QueryClientImpl as WasmQuery } from "cosmjs-types/ibc/lightclients/wasm/v1/query";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import { verifyMisbehaviour } from "#adapters/cosmos/verify/misbehaviour.ts";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import { openRoute } from "#relayer/commands/open-route.ts";
import type { Route } from "#relayer/routes.ts";
import { clientView } from "#sdk/api/views.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import { STAKE_DENOM, operatorOf, simdAccounts, validatorAddress } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import { TOKENS_PER_POWER } from "#scripts/devnet/simd/genesis.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { newBatchId, never } from "#test/conformance/relay.ts";
import { provenUpdate, reportOf, secondHeader, updateEnvelope } from "./equivocate.ts";
import { openEvmParty } from "./evm-party.ts";
import type { EvmParty } from "./evm-party.ts";
import { keepLogs } from "./keep-logs.ts";
import { sendManyFromEvm, sendManyFromSimd } from "./many-transfers.ts";
import { makePlace } from "./party.ts";
import type { Party } from "./party.ts";
import { runRelayer } from "./running-relayer.ts";
import type { RunningRelayer } from "./running-relayer.ts";
import { openSimdParty } from "./simd-party.ts";
import type { SimdParty } from "./simd-party.ts";
import { deliver, endOf, refusedAndRefunded, thereAndBack, timedOutAndRefunded } from "./transfers.ts";
import type { Lane, Side } from "./transfers.ts";

const TRUSTING_PERIOD = 86_400n;
/** The second validator is weak enough to be nothing to whoever trusts only the first. */
const POWERS = [100, 10];

const closers: (() => Promise<unknown>)[] = [];
let evm: EvmParty;
let first: SimdParty;
let second: SimdParty;
let relayer: RunningRelayer;
let routes: { readonly evm: Route; readonly cosmos: Route };

const progress = (line: string): void => console.error(`     ${line}`);

beforeAll(async () => {
  const data = await makeDataDir();
  const dir = data.path;
  closers.push(() => data.remove());
  closers.push(() => keepLogs(dir, "cosmos"));
  const starting = [
    startDevChain({ chainId: 31_337 }),
    startSimd({ chainId: "simd-1", dir: join(dir, "simd-1"), powers: POWERS, progress }),
    startSimd({ chainId: "simd-2", dir: join(dir, "simd-2"), progress }),
  ] as const;
  for (const started of await Promise.allSettled(starting))
    if (started.status === "fulfilled") closers.push(() => started.value.stop());
  const [dev, one, two] = await Promise.all(starting);
  const place = await makePlace(dir);
  [evm, first, second] = await Promise.all([
    openEvmParty(place, dev),
    openSimdParty(place, one),
    openSimdParty(place, two),
  ]);
  const parties = [evm, first, second];
  for (const { chain } of parties) closers.push(() => chain.close());
  routes = {
    evm: await openRoute(evm.chain, first.chain, TRUSTING_PERIOD),
    cosmos: await openRoute(first.chain, second.chain, TRUSTING_PERIOD),
  };
  relayer = await runRelayer(place, parties, [routes.evm, routes.cosmos]);
  closers.push(() => relayer.stop());
});

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

test("governance let the light client of Ethereum in", async () => {
  const rpc = createProtobufRpcClient(new QueryClient(first.comet));
  const { proposal } = await new GovernanceQuery(rpc).Proposal({ proposalId: 1n });
  expect(proposal?.status).toBe(ProposalStatus.PROPOSAL_STATUS_PASSED);
  expect(proposal?.messages.map(({ typeUrl }) => typeUrl)).toEqual(["/ibc.lightclients.wasm.v1.MsgStoreCode"]);
  expect((await new WasmQuery(rpc).Checksums({})).checksums).toHaveLength(1);
  expect(routes.evm[1]).toEqual({ chain: "cosmos:simd-1", client: "08-wasm-0" });
});

const ways = ["EVM to Cosmos", "Cosmos to EVM", "Cosmos to Cosmos", "Cosmos to Cosmos, the other way"] as const;

function laneOf(way: (typeof ways)[number]): Lane {
  const [parties, route]: [[Side | Omit<Side, "clientId">, Omit<Side, "clientId">], Route] = way.includes("EVM")
    ? [[evm, first], routes.evm]
    : [[first, second], routes.cosmos];
  const ends = parties.map((party, index): Side => ({ ...party, clientId: route[index as 0 | 1].client }));
  const [a, b] = ends as [Side, Side];
  const isForth = way === "EVM to Cosmos" || way === "Cosmos to Cosmos";
  return isForth ? { from: a, to: b, relayer } : { from: b, to: a, relayer };
}

describe.each(ways)("%s", (way) => {
  test("a token goes there as a voucher and comes back", () => thereAndBack(laneOf(way), 12_345n));
  test("what the receiving chain refuses is refunded", () => refusedAndRefunded(laneOf(way), 777n));
  test("what arrives too late is proven absent and refunded", () => timedOutAndRefunded(laneOf(way), 4_321n));
});

test.each(ways)("200 packets in batches: %s", async (way) => {
  const lane = laneOf(way);
  const sequences = await (lane.from.chain === evm.chain
    ? sendManyFromEvm(evm, lane, 200)
    : sendManyFromSimd(lane.from.chain === first.chain ? first : second, lane, 200));
  const packets = [];
  for (const sequence of sequences) packets.push(await relayer.untilEnded(endOf(lane.from), sequence));
  expect(packets.map(({ status }) => status)).toEqual(sequences.map(() => "acknowledged"));
  for (const leg of ["receive", "acknowledge"] as const) {
    const deliveries = packets.flatMap((packet) => packet.deliveries.filter((each) => each.leg === leg));
    const transactions = new Set(deliveries.map(({ transaction }) => transaction));
    progress(`${way}: ${leg} took ${transactions.size} transactions`);
    expect(deliveries).toHaveLength(200);
    expect(transactions.size).toBeLessThanOrEqual(20);
  }
});

/** Both chains that host a light client of the first ibc-go chain. */
const hosts = [
  ["an EVM chain", () => evm],
  ["an ibc-go chain", () => second],
] as const;

const newClient = async (host: Chain): Promise<string> =>
  host.admin.createClient(await first.chain.admin.bootstrap({ trustingPeriod: TRUSTING_PERIOD }));

describe.each(hosts)("a light client on %s", (_, host) => {
  test("is frozen by two headers that the chain's validators really signed", async () => {
    const { chain } = host();
    const clientId = await newClient(chain);
    const update = await provenUpdate(first.chain, chain, clientId);
    const forged = secondHeader(
      update,
      first.simd.validators.map(({ consensusKey }) => consensusKey),
    );
    const { state, now } = await chain.target.trusted(clientId);
    const freezing = (report: Uint8Array) => chain.target.report({ id: newBatchId(), clientId, report }, never());
    const foreign = second.simd.validators.map(({ consensusKey }) => consensusKey);
    const unsigned = reportOf(update, secondHeader(update, foreign));
    await expect(freezing(unsigned)).rejects.toMatchObject({ code: "TRANSACTION_REVERTED" });
    // One header twice: some chains take such a report, and do nothing.
    const harmless = reportOf(update, update);
    await freezing(harmless).catch(() => undefined);
    for (const misbehaviour of [unsigned, harmless])
      expect(verifyMisbehaviour({ trusted: state, misbehaviour, now })).toMatchObject({ ok: false });
    expect((await chain.target.trusted(clientId)).status).toBe("active");

    const report = reportOf(update, forged);
    expect(verifyMisbehaviour({ trusted: state, misbehaviour: report, now })).toMatchObject({ ok: true });
    await freezing(report);
    expect((await chain.target.trusted(clientId)).status).toBe("frozen");
  });
});

describe("when the validators change", () => {
  const clients = new Map<Party, { readonly clientId: string; readonly height: bigint }>();

  /** At the head, the strongest first. */
  const powers = async (): Promise<bigint[]> =>
    (await first.comet.validatorsAll()).validators.map(({ votingPower }) => votingPower);

  async function stake(from: SimdAccount, typeUrl: string, validator: number, power: number): Promise<void> {
    const client = await first.signing(from);
    const value = {
      delegatorAddress: from.address,
      validatorAddress: validatorAddress(operatorOf(validator)),
      amount: { denom: STAKE_DENOM, amount: (BigInt(power) * TOKENS_PER_POWER).toString() },
    };
    const fee = { amount: [{ denom: STAKE_DENOM, amount: "1000" }], gas: "500000" };
    const result = await client.signAndBroadcast(from.address, [{ typeUrl, value }], fee);
    expect(result.code, result.rawLog).toBe(0);
  }

  const bothWays = async (): Promise<void> => {
    for (const way of ways) {
      const lane = laneOf(way);
      await deliver(lane, { denom: lane.from.bank.native, amount: 11n });
    }
  };

  test("packets pass as before when power moves from one validator to the other", async () => {
    for (const [, host] of hosts) {
      const clientId = await newClient(host().chain);
      const { height } = await host().chain.target.trusted(clientId);
      clients.set(host(), { clientId, height });
    }
    expect(await powers()).toEqual([100n, 10n]);
    await stake(simdAccounts[5] as SimdAccount, "/cosmos.staking.v1beta1.MsgDelegate", 1, 500);
    await expect.poll(powers).toEqual([510n, 100n]);
    await bothWays();
  });

  test("and when the one that had most of it leaves", async () => {
    await stake(operatorOf(0), "/cosmos.staking.v1beta1.MsgUndelegate", 0, 100);
    await expect.poll(powers).toEqual([510n]);
    await bothWays();
  });

  test.each(hosts)("a light client on %s that nobody updated meanwhile catches up by bisection", async (_, host) => {
    const { chain } = host();
    const { clientId, height } = clients.get(host()) ?? { clientId: "", height: 0n };
    const trusted = await chain.target.trusted(clientId);
    expect(trusted.height).toBe(height);
    const { finalizedHeight: minHeight } = await first.chain.health();
    const request = { targetChain: chain.chainId, trusted, minHeight, claims: [] };
    const bytes = await first.chain.source.prove(request, never());
    // Those who sign now were nothing to whoever trusts the validators of then.
    expect(envelope.decode(bytes).updates.length).toBeGreaterThan(1);
    const judged = { trusted: trusted.state, envelope: bytes, now: trusted.now };
    expect(verifyComet(judged)).toMatchObject({ ok: true });
    await chain.target.submit({ id: newBatchId(), clientId, envelope: bytes, messages: [] }, never());
    const after = await chain.target.trusted(clientId);
    expect(after.height).toBeGreaterThanOrEqual(minHeight);
    expect(after.status).toBe("active");
  });
});

test("a light client that was made to believe a forged header is found, reported and frozen by the relayer itself", async () => {
  const { client: clientId } = routes.cosmos[1];
  const { target } = second.chain;
  const keys = first.simd.validators.map(({ consensusKey }) => consensusKey);
  const forged = secondHeader(await provenUpdate(first.chain, second.chain, clientId), keys);
  const envelopeBytes = updateEnvelope(first.chain, second.chain, clientId, forged);
  await target.submit({ id: newBatchId(), clientId, envelope: envelopeBytes, messages: [] }, never());
  const { status, height } = await target.trusted(clientId);
  expect({ status, height }).toEqual({ status: "active", height: forged.signedHeader?.header?.height });
  const contradiction = async () => {
    const response = await fetch(`${relayer.url}/v1/clients/${second.chain.chainId}/${clientId}`);
    return clientView.parse(await response.json()).contradiction;
  };
  await expect
    .poll(contradiction, { timeout: 300_000, interval: 1_000 })
    .toMatchObject({ height: String(height), basis: "proven", report: "frozen", transaction: expect.any(String) });
  expect((await target.trusted(clientId)).status).toBe("frozen");
});
