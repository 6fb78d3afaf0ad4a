// What an operator gets wrong, or a chain goes through: one clear error each, that says what to do.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import { evmConfig } from "#adapters/evm/config.ts";
import type { EvmConfig } from "#adapters/evm/config.ts";
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { createPublicClient, http, parseAbi } from "viem";
import { z } from "zod";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { conflictingUpdate } from "#test/support/conflicting-update.ts";
import { openEvm, openEvmBench } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";
import { never, newBatchId, relay } from "#test/conformance/relay.ts";

let bench: EvmBench;
beforeAll(async () => {
  bench = await openEvmBench();
});
afterAll(() => bench?.close());

const open = (change: (config: EvmConfig) => EvmConfig, key?: string) =>
  openEvm(change(bench.a.config), memoryTransactions(), key === undefined ? {} : { key });

describe("configuration and endpoints", () => {
  test("an unreachable RPC is named, without its URL", async () => {
    const url = "http://127.0.0.1:9/secret-api-key";
    const opening = open((config) => ({ ...config, endpoints: [{ name: "down", url }] }));
    await expect(opening).rejects.toMatchObject({ code: "RPC_UNREACHABLE", retry: "later" });
    const error: unknown = await opening.catch((failure: unknown) => failure);
    expect(JSON.stringify(error)).toContain("down");
    expect(JSON.stringify(error)).not.toContain("secret-api-key");
  });

  test("an endpoint that stays silent is given up after the configured time", async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const opening = open((config) => ({ ...config, requestTimeoutSeconds: 0.2, endpoints: [{ name: "silent", url }] }));
    await expect(opening).rejects.toMatchObject({ code: "RPC_UNREACHABLE", message: expect.stringContaining("0.2 s") });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test("an RPC of another chain names both chain ids", async () => {
    const { dev } = bench.b;
    const opening = open((config) => ({ ...config, endpoints: [{ name: "other", url: dev.rpcUrl }] }));
    await expect(opening).rejects.toMatchObject({
      code: "WRONG_CHAIN_ID",
      retry: "never",
      context: { endpoint: "other", expected: 31_337n, actual: 31_338n },
    });
  });

  test("a beacon API of another chain is not followed", async () => {
    const { dev } = bench.b;
    const consensus = { kind: "beacon" as const, endpoints: [{ name: "other", url: dev.beaconUrl }] };
    const chain = await open((config) => ({ ...config, consensus }));
    const trusted = await bench.b.chain.target.trusted(bench.b.clientId);
    const request = { targetChain: bench.b.chain.chainId, trusted, minHeight: trusted.height + 1n, claims: [] };
    await expect(chain.source.prove(request, never())).rejects.toMatchObject({ code: "RPC_STALE" });
  });

  test("a missing router names its address", async () => {
    const router = `0x${"ab".repeat(20)}` as const;
    await expect(open((config) => ({ ...config, router }))).rejects.toMatchObject({
      code: "CONTRACT_MISSING",
      retry: "never",
      context: { router },
    });
  });

  test("a chain without a signer is read, and says what is missing when it should send", async () => {
    const chain = await open((config) => ({ ...config, signer: undefined }));
    expect((await chain.health()).signer).toBeUndefined();
    await expect(
      chain.admin.registerCounterparty(bench.a.clientId, { ...chain.admin.terms, clientId: bench.b.clientId }),
    ).resolves.toBeUndefined();
    await expect(chain.admin.createClient(await chain.admin.bootstrap({ trustingPeriod: 60n }))).rejects.toMatchObject({
      code: "INVALID_CONFIG",
    });
  });

  test.each([["not a key"], ["0x1234"], [`0x${"00".repeat(32)}`]])("a signer's secret %j is refused", async (key) => {
    const chain = await open((config) => config, key);
    const sending = chain.apps.send({
      sourceClient: bench.a.clientId,
      receiver: bench.b.receiver,
      payload: Uint8Array.of(1),
      timeoutTimestamp: (await bench.b.now()) + 60n,
    });
    await expect(sending).rejects.toMatchObject({ code: "MISSING_SECRET" });
    const error: unknown = await sending.catch((failure: unknown) => failure);
    expect(JSON.stringify(error)).not.toContain(key);
  });

  test("a fee above the cap is not paid", async () => {
    const fees = { ...bench.a.config.fees, maxFeePerGasGwei: 0.000_000_001, maxPriorityFeePerGasGwei: 0.000_000_001 };
    const chain = await open((config) => ({ ...config, fees }));
    const sending = chain.apps.send({
      sourceClient: bench.a.clientId,
      receiver: bench.b.receiver,
      payload: Uint8Array.of(1),
      timeoutTimestamp: (await bench.b.now()) + 60n,
    });
    await expect(sending).rejects.toMatchObject({ code: "FEE_ABOVE_CAP", retry: "later" });
  });

  test("more tokens than the wallet holds are not sent", async () => {
    const sending = bench.a.chain.apps.transfer({
      sourceClient: bench.a.clientId,
      denom: bench.a.denom,
      amount: 10n ** 30n,
      receiver: bench.b.receiver,
      memo: "",
      timeoutTimestamp: (await bench.b.now()) + 60n,
    });
    await expect(sending).rejects.toMatchObject({ code: "INSUFFICIENT_FUNDS" });
  });

  test("17, ZetaChain, 2026: what is sent is approved, and nothing stays approved", async () => {
    const { chain, config, denom, clientId } = bench.a;
    const reader = createPublicClient({ transport: http(bench.a.dev.rpcUrl) });
    const owner = devAccounts[0]?.address as `0x${string}`;
    const app = config.apps?.transfer as `0x${string}`;
    const allowance = () =>
      reader.readContract({
        abi: parseAbi(["function allowance(address owner, address spender) view returns (uint256)"]),
        address: denom as `0x${string}`,
        functionName: "allowance",
        args: [owner, app],
      });
    const send = async (amount: bigint) =>
      chain.apps.transfer({
        sourceClient: clientId,
        denom,
        amount,
        receiver: bench.b.receiver,
        memo: "",
        timeoutTimestamp: (await bench.b.now()) + 60n,
      });
    await send(7n);
    expect(await allowance()).toBe(0n);
    await expect(send(10n ** 30n)).rejects.toMatchObject({ code: "INSUFFICIENT_FUNDS" });
    expect(await allowance()).toBe(0n);
  });

  test("a light client too new to be final has sent nothing yet, an unknown one is an error", async () => {
    const { a, b } = bench;
    const clientId = await a.chain.admin.createClient(await b.chain.admin.bootstrap({ trustingPeriod: 3_600n }));
    expect(await a.chain.source.outstanding(clientId)).toEqual([]);
    await expect(a.chain.source.outstanding("nobody-99")).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
  });

  test("a contract's refusal is reported by its name", async () => {
    const sending = bench.a.chain.apps.send({
      sourceClient: bench.a.clientId,
      receiver: bench.b.receiver,
      payload: Uint8Array.of(1),
      timeoutTimestamp: 1n,
    });
    await expect(sending).rejects.toMatchObject({ code: "TRANSACTION_REVERTED", context: { error: "TimeoutElapsed" } });
  });

  test("every problem of a configuration is listed at once", () => {
    const { a } = bench;
    const wrong = {
      ...z.record(z.string(), z.unknown()).parse(a.config),
      chainId: "1",
      router: "0x12",
      endpoints: [
        { name: "same", url: "ftp://x" },
        { name: "same", url: "http://x" },
      ],
      signer: "0xkey",
      unknown: true,
    };
    const parsed = evmConfig.safeParse(wrong);
    const paths = parsed.error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("\n") ?? "";
    for (const named of ["chainId", "router", "endpoints.0.url", "signer", "unknown"]) expect(paths).toContain(named);
  });
});

/** Two valid finality updates that contradict each other, the second one put into an envelope for chain b. */
async function conflictingEnvelope(): Promise<Uint8Array> {
  const { a, b } = bench;
  a.dev.control.setMining(false);
  const { finalizedHeight } = await a.chain.health();
  const trusted = await b.chain.target.trusted(b.clientId);
  if (trusted.height < finalizedHeight)
    await relay({ verify: verifyBeacon, source: a, target: b, messages: [], minHeight: finalizedHeight });
  const held = await b.chain.target.trusted(b.clientId);
  const bytes = await conflictingUpdate(a.dev, held.state);
  return envelope.encode({
    version: ENVELOPE_VERSION,
    sourceChain: a.chain.chainId,
    targetChain: b.chain.chainId,
    clientId: b.clientId,
    updates: [bytes],
    height: held.height,
    rootProof: new Uint8Array(),
    claims: [],
  });
}

describe("light clients that cannot go on", () => {
  test("misbehaviour freezes: nothing is proven to it or submitted to it any more", async () => {
    const { a, b } = bench;
    const evidence = await conflictingEnvelope();
    const before = await b.chain.target.trusted(b.clientId);
    expect(verifyBeacon({ trusted: before.state, envelope: evidence, now: before.now })).toMatchObject({
      ok: false,
      reason: "CONFLICTING_HEADER",
    });
    await b.chain.target.submit({ id: newBatchId(), clientId: b.clientId, envelope: evidence, messages: [] }, never());
    const trusted = await b.chain.target.trusted(b.clientId);
    expect(trusted.status).toBe("frozen");
    const request = { targetChain: b.chain.chainId, trusted, minHeight: 0n, claims: [] };
    await expect(a.chain.source.prove(request, never())).rejects.toMatchObject({ code: "CLIENT_FROZEN" });
    const again = b.chain.target.submit(
      { id: newBatchId(), clientId: b.clientId, envelope: evidence, messages: [] },
      never(),
    );
    await expect(again).rejects.toMatchObject({ code: "CLIENT_FROZEN", retry: "never" });
  });

  test("a light client nobody updated expires", async () => {
    const { a, b } = bench;
    await a.dev.control.advanceTime(2 * 86_400);
    const trusted = await a.chain.target.trusted(a.clientId);
    expect(trusted.status).toBe("expired");
    expect(trusted.expiresAt).toBeLessThan(trusted.now);
    const request = { targetChain: a.chain.chainId, trusted, minHeight: 0n, claims: [] };
    await expect(b.chain.source.prove(request, never())).rejects.toMatchObject({ code: "CLIENT_EXPIRED" });
    const packet = {
      sequence: 1n,
      sourceClient: b.clientId,
      destinationClient: a.clientId,
      timeoutTimestamp: 1n << 40n,
      payloads: [],
    };
    const message: Message = { kind: "timeout", packet };
    const bytes = envelope.encode({
      version: ENVELOPE_VERSION,
      sourceChain: b.chain.chainId,
      targetChain: a.chain.chainId,
      clientId: a.clientId,
      updates: [],
      height: trusted.height,
      rootProof: new Uint8Array(),
      claims: [{ membership: 0n, path: new Uint8Array(), value: new Uint8Array(), proof: new Uint8Array() }],
    });
    const submitting = a.chain.target.submit(
      { id: newBatchId(), clientId: a.clientId, envelope: bytes, messages: [message] },
      never(),
    );
    await expect(submitting).rejects.toMatchObject({ code: "CLIENT_EXPIRED" });
  });
});
