// A relayer between two development chains with a packet of every fate, for tests that look at its pages.
import { rm } from "node:fs/promises";
import { families } from "#adapters/families.ts";
import { startRelayer } from "#relayer/main.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { parseConfig } from "#relayer/config-schema.ts";
import { openDatabase } from "#relayer/database/open.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import type { Sent } from "#adapters/chain-apps.ts";
import { makeDataDir } from "./data-dir.ts";
import { startEvmPair } from "./evm-pair.ts";
import type { EvmPair, EvmSide } from "./evm-pair.ts";
import { testLogger, until } from "./fake-relay.ts";

/** What a careless page would carry out, reverse, or be stretched by. */
export const HOSTILE_MEMO = `</script><img src=x onerror="document.title='owned'"><script>document.title='owned'</script> \u202egnp.exe\u202c ${"wide".repeat(120)}`;
/** Of tests only. */
export const OPERATOR_TOKEN = "test-operator-0123456789abcdef";

export interface ExplorerWorld {
  readonly url: string;
  /** Ends of the route, `chain/client`. */
  readonly lanes: readonly [string, string];
  /** Packet ids by what became of them. */
  readonly packets: {
    readonly transfer: string;
    readonly message: string;
    readonly refused: string;
    readonly held: string;
    readonly timedOut: string;
  };
  /** Sends one more message; its id. */
  sendMessage(text: string): Promise<string>;
  close(): Promise<void>;
}

const inSeconds = (seconds: number): bigint => BigInt(Math.floor(Date.now() / 1000) + seconds);
const idOf = (from: EvmSide, { packet }: Sent): string =>
  formatPacketId({ sourceChain: from.demo.chainId, sourceClient: from.client, sequence: packet.sequence.toString() });

async function sendAll({ sides: [from, to] }: EvmPair): Promise<ExplorerWorld["packets"]> {
  const { apps } = from.chain;
  const send = (receiver: string, text: string): Promise<Sent> =>
    apps.send({
      sourceClient: from.client,
      receiver,
      payload: new TextEncoder().encode(text),
      timeoutTimestamp: inSeconds(3_600),
    });
  const transfer = (memo: string, seconds: number, receiver: string = to.demo.user.address): Promise<Sent> =>
    apps.transfer({
      sourceClient: from.client,
      denom: from.demo.examples.token,
      amount: 5_000_000_000_000_000_000n,
      receiver,
      memo,
      timeoutTimestamp: inSeconds(seconds),
    });
  const timedOut = await transfer("too late", 6);
  const sent = {
    timedOut: idOf(from, timedOut),
    transfer: idOf(from, await transfer(HOSTILE_MEMO, 3_600)),
    message: idOf(from, await send(to.demo.examples.greeter, "Hello from the left")),
    refused: idOf(from, await transfer("", 3_600, "nobody")),
    // A token takes no messages, and does not say why.
    held: idOf(from, await send(to.demo.examples.token, "Anybody there?")),
  };
  // The relayer must not be in time for it.
  await until("the short timeout has passed", () => inSeconds(0) > timedOut.packet.timeoutTimestamp + 2n);
  return sent;
}

export async function openExplorerWorld(http: object = {}): Promise<ExplorerWorld> {
  const dir = await makeDataDir();
  const closers: (() => Promise<unknown>)[] = [() => rm(dir.path, { recursive: true, force: true })];
  const database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  closers.push(() => database.close());
  const pair = await startEvmPair(database, dir.path);
  closers.push(() => pair.stop());
  const packets = await sendAll(pair);
  const config = parseConfig(
    {
      data: dir.path,
      http: { port: 0, ...http },
      timers: { tick: 0.25, finalityPoll: 0.25, firstRetry: 0.5, longestRetry: 10 },
      chains: pair.sides.map(({ demo }) => demo.relayerConfig),
      routes: [pair.route],
    },
    "test configuration",
    { families, environment: { DATABASE_URL: database.url } },
  );
  const relayer: Relayer = await startRelayer(config, { logger: testLogger });
  closers.push(() => relayer.stop());
  const look = async (id: string): Promise<{ status: string; errorCode: string | null }> =>
    (await (await fetch(`${relayer.url}/v1/packets/${id}`)).json()) as { status: string; errorCode: string | null };
  const [left, right] = pair.sides;
  for (const [name, id] of Object.entries(packets))
    await until(
      `the packet ${name} came to where it stays`,
      async () => {
        const { status, errorCode } = await look(id);
        return name === "held" ? errorCode !== null : ["acknowledged", "timedOut"].includes(status);
      },
      300_000,
    );
  return {
    url: relayer.url,
    lanes: [`${left.demo.chainId}/${left.client}`, `${right.demo.chainId}/${right.client}`],
    packets,
    async sendMessage(text) {
      const sent = await left.chain.apps.send({
        sourceClient: left.client,
        receiver: right.demo.examples.greeter,
        payload: new TextEncoder().encode(text),
        timeoutTimestamp: inSeconds(3_600),
      });
      return idOf(left, sent);
    },
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}
