// How light clients of ibc-go chains move on an EVM chain: by several updates in one transaction, through changes of validators, beside
// other relayers; and how they end: frozen by contradictions, expired, replaced.
import { createPublicClient, createWalletClient, encodeFunctionData, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import { cometMisbehaviour, cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { verifyMisbehaviour } from "#adapters/cosmos/verify/misbehaviour.ts";
import { decodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { abi as lightClientAbi } from "../../../contracts/evm/bindings/ILightClient.ts";
import { abi as routerAbi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { hubMembers, makeMembers } from "#test/support/comet-evidence.ts";
import { hexOf, startCometHost } from "#test/support/evm-comet-host.ts";
import type { CometHost, CometLane } from "#test/support/evm-comet-host.ts";
import { never } from "#test/conformance/relay.ts";
import { openEvm } from "#test/support/evm-bench.ts";
import { startHostileRpc } from "#test/support/hostile-rpc.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

let host: CometHost;
beforeAll(async () => {
  host = await startCometHost(31_511);
});
afterAll(() => host?.close());

const reader = () => createPublicClient({ transport: http(host.dev.rpcUrl), pollingInterval: 20 });
const receive = (lane: CometLane): Message => ({ kind: "receive", packet: lane.send({}) });
const contractOf = async ({ clientId }: CometLane): Promise<`0x${string}`> => {
  const asked = { address: host.core.router, abi: routerAbi, functionName: "getClient", args: [clientId] } as const;
  return (await reader().readContract(asked)).lightClient;
};
/** Somebody else's transaction. */
async function bring(lane: CometLane, update: Uint8Array): Promise<void> {
  const account = privateKeyToAccount(devAccounts[5]?.privateKey ?? "0x");
  const wallet = createWalletClient({ account, transport: http(host.dev.rpcUrl) });
  const data = encodeFunctionData({
    abi: lightClientAbi,
    functionName: "update",
    args: [hexOf(packCometUpdate(update))],
  });
  const hash = await wallet.sendTransaction({ chain: null, to: await contractOf(lane), data });
  expect(await reader().waitForTransactionReceipt({ hash })).toMatchObject({ status: "success" });
}
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "accepted",
    (error: unknown) => (isCausewayError(error) ? (error.context["error"] ?? error.code) : error),
  );
const gasOf = async (transaction: string | undefined): Promise<bigint> =>
  (await reader().getTransactionReceipt({ hash: transaction as `0x${string}` })).gasUsed;

const numberOf = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** Blocks at which nobody looked, and heights between them. */
async function blocks(lane: CometLane, count: number): Promise<bigint[]> {
  const heights: bigint[] = [];
  for (let made = 0; made < count; made += 1) {
    lane.comet.idle(5n);
    heights.push(await lane.commit());
  }
  return heights;
}

describe("one transaction", () => {
  test("brings adjacent and skipping updates, through a change of all validators, and messages", async () => {
    const lane = await host.openLane();
    const { comet } = lane;
    const [first] = await blocks(lane, 1);
    // Half of the trusted go, then the rest: no single step leads from the first set to the last.
    const [half, others] = [
      makeMembers("dev", [40n, 30n]).concat(makeMembers("new", [20n, 20n])),
      makeMembers("new", [20n, 20n, 50n]),
    ];
    const announced = comet.commit((await lane.trusted()).now, half);
    const [second] = await blocks(lane, 1);
    const announcedAgain = comet.commit((await lane.trusted()).now, others);
    const message = receive(lane);
    const [last] = await blocks(lane, 1);
    const via = [first, announced, second, announcedAgain, last].flatMap((height) => height ?? []);
    await expect(lane.prove([message], { via: via.slice(-1) })).rejects.toThrow(/INSUFFICIENT_TRUST/);
    const result = await lane.submit([message], await lane.prove([message], { via }));
    expect(result.deliveries).toEqual([{ status: "delivered" }]);
    const state = decodeTrustedState((await lane.trusted()).state);
    expect(state?.consensusStates.map(({ height }) => height)).toEqual([1_001n, ...via]);
  });

  test("brings several updates of 150 validators", async () => {
    const lane = await host.openLane({ members: hubMembers() });
    const via = await blocks(lane, 3);
    const result = await lane.submit([], await lane.prove([], { via }));
    expect(await gasOf(result.transaction?.id)).toBeLessThan(7_000_000n);
    expect((await lane.trusted()).height).toBe(via.at(-1));
  });

  // As go-ethereum has it: no estimate above what a transaction may have, and an error without data instead.
  test("carries as many messages as the chain has gas for, and the next ones carry the rest", async () => {
    const lane = await host.openLane();
    const node = await startHostileRpc(host.dev.rpcUrl);
    try {
      node.lie(({ what, honest }) =>
        what === "eth_estimateGas" && BigInt(String(honest)) > 1_200_000n
          ? { rpcError: { code: -32_000, message: "gas required exceeds allowance (1200000)" } }
          : honest,
      );
      const endpoints = [{ name: "strict", url: node.url }];
      const chain = await openEvm({ ...host.config, endpoints }, memoryTransactions());
      const messages = Array.from({ length: 20 }, () => receive(lane));
      await lane.commit();
      const status = async (id: string): Promise<string[]> => {
        const batch = { id, clientId: lane.clientId, envelope: await lane.prove(messages), messages };
        return (await chain.target.submit(batch, never())).deliveries.map((one) => one.status);
      };
      const [carried, left] = [numberOf(5, "delivered"), numberOf(15, "left")];
      expect(await status("first")).toEqual([...carried, ...left]);
      expect(await status("second")).toEqual([
        ...numberOf(5, "already"),
        ...numberOf(8, "delivered"),
        ...numberOf(7, "left"),
      ]);
      expect(await status("third")).toEqual([...numberOf(13, "already"), ...numberOf(7, "delivered")]);
      // Honest, it is asked again.
      expect((await chain.health()).endpoints).toMatchObject([{ name: "strict", ok: true }, {}]);
    } finally {
      await node.close();
    }
  });

  test("is not signed when it would need more gas than any may have, and holds nothing up", async () => {
    const lane = await host.openLane();
    const [height = 0n] = await blocks(lane, 1);
    const envelope = await lane.prove([]);
    const node = await startHostileRpc(host.dev.rpcUrl);
    try {
      const transactions = memoryTransactions();
      const chain = await openEvm({ ...host.config, endpoints: [{ name: "dear", url: node.url }] }, transactions);
      const batch = { id: "too much", clientId: lane.clientId, envelope, messages: [] };
      // Four updates of 100 equal validators cost 20.4 million.
      node.lie(({ what, honest }) => (what === "eth_estimateGas" ? "0x1379f7f" : honest));
      await expect(chain.target.submit(batch, never())).rejects.toMatchObject({
        code: "TRANSACTION_REVERTED",
        context: { error: "gas above the cap" },
      });
      expect(await transactions.ofBatch(chain.chainId, batch.id)).toEqual([]);
      node.lie(undefined);
      expect((await chain.target.submit(batch, never())).transaction).toBeDefined();
      expect((await lane.trusted()).height).toBe(height);
    } finally {
      await node.close();
    }
  });
});

describe("beside another relayer", () => {
  test("updates that are there already are left out, and so is a transaction that would bring nothing", async () => {
    const lane = await host.openLane();
    const [first = 0n] = await blocks(lane, 1);
    const message = receive(lane);
    const [second = 0n] = await blocks(lane, 1);
    const before = await lane.trusted();
    const updates = await lane.prove([], { via: [first, second] });
    const withMessage = await lane.prove([message], { via: [first, second] });
    await bring(lane, lane.comet.update(first, before.height));
    await bring(lane, lane.comet.update(second, first));
    expect(await lane.submit([], updates)).toEqual({ deliveries: [] });
    expect((await lane.submit([message], withMessage)).deliveries).toEqual([{ status: "delivered" }]);
    expect(decodeTrustedState((await lane.trusted()).state)?.consensusStates).toHaveLength(3);
  });

  test("who is ahead by the first of two updates leaves the second", async () => {
    const lane = await host.openLane();
    const via = await blocks(lane, 2);
    const { height } = await lane.trusted();
    const updates = await lane.prove([], { via });
    await bring(lane, lane.comet.update(via[0] ?? 0n, height));
    expect((await lane.submit([], updates)).transaction).toBeDefined();
    expect((await lane.trusted()).height).toBe(via[1]);
  });

  // Unlike ibc-go, the light client keeps no header below its newest: evidence for one is proven again.
  test("who led the light client further on makes evidence useless, which is proven again", async () => {
    const lane = await host.openLane();
    const message = receive(lane);
    const [first = 0n] = await blocks(lane, 1);
    const stale = await lane.prove([message], { via: [first] });
    const [second = 0n] = await blocks(lane, 1);
    await bring(lane, lane.comet.update(second, (await lane.trusted()).height));
    expect(await refusal(lane.submit([message], stale))).toBe("UnknownHeight");
    expect((await lane.submit([message], await lane.prove([message]))).deliveries).toEqual([{ status: "delivered" }]);
  });
});

describe("what validators signed twice", () => {
  const seven = { appHash: new Uint8Array(32).fill(7) };

  test("freezes by a report, and then nothing is relayed any more", async () => {
    const lane = await host.openLane();
    const [height = 0n] = await blocks(lane, 1);
    const trusted = await lane.trusted();
    const header = (changes: object) =>
      cometUpdate.decode(lane.comet.update(height, trusted.height, { isSkipping: true, ...changes }));
    const report = cometMisbehaviour.encode({ header1: header({}), header2: header(seven) });
    const none = cometMisbehaviour.encode({ header1: header({}), header2: header({}) });
    expect(verifyMisbehaviour({ trusted: trusted.state, misbehaviour: report, now: trusted.now })).toMatchObject({
      ok: true,
    });
    const { clientId } = lane;
    const { target } = host.chain;
    expect(await refusal(target.report({ id: "none", clientId, report: none }, never()))).toBe("NoConflict");
    expect((await target.report({ id: "report", clientId, report }, never())).transaction).toBeDefined();
    expect((await lane.trusted()).status).toBe("frozen");
    expect(await target.report({ id: "again", clientId, report }, never())).toEqual({ deliveries: [] });
    const message = receive(lane);
    const stale = lane.comet.prove({ targetChain: host.chain.chainId, trusted, claims: [] });
    await expect(lane.submit([], stale)).rejects.toMatchObject({ code: "CLIENT_FROZEN" });
    await expect(lane.relay([message])).rejects.toThrow(/CLIENT_FROZEN/);
  });

  test("freezes when one of the two is held and the other comes as an update", async () => {
    const lane = await host.openLane();
    const start = await lane.trusted();
    const [height = 0n] = await blocks(lane, 1);
    await bring(lane, lane.comet.update(height, start.height, seven));
    // The chain's own header contradicts what somebody brought.
    const envelope = lane.comet.prove({ targetChain: host.chain.chainId, trusted: start, claims: [], via: [height] });
    expect((await lane.submit([], envelope)).transaction).toBeDefined();
    expect((await lane.trusted()).status).toBe("frozen");
  });
});

describe("a light client that nobody updated", () => {
  test("expires with the second that its trusting period ends in", async () => {
    const lane = await host.openLane({ trustingPeriod: 120n });
    const { expiresAt } = await lane.trusted();
    const secondsLeft = (): number => Number(expiresAt - host.dev.control.chain.head.execution.timestamp);
    const envelope = lane.comet.prove({
      targetChain: host.chain.chainId,
      trusted: await lane.trusted(),
      claims: [],
      via: await blocks(lane, 1),
    });
    await host.dev.control.advanceTime(secondsLeft() - 2);
    expect((await lane.trusted()).status).toBe("active");
    await host.dev.control.advanceTime(secondsLeft());
    const expired = await lane.trusted();
    expect(expired.status).toBe("expired");
    expect(expired.now).toBeGreaterThanOrEqual(expiresAt);
    await expect(lane.submit([], envelope)).rejects.toMatchObject({ code: "CLIENT_EXPIRED" });
  });

  test("is replaced by a fresh one of its chain, which has to outlive the admins' delay", async () => {
    const lane = await host.openLane();
    const { migrations } = host.chain.admin;
    await lane.commit();
    expect(await migrations.schedule(lane.clientId, lane.comet.newClient(60n))).toEqual({ now: true });
    expect(await lane.trusted()).toMatchObject({ status: "active", height: 1_002n });
    const message = receive(lane);
    expect((await lane.relay([message])).deliveries).toEqual([{ status: "delivered" }]);
  });
});
