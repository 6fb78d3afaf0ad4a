// A lying endpoint is never believed: nothing is signed on its word, the reason is shown, the next endpoint is tried.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { keccak256, stringToHex } from "viem";
import type { Chain } from "#adapters/adapter.ts";
import type { Sent } from "#adapters/chain-apps.ts";
import type { Message } from "#adapters/message.ts";
import type { EvmConfig } from "#adapters/evm/config.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { receiveClaim } from "#adapters/protocol/claim.ts";
import { openEvm, openEvmBench } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";
import { startHostileRpc, TRUNCATED } from "#test/support/hostile-rpc.ts";
import type { HostileRpc, Lie } from "#test/support/hostile-rpc.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";
import { eventOf, never, newBatchId, proveMessages } from "#test/conformance/relay.ts";

let bench: EvmBench;
let sent: Sent;
let execution: HostileRpc;
let beacon: HostileRpc;

beforeAll(async () => {
  bench = await openEvmBench();
  const { a } = bench;
  [execution, beacon] = await Promise.all([startHostileRpc(a.dev.rpcUrl), startHostileRpc(a.dev.beaconUrl)]);
  sent = await sendMessage();
  await eventOf(a, "sent", sent.packet.sequence);
});
afterAll(async () => {
  await Promise.all([execution?.close(), beacon?.close(), bench?.close()]);
});
afterEach(() => {
  execution.lie(undefined);
  beacon.lie(undefined);
});

const sendMessage = async (): Promise<Sent> =>
  bench.a.chain.apps.send({
    sourceClient: bench.a.clientId,
    receiver: bench.b.receiver,
    payload: new TextEncoder().encode("good day"),
    timeoutTimestamp: (await bench.b.now()) + 3_600n,
  });

/** Chain a behind the liars, with or without honest endpoints after them. */
async function openBehind({ honest }: { honest: boolean }, changes: Partial<EvmConfig> = {}): Promise<Chain> {
  const { config, dev } = bench.a;
  const behind: EvmConfig = {
    ...config,
    ...changes,
    endpoints: [{ name: "liar", url: execution.url }, ...(honest ? [{ name: "honest", url: dev.rpcUrl }] : [])],
    consensus: {
      kind: "beacon",
      endpoints: [
        { name: "lying beacon", url: beacon.url },
        ...(honest ? [{ name: "honest beacon", url: dev.beaconUrl }] : []),
      ],
    },
  };
  return openEvm(behind, memoryTransactions());
}

const problems = async (chain: Chain): Promise<string> =>
  (await chain.health()).endpoints.map(({ problem }) => problem ?? "").join("\n");

const message = (): Message => ({ kind: "receive", packet: sent.packet });

const prove = async (chain: Chain) => {
  const { b } = bench;
  // A state from before the packet, so that an update has to be proven too.
  const trusted = await b.chain.target.trusted(b.clientId);
  const request = {
    targetChain: b.chain.chainId,
    trusted,
    minHeight: sent.height,
    claims: [receiveClaim(sent.packet)],
  };
  const envelope = await chain.source.prove(request, never());
  return verifyBeacon({ trusted: trusted.state, envelope, now: trusted.now });
};

type Json = Record<string, unknown>;
const changed = (value: unknown, change: (copy: Json) => void): unknown => {
  const copy = structuredClone(value) as Json;
  change(copy);
  return copy;
};
const flipLast = (hex: unknown): string => `${String(hex).slice(0, -1)}${String(hex).endsWith("0") ? "1" : "0"}`;
const on =
  (what: string, change: (honest: unknown) => unknown): Lie =>
  (exchange) =>
    exchange.what.includes(what) && exchange.honest !== null ? change(exchange.honest) : exchange.honest;
const data = (value: unknown): Json => ((value as Json)["data"] ?? value) as Json;

interface LieCase {
  readonly name: string;
  readonly liar: "execution" | "beacon";
  readonly lie: Lie;
  /** What the endpoint's status says. */
  readonly reason: string;
}

const lies: readonly LieCase[] = [
  {
    name: "serves another chain",
    liar: "execution",
    lie: on("eth_chainId", () => "0x1"),
    reason: "WRONG_CHAIN_ID",
  },
  {
    name: "does not have finalized blocks (stale)",
    liar: "execution",
    lie: on("eth_getBlockBy", () => null),
    reason: "RPC_STALE",
  },
  {
    name: "cuts its answers (truncated)",
    liar: "execution",
    lie: on("eth_getBlockBy", () => TRUNCATED),
    reason: "RPC_BAD_ANSWER",
  },
  {
    name: "changes a header's state root",
    liar: "execution",
    lie: on("eth_getBlockBy", (honest) => changed(honest, (block) => (block["stateRoot"] = keccak256("0x01")))),
    reason: "RPC_BAD_ANSWER",
  },
  {
    name: "proves at another block of its own (forked)",
    liar: "execution",
    lie: on("eth_getProof", (honest) =>
      changed(honest, (proof) => (proof["accountProof"] = [...(proof["accountProof"] as string[])].reverse())),
    ),
    reason: "INVALID_ACCOUNT_PROOF",
  },
  {
    name: "gives a wrong storage proof",
    liar: "execution",
    lie: on("eth_getProof", (honest) =>
      changed(honest, (proof) => {
        const [first] = proof["storageProof"] as { proof: string[] }[];
        if (first !== undefined) first.proof = first.proof.map((node) => flipLast(node));
      }),
    ),
    reason: "INVALID_STORAGE_PROOF",
  },
  {
    name: "leaves proof nodes out",
    liar: "execution",
    lie: on("eth_getProof", (honest) =>
      changed(honest, (proof) => {
        const [first] = proof["storageProof"] as { proof: string[] }[];
        first?.proof.pop();
      }),
    ),
    reason: "INVALID_STORAGE_PROOF",
  },
  {
    name: "adds proof nodes",
    liar: "execution",
    lie: on("eth_getProof", (honest) => changed(honest, (proof) => (proof["accountProof"] as string[]).push("0xc0"))),
    reason: "INVALID_ACCOUNT_PROOF",
  },
  {
    name: "answers with an error",
    liar: "execution",
    lie: on("eth_getProof", () => ({ rpcError: { code: -32_000, message: "missing trie node" } })),
    reason: "RPC_BAD_ANSWER",
  },
  {
    name: "forges the committee's signature",
    liar: "beacon",
    lie: on("finality_update", (honest) =>
      changed(honest, (update) => {
        const aggregate = data(update)["sync_aggregate"] as Json;
        aggregate["sync_committee_signature"] = flipLast(aggregate["sync_committee_signature"]);
      }),
    ),
    reason: "INVALID_SIGNATURE",
  },
  {
    name: "claims more signers than there were",
    liar: "beacon",
    lie: on("finality_update", (honest) =>
      changed(honest, (update) => {
        const aggregate = data(update)["sync_aggregate"] as Json;
        aggregate["sync_committee_bits"] = `0x00${String(aggregate["sync_committee_bits"]).slice(4)}`;
      }),
    ),
    reason: "INVALID_SIGNATURE",
  },
  {
    name: "swaps the finalized header",
    liar: "beacon",
    lie: on("finality_update", (honest) =>
      changed(honest, (update) => {
        const header = (data(update)["finalized_header"] as Json)["beacon"] as Json;
        header["proposer_index"] = "12345";
      }),
    ),
    reason: "INVALID_FINALITY_BRANCH",
  },
  {
    name: "puts an unfinalized slot into the attested header",
    liar: "beacon",
    lie: on("finality_update", (honest) =>
      changed(honest, (update) => {
        const header = (data(update)["attested_header"] as Json)["beacon"] as Json;
        header["slot"] = "1";
      }),
    ),
    reason: "SLOT_ORDER",
  },
  {
    name: "serves another chain's block hash",
    liar: "beacon",
    lie: on("finality_update", (honest) =>
      changed(honest, (update) => {
        const payload = (data(update)["finalized_header"] as Json)["execution"] as Json;
        payload["block_hash"] = keccak256(stringToHex("another chain"));
      }),
    ),
    reason: "RPC_STALE",
  },
  {
    name: "answers something that is no light-client data",
    liar: "beacon",
    lie: on("finality_update", () => ({ data: { finalized: true } })),
    reason: "RPC_BAD_ANSWER",
  },
  {
    name: "cuts its answers",
    liar: "beacon",
    lie: on("finality_update", () => TRUNCATED),
    reason: "RPC_BAD_ANSWER",
  },
];

describe("an endpoint that lies while something is proven", () => {
  for (const { name, liar, lie, reason } of lies) {
    test(`${liar}: ${name}`, async () => {
      // An honest start: the endpoint turns bad later.
      const chain = await openBehind({ honest: true });
      const alone = await openBehind({ honest: false });
      const hostile = liar === "execution" ? execution : beacon;
      if (reason === "WRONG_CHAIN_ID") {
        execution.lie(lie);
        await expect(openBehind({ honest: false })).rejects.toMatchObject({ code: "WRONG_CHAIN_ID" });
        expect(await prove(await openBehind({ honest: true }))).toMatchObject({ ok: true });
        return;
      }
      await Promise.all([chain.health(), alone.health()]);
      hostile.lie(lie);
      expect(await prove(chain)).toMatchObject({ ok: true });
      expect(hostile.told()).toBeGreaterThan(0);
      // What the liar did is on record until it answers well again.
      await expect(prove(alone)).rejects.toMatchObject({ retry: "later" });
      expect(await problems(alone)).toContain(reason);
    });
  }
});

describe("an endpoint that lies while blocks are watched", () => {
  const watchedFrom = async (chain: Chain) => {
    const abort = new AbortController();
    const events = [];
    for await (const watched of chain.source.watch(undefined, abort.signal)) {
      if (watched.kind === "indexed") events.push(...watched.events);
      if (watched.to >= sent.height) abort.abort();
    }
    return events;
  };

  const forgedEvents: [string, (log: Json) => void][] = [
    ["an event of another contract", (log) => (log["address"] = `0x${"ee".repeat(20)}`)],
    ["an event of a block that is not the chain's", (log) => (log["blockHash"] = keccak256("0x02"))],
    ["an event that was taken back", (log) => (log["removed"] = true)],
    ["an event that is no packet", (log) => (log["data"] = "0x")],
    [
      "an event with another sequence among its topics",
      (log) => (log["topics"] = [...(log["topics"] as string[]).slice(0, 2), keccak256("0x03")]),
    ],
  ];

  for (const [name, forge] of forgedEvents) {
    test(name, async () => {
      const chain = await openBehind({ honest: true });
      execution.lie(on("eth_getLogs", (honest) => (honest as Json[]).map((log) => changed(log, forge))));
      const events = await watchedFrom(chain);
      expect(execution.told()).toBeGreaterThan(0);
      expect(events).toMatchObject([{ kind: "sent", packet: sent.packet, height: sent.height }]);
      expect(await problems(chain)).toContain("RPC_BAD_ANSWER");
    });
  }

  test("a block that is not final is not taken for final", async () => {
    const chain = await openBehind({ honest: true });
    await chain.health();
    beacon.lie(
      on("finality_update", (honest) =>
        changed(honest, (update) => (data(update)["finalized_header"] = data(update)["attested_header"])),
      ),
    );
    expect(await watchedFrom(chain)).toHaveLength(1);
    expect(beacon.told()).toBeGreaterThan(0);
    expect(await problems(chain)).toContain("INVALID_FINALITY_BRANCH");
  });

  test("another chain's blocks are not taken for history while catching up", async () => {
    const others = new Map<unknown, unknown>();
    for (let number = 0; number <= Number(sent.height); number += 1) {
      const tag = `0x${number.toString(16)}`;
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params: [tag, false] });
      const headers = { "content-type": "application/json" };
      const answer = await (await fetch(bench.b.dev.rpcUrl, { method: "POST", headers, body })).json();
      others.set(tag, (answer as Json)["result"]);
    }
    // Few blocks at a time, so that a stretch ends below the finalized head, where only the endpoints can tell.
    const chain = await openBehind({ honest: true }, { logRange: 2 });
    execution.lie(({ what, params, honest }) => (what === "eth_getBlockByNumber" ? others.get(params[0]) : honest));
    await expect(watchedFrom(chain)).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
      message: expect.stringContaining("disagree about block"),
    });
    execution.lie(undefined);
    expect(await watchedFrom(chain)).toHaveLength(1);
  });

  test("an endpoint that falls behind what was proven final is left for another", async () => {
    const chain = await openBehind({ honest: true });
    const old: unknown = await (
      await fetch(`${bench.a.dev.beaconUrl}/eth/v1/beacon/light_client/finality_update`)
    ).json();
    const { finalizedHeight } = await chain.health();
    await expect
      .poll(async () => (await chain.health()).finalizedHeight, { timeout: 300_000 })
      .toBeGreaterThan(finalizedHeight);
    beacon.lie(on("finality_update", () => old));
    expect((await chain.health()).finalizedHeight).toBeGreaterThan(finalizedHeight);
    expect(await problems(chain)).toContain("RPC_STALE");
  });

  test("a range that one endpoint refuses is read from the other", async () => {
    const chain = await openBehind({ honest: true });
    execution.lie(on("eth_getLogs", () => ({ rpcError: { code: -32_005, message: "limit exceeded" } })));
    expect(await watchedFrom(chain)).toHaveLength(1);
  });

  test("a block that nobody serves is recorded as a gap, and watching goes on", async () => {
    const chain = await openBehind({ honest: false });
    execution.lie(({ what, params, honest }) => {
      const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
      const pruned = what === "eth_getLogs" && BigInt(fromBlock ?? 0) <= 1n && BigInt(toBlock ?? 0) >= 1n;
      return pruned ? { rpcError: { code: 4444, message: "pruned history" } } : honest;
    });
    const abort = new AbortController();
    const seen = [];
    for await (const watched of chain.source.watch(undefined, abort.signal)) {
      seen.push(watched);
      if (watched.to >= sent.height) abort.abort();
    }
    expect(seen.filter(({ kind }) => kind === "gap")).toMatchObject([{ from: 1n, to: 1n }]);
    for (const [index, { from }] of seen.entries())
      expect(from).toBe(index === 0 ? 0n : (seen[index - 1]?.to ?? 0n) + 1n);
  });
});

describe("an endpoint that lies while something is submitted", () => {
  test("a false revert is not believed while another endpoint sees success", async () => {
    const { a, b } = bench;
    const { dev, config } = b;
    const hostile = await startHostileRpc(dev.rpcUrl);
    try {
      const endpoints = [
        { name: "liar", url: hostile.url },
        { name: "honest", url: dev.rpcUrl },
      ];
      const store = b.transactions;
      const chain = await openEvm({ ...config, endpoints }, store);
      const options = { verify: verifyBeacon, source: a, target: b, messages: [message()], minHeight: sent.height };
      const { envelope } = await proveMessages(options);
      hostile.lie(on("eth_estimateGas", () => ({ rpcError: { code: 3, message: "execution reverted", data: "0x" } })));
      const batch = { id: newBatchId(), clientId: b.clientId, envelope, messages: [message()] };
      expect((await chain.target.submit(batch, never())).deliveries).toEqual([{ status: "delivered" }]);
      expect(hostile.told()).toBeGreaterThan(0);
    } finally {
      await hostile.close();
    }
  });

  test("a nonce that is used up before its receipt shows is not taken for somebody else's", async () => {
    const { b } = bench;
    const hostile = await startHostileRpc(b.dev.rpcUrl);
    try {
      const chain = await openEvm({ ...b.config, endpoints: [{ name: "slow", url: hostile.url }] }, b.transactions);
      const late = await sendMessage();
      const messages: Message[] = [{ kind: "receive", packet: late.packet }];
      const options = { verify: verifyBeacon, source: bench.a, target: b, messages, minHeight: late.height };
      const { envelope } = await proveMessages(options);
      let hidden = 3;
      hostile.lie(on("eth_getTransactionReceipt", (honest) => (hidden-- > 0 ? null : honest)));
      const batch = { id: newBatchId(), clientId: b.clientId, envelope, messages };
      expect(await chain.target.submit(batch, never())).toMatchObject({ deliveries: [{ status: "delivered" }] });
      expect(hostile.told()).toBe(3);
    } finally {
      await hostile.close();
    }
  });

  test("nothing is recorded or sent when only a liar is there", async () => {
    const { b } = bench;
    const hostile = await startHostileRpc(b.dev.rpcUrl);
    try {
      const store = memoryTransactions();
      const chain = await openEvm({ ...b.config, endpoints: [{ name: "liar", url: hostile.url }] }, store);
      const late = await sendMessage();
      const messages: Message[] = [{ kind: "receive", packet: late.packet }];
      const options = { verify: verifyBeacon, source: bench.a, target: b, messages, minHeight: late.height };
      const { envelope } = await proveMessages(options);
      hostile.lie(on("eth_getTransactionCount", () => "0xzz"));
      const id = newBatchId();
      const submission = chain.target.submit({ id, clientId: b.clientId, envelope, messages }, never());
      await expect(submission).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
      expect(await store.ofBatch(b.chain.chainId, id)).toEqual([]);
    } finally {
      await hostile.close();
    }
  });
});
