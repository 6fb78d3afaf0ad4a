// What the EVM adapter says about a light client that was told a fork: found by comparing, recovered from calldata, reported
// with signed evidence, frozen. And what it does not say: endpoints that lie, lag or forget freeze nothing.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import type { EvmConfig } from "#adapters/evm/config.ts";
import type { Logger } from "#adapters/logger.ts";
import { beaconMisbehaviour, beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { executionBlockHash, parseExecutionHeader } from "#scripts/devnet/execution-header.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { openEvm, openEvmBench, silentLogger } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";
import { bring, forge } from "#test/support/forgery.ts";
import type { ForgeOptions, Way } from "#test/support/forgery.ts";
import { startHostileRpc } from "#test/support/hostile-rpc.ts";
import type { HostileRpc } from "#test/support/hostile-rpc.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";
import { never, newBatchId } from "#test/conformance/relay.ts";
import { toHex } from "viem";

let bench: EvmBench;
let execution: HostileRpc;
let beacon: HostileRpc;

beforeAll(async () => {
  // A block is final as soon as the next one is there; periods are long, for what is jumped over.
  bench = await openEvmBench({ finalityLag: 1, epochsPerPeriod: 1_024, committeeSize: 32 });
  const { dev } = bench.a;
  [execution, beacon] = await Promise.all([startHostileRpc(dev.rpcUrl), startHostileRpc(dev.beaconUrl)]);
});
afterAll(async () => {
  await Promise.all([execution?.close(), beacon?.close(), bench?.close()]);
});
const warn: Logger["warn"] = (fields, message) => {
  told.push(`${"code" in fields ? String(fields.code) : ""}: ${message}`);
};
/** What was said against endpoints: more lasting than their status, which a second later may be good again. */
const told: string[] = [];
afterEach(() => {
  execution.lie(undefined);
  beacon.lie(undefined);
  told.length = 0;
});

/** A new light client of chain a on chain b. */
async function newClient(): Promise<string> {
  const { a, b } = bench;
  return b.chain.admin.createClient(await a.chain.admin.bootstrap({ trustingPeriod: 86_400n }));
}

const trusted = (clientId: string): Promise<TrustedClient> => bench.b.chain.target.trusted(clientId);
const compare = async (chain: Chain, clientId: string) => chain.source.compare(await trusted(clientId), never());

async function deceive(clientId: string, what: ForgeOptions["what"], way: Way = "light client"): Promise<bigint> {
  const { a, b } = bench;
  const { control } = a.dev;
  control.setMining(false);
  // Whoever follows finality has seen what the committee signed, as a running relayer has.
  await a.chain.health();
  const { update, height } = await forge(a.dev, { what });
  control.setMining(true);
  const { state } = await trusted(clientId);
  await bring({ rpcUrl: b.dev.rpcUrl, router: b.config.router, clientId, trusted: state, update, way });
  return height;
}

/** Chain a behind the liars, with or without honest endpoints after them. */
function openBehind({ honest }: { honest: boolean }, changes: Partial<EvmConfig> = {}): Promise<Chain> {
  const { config, dev } = bench.a;
  const endpoints = [{ name: "liar", url: execution.url }, ...(honest ? [{ name: "honest", url: dev.rpcUrl }] : [])];
  const beacons = [
    { name: "lying beacon", url: beacon.url },
    ...(honest ? [{ name: "honest beacon", url: dev.beaconUrl }] : []),
  ];
  return openEvm(
    { ...config, ...changes, endpoints, consensus: { kind: "beacon", endpoints: beacons } },
    memoryTransactions(),
    { logger: { ...silentLogger, warn } },
  );
}

async function finalizedSlot(): Promise<string> {
  const answer = await fetch(`${bench.a.dev.beaconUrl}/eth/v1/beacon/light_client/finality_update`);
  const { data } = (await answer.json()) as { data: { finalized_header: { beacon: { slot: string } } } };
  return data.finalized_header.beacon.slot;
}

async function problems(chain: Chain): Promise<string> {
  await chain.health();
  return told.join("\n");
}

describe("a light client that was told a fork", () => {
  test.each<[Way]>([["light client"], ["router"], ["wallet"]])(
    "is found, and frozen with a report, when the update came to the %s",
    async (way) => {
      const { a, b } = bench;
      const clientId = await newClient();
      const height = await deceive(clientId, "block", way);
      const believed = await trusted(clientId);
      expect(believed).toMatchObject({ status: "active", height });
      await expect
        .poll(() => compare(a.chain, clientId), { timeout: 300_000 })
        .toMatchObject({ contradictions: [{ height, basis: "proven" }] });

      const accepted = await b.chain.target.accepted(clientId, height);
      if (!accepted.ok) throw new Error(accepted.why);
      const answer = await a.chain.source.contradict({ trusted: believed, accepted: accepted.update }, never());
      if (!answer.ok) throw new Error(answer.why);
      const verdict = verifyMisbehaviour({ trusted: believed.state, misbehaviour: answer.report, now: believed.now });
      expect(verdict).toMatchObject({ ok: true, height });

      const id = newBatchId();
      const report = { id, clientId, report: answer.report };
      const first = await b.chain.target.report(report, never());
      expect(first.transaction).toBeDefined();
      expect((await trusted(clientId)).status).toBe("frozen");
      expect(await b.chain.target.report(report, never())).toEqual(first);
      expect(await b.chain.target.report({ ...report, id: newBatchId() }, never())).toEqual({ deliveries: [] });
      expect(await b.transactions.ofBatch(b.chain.chainId, id)).toHaveLength(1);
      // It is still known to be wrong, and no report is judged any more.
      expect((await compare(a.chain, clientId)).contradictions).toMatchObject([{ height }]);
      const frozen = await trusted(clientId);
      const again = verifyMisbehaviour({ trusted: frozen.state, misbehaviour: answer.report, now: frozen.now });
      expect(again).toMatchObject({ ok: false, reason: "CLIENT_FROZEN" });
    },
  );

  test("is frozen for everybody and everything", async () => {
    const { a, b } = bench;
    const clientId = await newClient();
    const before = await trusted(clientId);
    const targetChain = b.chain.chainId;
    const height = await deceive(clientId, "block");
    const request = { targetChain, trusted: before, minHeight: before.height + 1n, claims: [] };
    const envelope = await a.chain.source.prove(request, never());
    const accepted = await b.chain.target.accepted(clientId, height);
    if (!accepted.ok) throw new Error(accepted.why);
    const believed = await trusted(clientId);
    const answer = await a.chain.source.contradict({ trusted: believed, accepted: accepted.update }, never());
    if (!answer.ok) throw new Error(answer.why);
    await b.chain.target.report({ id: newBatchId(), clientId, report: answer.report }, never());

    const frozen = await trusted(clientId);
    expect(frozen.status).toBe("frozen");
    await expect(a.chain.source.prove({ ...request, trusted: frozen }, never())).rejects.toMatchObject({
      code: "CLIENT_FROZEN",
    });
    const id = newBatchId();
    await expect(b.chain.target.submit({ id, clientId, envelope, messages: [] }, never())).rejects.toMatchObject({
      code: "CLIENT_FROZEN",
    });
    expect(await b.transactions.ofBatch(targetChain, id)).toEqual([]);
    for (const what of ["block", "committee"] as const) await expect(deceive(clientId, what)).rejects.toThrow();
    expect((await trusted(clientId)).state).toEqual(frozen.state);
  });

  test("is found without a report when an own contract made the evidence", async () => {
    const { a, b } = bench;
    const clientId = await newClient();
    const height = await deceive(clientId, "block", "own contract");
    await expect
      .poll(() => compare(a.chain, clientId), { timeout: 300_000 })
      .toMatchObject({ contradictions: [{ height }] });
    expect(await b.chain.target.accepted(clientId, height)).toMatchObject({
      ok: false,
      why: expect.stringMatching(/called 0x[0-9a-f]{40}: the update cannot be recovered from its calldata/),
    });
  });

  test("is found without a report when the chain's committee signed nothing for that slot and height", async () => {
    const { a, b } = bench;
    const clientId = await newClient();
    // The chain has moved on by the time somebody looks who was not there.
    const height = await deceive(clientId, "block");
    await a.dev.control.mine(4);
    const late = await openEvm(a.config, memoryTransactions());
    expect((await compare(late, clientId)).contradictions).toMatchObject([{ height, basis: "proven" }]);
    const accepted = await b.chain.target.accepted(clientId, height);
    if (!accepted.ok) throw new Error(accepted.why);
    const request = { trusted: await trusted(clientId), accepted: accepted.update };
    expect(await late.source.contradict(request, never())).toMatchObject({
      ok: false,
      why: expect.stringContaining("our endpoints have no signed finality of slot"),
    });
  });

  test("is found when it believes a height above the chain, once the slot is final", async () => {
    const { a } = bench;
    const clientId = await newClient();
    const height = await deceive(clientId, "height");
    const { contradictions } = await expect
      .poll(() => compare(a.chain, clientId), { timeout: 300_000 })
      .toMatchObject({ contradictions: [{ height, basis: "proven" }] })
      .then(() => compare(a.chain, clientId));
    expect(contradictions[0]?.what).toContain("to be final in slot");
  });

  test("is found when only its next committee is forged", async () => {
    const { a } = bench;
    const clientId = await newClient();
    await deceive(clientId, "committee");
    const { contradictions } = await compare(a.chain, clientId);
    expect(contradictions).toMatchObject([{ basis: "proven", what: expect.stringContaining("sync committee") }]);
  });
});

describe("no alarm", () => {
  test("about a light client that its chain's own updates moved", async () => {
    const { a } = bench;
    const clientId = await newClient();
    expect(await compare(a.chain, clientId)).toEqual({ contradictions: [], uncompared: [] });
    const before = await trusted(clientId);
    const request = { targetChain: bench.b.chain.chainId, trusted: before, minHeight: before.height + 1n, claims: [] };
    const envelope = await expect
      .poll(() => a.chain.source.prove(request, never()), { timeout: 300_000 })
      .toBeDefined()
      .then(() => a.chain.source.prove(request, never()));
    await bench.b.chain.target.submit({ id: newBatchId(), clientId, envelope, messages: [] }, never());
    expect((await compare(a.chain, clientId)).contradictions).toEqual([]);
    // Somebody who was not there sees the same.
    const newcomer = await openEvm(a.config, memoryTransactions());
    expect(await compare(newcomer, clientId)).toEqual({ contradictions: [], uncompared: [] });
  });

  const aged = async (): Promise<string> => {
    const clientId = await newClient();
    await bench.a.dev.control.mine(3);
    return clientId;
  };

  /** Another block that hashes to its own hash, as long as nobody looks at the ones around it. */
  function otherBlock(honest: unknown): unknown {
    const header = { ...parseExecutionHeader(honest), stateRoot: `0x${"66".repeat(32)}` as const };
    return { ...(honest as object), stateRoot: header.stateRoot, hash: toHex(executionBlockHash(header)) };
  }
  const showOther = (height: bigint): void =>
    execution.lie(({ what, params, honest }) =>
      what === "eth_getBlockByNumber" && params[0] === `0x${height.toString(16)}` ? otherBlock(honest) : honest,
    );

  test("when one endpoint shows another block: the links to the finalized head tell, and the liar is named", async () => {
    const clientId = await aged();
    const chain = await openBehind({ honest: true });
    const { height } = await trusted(clientId);
    showOther(height);
    expect(await compare(chain, clientId)).toEqual({ contradictions: [], uncompared: [] });
    expect(execution.told()).toBeGreaterThan(0);
    expect(await problems(chain)).toContain(`liar shows block ${height} as `);
    // Nor would its block be evidence: nobody signed it.
    expect((await trusted(clientId)).status).toBe("active");
  });

  test("when the only endpoint shows another block: its own links betray it", async () => {
    const clientId = await aged();
    const chain = await openBehind({ honest: false });
    const { height } = await trusted(clientId);
    showOther(height);
    const { contradictions, uncompared } = await compare(chain, clientId);
    expect(contradictions).toEqual([]);
    expect(uncompared).toMatchObject([{ height, because: "unserved", why: expect.stringContaining("liar") }]);
    expect(await problems(chain)).toContain("RPC_BAD_ANSWER");
  });

  test("when one endpoint shows a header that is no header", async () => {
    const clientId = await aged();
    const chain = await openBehind({ honest: true });
    execution.lie(({ what, honest }) =>
      what === "eth_getBlockByNumber" ? { ...(honest as object), stateRoot: `0x${"66".repeat(32)}` } : honest,
    );
    expect((await compare(chain, clientId)).contradictions).toEqual([]);
    expect(await problems(chain)).toContain("does not hash to block");
  });

  test("when a beacon endpoint finalizes something that nobody signed", async () => {
    const clientId = await aged();
    const chain = await openBehind({ honest: true });
    await chain.health();
    beacon.lie(({ what, honest }) => {
      if (!what.includes("finality_update")) return honest;
      const copy = structuredClone(honest) as { data: { finalized_header: { beacon: { proposer_index: string } } } };
      // Nobody's: any other one is the truth in some slot.
      copy.data.finalized_header.beacon.proposer_index = "12345";
      return copy;
    });
    const before = await finalizedSlot();
    await bench.a.dev.control.mine();
    // A lie about a header that was seen is not looked at.
    await expect.poll(finalizedSlot).not.toBe(before);
    expect(await compare(chain, clientId)).toEqual({ contradictions: [], uncompared: [] });
    expect(await problems(chain)).toContain("INVALID_FINALITY_BRANCH");
  });

  test("when our endpoints are behind the light client: it is compared later", async () => {
    const { dev } = bench.a;
    const stale: unknown = await (await fetch(`${dev.beaconUrl}/eth/v1/beacon/light_client/finality_update`)).json();
    await dev.control.mine(3);
    const clientId = await newClient();
    const { height } = await trusted(clientId);
    beacon.lie(({ what, honest }) => (what.includes("finality_update") ? stale : honest));
    const chain = await openBehind({ honest: false });
    expect(await compare(chain, clientId)).toMatchObject({
      contradictions: [],
      uncompared: [{ height, because: "ahead" }],
    });
    beacon.lie(undefined);
    expect(await compare(chain, clientId)).toEqual({ contradictions: [], uncompared: [] });
  });

  test("when no endpoint keeps the history: it says so", async () => {
    const clientId = await aged();
    const chain = await openBehind({ honest: false });
    const { height } = await trusted(clientId);
    execution.lie(({ what, honest }) => (what === "eth_getBlockByNumber" ? null : honest));
    expect(await compare(chain, clientId)).toMatchObject({
      contradictions: [],
      uncompared: [{ height, because: "unserved", why: expect.stringContaining("does not have block") }],
    });
    expect(await problems(chain)).toBe("");
  });

  test("when the only endpoints do not answer: comparing fails, it does not agree", async () => {
    const clientId = await aged();
    const chain = await openBehind({ honest: false });
    beacon.lie(() => ({ data: "nonsense" }));
    await expect(compare(chain, clientId)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });
});

describe("no report", () => {
  test("from updates that do not contradict, are not signed, or are no updates", async () => {
    const { a } = bench;
    const clientId = await newClient();
    const honest = await trusted(clientId);
    const { update } = await forge(a.dev, { what: "block" });
    const contradict = (accepted: Uint8Array) => a.chain.source.contradict({ trusted: honest, accepted }, never());
    expect(await contradict(new Uint8Array(9))).toMatchObject({
      ok: false,
      why: expect.stringContaining("does not decode"),
    });
    const decoded = beaconUpdate.decode(update);
    const unsigned = { ...decoded, syncCommitteeSignature: decoded.syncCommitteeSignature.toReversed() };
    expect(await contradict(beaconUpdate.encode(unsigned))).toMatchObject({ ok: false });
    const otherPeriod = { ...decoded, signatureSlot: decoded.signatureSlot + 1_000_000n };
    expect(await contradict(beaconUpdate.encode(otherPeriod))).toMatchObject({
      ok: false,
      why: expect.stringContaining("whose committee the light client"),
    });
  });

  test("that the light client would refuse is sent", async () => {
    const { a, b } = bench;
    const clientId = await newClient();
    const { update } = await forge(a.dev, { what: "block" });
    const report = beaconMisbehaviour.encode({ first: update, second: update });
    const id = newBatchId();
    await expect(b.chain.target.report({ id, clientId, report }, never())).rejects.toMatchObject({
      code: "TRANSACTION_REVERTED",
      context: { error: "NoConflict" },
    });
    await expect(b.chain.target.report({ id, clientId, report: new Uint8Array(3) }, never())).rejects.toMatchObject({
      code: "TRANSACTION_REVERTED",
      context: { error: "Malformed" },
    });
    expect(await b.transactions.ofBatch(b.chain.chainId, id)).toEqual([]);
    expect((await trusted(clientId)).status).toBe("active");
  });

  test("about a height that the light client was created with", async () => {
    const clientId = await newClient();
    const { height } = await trusted(clientId);
    expect(await bench.b.chain.target.accepted(clientId, height)).toMatchObject({
      ok: false,
      why: expect.stringContaining("created with it"),
    });
    await expect(bench.b.chain.target.accepted("nobody-99", 1n)).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
  });
});
