// An EVM chain hosts light clients of ibc-go chains: created, followed, relayed through, frozen, expired and replaced by the
// adapter, on a chain that runs the contracts. The ibc-go chains are small ones of the test's own.
import { createPublicClient, http } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import { encodeTrustedState, decodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { acknowledgementCommitment, packetCommitment } from "#adapters/protocol/commitment.ts";
import { acknowledgementPath, commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import { abi as lightClientAbi } from "../../../contracts/evm/bindings/CometLightClient.ts";
import { abi as routerAbi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import { openEvm } from "#test/support/evm-bench.ts";
import { COSMOS_ACCOUNT, COSMOS_TERMS, hexOf, ON_COSMOS, startCometHost } from "#test/support/evm-comet-host.ts";
import type { CometHost, CometLane } from "#test/support/evm-comet-host.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

let host: CometHost;
let lane: CometLane;

beforeAll(async () => {
  host = await startCometHost(31_510);
  lane = await host.openLane();
});
afterAll(() => host?.close());

const reader = () => createPublicClient({ transport: http(host.dev.rpcUrl) });
const SUCCESS = new TextEncoder().encode('{"result":"AQ=="}');
const receive = (data: Parameters<CometLane["send"]>[0] = {}): Message => ({
  kind: "receive",
  packet: lane.send(data),
});
const sendToken = async (amount: bigint, timeout = 3_600n) => {
  const { now } = await lane.trusted();
  return host.chain.apps.transfer({
    sourceClient: lane.clientId,
    denom: host.token,
    amount,
    receiver: COSMOS_ACCOUNT,
    memo: "",
    timeoutTimestamp: now + timeout,
  });
};
const contractOf = async (clientId: string): Promise<`0x${string}`> => {
  const args = [clientId] as const;
  const found = await reader().readContract({
    address: host.core.router,
    abi: routerAbi,
    functionName: "getClient",
    args,
  });
  return found.lightClient;
};
/** The error's name in the contracts. */
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "accepted",
    (error: unknown) => (isCausewayError(error) ? (error.context["error"] ?? error.code) : error),
  );

describe("a light client of an ibc-go chain", () => {
  test("is what it was created from, and says so in seconds", async () => {
    const { clientId, comet } = lane;
    const fresh = await host.openLane();
    const { state } = fresh.comet.newClient(86_400n);
    const trusted = await fresh.trusted();
    const timestamp = (decodeTrustedState(state)?.consensusStates[0]?.timestamp ?? 0n) / 1_000_000_000n;
    expect(clientId).toMatch(/^cometbft-\d+$/);
    expect(trusted).toMatchObject({ clientType: "cometbft", status: "active", height: 1_001n, timestamp, state });
    expect(trusted.expiresAt - timestamp).toBe(86_400n);
    expect(comet.chainId).toBe("cosmos:causeway-1");
    const address = await contractOf(clientId);
    expect(await reader().readContract({ address, abi: lightClientAbi, functionName: "verifier" })).toBe(
      host.core.ed25519Verifier,
    );
  });

  test("is shown by every endpoint, and has no forks to be told of", async () => {
    expect(await host.chain.target.views(lane.clientId)).toMatchObject([{ trusted: { clientType: "cometbft" } }]);
    const fork = await host.chain.admin.addFork(lane.clientId, new Uint8Array(3)).catch((error: unknown) => error);
    expect(fork).toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("keeps its counterparty's terms: the same again is nothing, others are refused", async () => {
    const { admin } = host.chain;
    const nonce = () => reader().getTransactionCount({ address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266" });
    const before = await nonce();
    await admin.registerCounterparty(lane.clientId, { clientId: ON_COSMOS, ...COSMOS_TERMS });
    for (const changed of [
      { clientId: "08-wasm-1" },
      { merklePrefix: [new Uint8Array()] },
      { merklePrefix: [...COSMOS_TERMS.merklePrefix, new Uint8Array()] },
      { maxPayloads: 2 },
    ])
      await expect(
        admin.registerCounterparty(lane.clientId, { clientId: ON_COSMOS, ...COSMOS_TERMS, ...changed }),
      ).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await nonce()).toBe(before);
  });

  test("does not give its updates back from calldata", async () => {
    await lane.relay([receive()]);
    const { height } = await lane.trusted();
    expect(await host.chain.target.accepted(lane.clientId, height)).toMatchObject({ ok: false });
  });

  test("is not created from what is none", async () => {
    const { admin } = host.chain;
    const { state } = lane.comet.newClient(86_400n);
    const decoded = decodeTrustedState(state);
    if (decoded === undefined) throw new Error("no state");
    const cases = [
      { clientType: "cometbft", state: new Uint8Array(7) },
      { clientType: "beacon", state },
      { clientType: "tendermint", state },
    ];
    for (const client of cases) await expect(admin.createClient(client)).rejects.toMatchObject({ code: "UNSUPPORTED" });
    const trustless = encodeTrustedState({ ...decoded, trustLevelNumerator: 0n });
    expect(await refusal(admin.createClient({ clientType: "cometbft", state: trustless }))).toBe("Malformed");
  });
});

describe("the verifier of signatures", () => {
  const create = async (ed25519Verifier: `0x${string}` | undefined): Promise<string> => {
    const { ed25519Verifier: _, ...config } = host.config;
    const chain = await openEvm(
      ed25519Verifier === undefined ? config : { ...config, ed25519Verifier },
      memoryTransactions(),
    );
    return chain.admin.createClient(lane.comet.newClient(86_400n));
  };

  test("is deployed where none is configured", async () => {
    const address = await contractOf(await create(undefined));
    const verifier = await reader().readContract({ address, abi: lightClientAbi, functionName: "verifier" });
    expect(verifier).not.toBe(host.core.ed25519Verifier);
    // It is one: configured, it passes for one.
    expect(await create(verifier)).toMatch(/^cometbft-/);
  });

  test("has to be one", async () => {
    expect(await refusal(create("0x00000000000000000000000000000000000000aa"))).toBe("CONTRACT_MISSING");
    // A contract without such a function, and one that answers something else.
    expect(await refusal(create(host.core.router))).toBe("INVALID_CONFIG");
    expect(await refusal(create(host.token))).toBe("INVALID_CONFIG");
    // Identity: whatever it is asked, it says what it was asked.
    expect(await refusal(create("0x0000000000000000000000000000000000000004"))).toBe("INVALID_CONFIG");
  });
});

describe("packets", () => {
  test("are received once, with the receipt and the acknowledgement that the other chain can prove", async () => {
    const message = receive({ amount: 5n });
    expect((await lane.relay([message])).deliveries).toEqual([{ status: "delivered" }]);
    const { packet } = message;
    expect(await host.stored(receiptPath(packet))).toBe(hexOf(packetCommitment(packet)));
    expect(await host.stored(acknowledgementPath(packet))).toBe(hexOf(acknowledgementCommitment([SUCCESS])));
    expect((await lane.relay([message])).deliveries).toEqual([{ status: "already" }]);
  });

  test("sent here are acknowledged, and timed out by the absence of a receipt, in one batch with others", async () => {
    const [acknowledged, late] = [await sendToken(11n), await sendToken(12n, 30n)];
    const { packet } = acknowledged;
    lane.comet.put(receiptPath(packet), Uint8Array.of(2));
    lane.comet.put(acknowledgementPath(packet), acknowledgementCommitment([SUCCESS]));
    await host.dev.control.advanceTime(31);
    const received = [receive(), receive({ denom: "other" })];
    const messages: Message[] = [
      { kind: "timeout", packet: late.packet },
      ...received,
      { kind: "acknowledge", packet, acknowledgements: [SUCCESS] },
    ];
    const result = await lane.relay(messages);
    expect(result.deliveries).toEqual(messages.map(() => ({ status: "delivered" })));
    for (const one of [packet, late.packet]) expect(BigInt(await host.stored(commitmentPath(one)))).toBe(0n);
    expect(await host.chain.target.standing(messages)).toEqual(messages.map(() => "done"));
  });

  test("are not timed out before their time, though there is no receipt", async () => {
    const { packet } = await sendToken(13n);
    const [delivery] = (await lane.relay([{ kind: "timeout", packet }])).deliveries;
    expect(delivery).toMatchObject({ status: "refused", reason: expect.stringContaining("TimeoutNotReached") });
    expect(BigInt(await host.stored(commitmentPath(packet)))).not.toBe(0n);
  });
});
