// New finality is found by what beacon nodes push, and without it by the clock: a push is a hint, and so is its absence.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AdapterDependencies } from "#adapters/adapter.ts";
import type { Watched } from "#adapters/source-chain.ts";
import { evmConfig } from "#adapters/evm/config.ts";
import { evm } from "#adapters/evm/family.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";
import { silentLogger } from "#test/support/evm-bench.ts";
import { startHostileRpc } from "#test/support/hostile-rpc.ts";
import type { HostileRpc, Streams } from "#test/support/hostile-rpc.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

/** Longer than any test takes: what the clock would find is found too late. */
const FOR_EVER = 3_600_000;
/** Of anvil's own contracts: nothing is sent here. */
const ROUTER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

let dev: DevChain;
let liar: HostileRpc;

beforeAll(async () => {
  dev = await startDevChain({ chainId: 41_101, blockTime: 0, finalityLag: 1, committeeSize: 32 });
  liar = await startHostileRpc(dev.beaconUrl);
});
afterAll(async () => {
  await liar?.close();
  await dev?.stop();
});

interface Watching {
  /** Makes a block final once there is nothing new any more, and waits until it is seen. */
  round(idle?: () => Promise<void>): Promise<void>;
  /** How often finality was asked for. */
  looks(): number;
  end(): Promise<void>;
}

/** From the finalized head on, once a look found nothing new. */
async function watching(beacons: readonly string[], pollMilliseconds: number): Promise<Watching> {
  let looks = 0;
  const dependencies: AdapterDependencies = {
    logger: silentLogger,
    transactions: memoryTransactions(),
    readSecret: () => Promise.reject(new RangeError("nothing is signed here")),
    now: Date.now,
    requests: ({ method }) => {
      if (method.endsWith("finality_update")) looks += 1;
    },
  };
  const config = evmConfig.parse({
    family: "evm",
    chainId: `eip155:${dev.chainId}`,
    endpoints: [{ name: "anvil", url: dev.rpcUrl }],
    consensus: { kind: "beacon", endpoints: beacons.map((url, index) => ({ name: `beacon-${index}`, url })) },
    router: ROUTER,
  });
  const chain = await evm.open({ ...config, pollMilliseconds }, dependencies);
  const aborting = new AbortController();
  const source = chain.source.watch(undefined, aborting.signal)[Symbol.asyncIterator]();
  const seen = async (): Promise<Watched> => {
    const next = await source.next();
    if (next.done === true) throw new Error("the watcher ended");
    return next.value;
  };
  let last = (await seen()).to;
  return {
    looks: () => looks,
    async round(idle) {
      const before = looks;
      const next = seen();
      await expect.poll(() => looks, { interval: 5, timeout: 60_000 }).toBeGreaterThan(before);
      await idle?.();
      await dev.control.mine(1);
      const { kind, from, to } = await next;
      expect([kind, from]).toEqual(["indexed", last + 1n]);
      last = to;
    },
    async end() {
      aborting.abort();
      await source.return?.(undefined);
      await chain.close();
    },
  };
}

async function watched(
  beacons: readonly string[],
  poll: number,
  work: (watching: Watching) => Promise<void>,
): Promise<void> {
  const running = await watching(beacons, poll);
  try {
    await work(running);
  } finally {
    await running.end();
  }
}

const rounds = async (running: Watching, count: number): Promise<void> => {
  for (let done = 0; done < count; done += 1) await running.round();
};

test("pushes alone find finality, time and again, when the clock would take an hour", () =>
  watched([dev.beaconUrl], FOR_EVER, (running) => rounds(running, 10)));

test("any of the endpoints is enough, and one that is lost costs nothing", async () => {
  liar.stream("honest");
  await watched([liar.url, dev.beaconUrl], FOR_EVER, async (running) => {
    await rounds(running, 3);
    liar.stream("refused");
    await rounds(running, 3);
  });
});

test("a node that was away pushes again", () =>
  watched([dev.beaconUrl], FOR_EVER, async (running) => {
    await rounds(running, 2);
    const next = running.round();
    dev.control.goOffline();
    dev.control.goOnline();
    await next;
    await rounds(running, 2);
  }));

test.each<Streams>(["unanswered", "silent", "refused"])(
  "where streams are %s, the clock finds finality",
  async (streams) => {
    liar.stream(streams);
    await watched([liar.url], 50, (running) => rounds(running, 3));
  },
);

test("a stream that is lost, and never comes again, leaves the clock", async () => {
  liar.stream("honest");
  await watched([liar.url], 50, async (running) => {
    await rounds(running, 3);
    liar.stream("unanswered");
    await rounds(running, 3);
  });
});

test("a flood of news has nobody ask more often than the clock of the chain would", async () => {
  liar.stream("flooding");
  await watched([liar.url], FOR_EVER, async (running) => {
    const [begin, before] = [performance.now(), running.looks()];
    await running.round(() => new Promise((resolve) => setTimeout(resolve, 3_000)));
    // Half a slot each; one look before the first pause, and one for what was really new.
    expect(running.looks() - before).toBeLessThanOrEqual((performance.now() - begin) / 490 + 2);
  });
});

test("who waits ends with the signal, whatever the streams do", async () => {
  liar.stream("silent");
  const running = await watching([liar.url], FOR_EVER);
  await running.end();
});
