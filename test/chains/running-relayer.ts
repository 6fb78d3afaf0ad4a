// A relayer between the parties' chains, and what it says.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { families } from "#adapters/families.ts";
import { loadConfig } from "#relayer/config.ts";
import { startRelayer } from "#relayer/main.ts";
import type { End, Route } from "#relayer/routes.ts";
import { packetView } from "#sdk/api/views.ts";
import type { PacketView } from "#sdk/api/views.ts";
import { bearer, writeTokens } from "#test/support/tokens.ts";
import type { Party, Place } from "./party.ts";

export interface RunningRelayer {
  readonly url: string;
  /** What it says of the packet with this sequence once that has come to its end: "acknowledged" or "timedOut". */
  untilEnded(from: End, sequence: bigint): Promise<PacketView>;
  /** Nothing is delivered to this light client meanwhile. */
  pause(target: End): Promise<void>;
  resume(target: End): Promise<void>;
  stop(): Promise<void>;
}

const describe = ({ id, status, deliveries }: PacketView): string => {
  const legs = deliveries.map(({ leg, status: at, error }) => `${leg} ${at}${error === null ? "" : ` (${error})`}`);
  return `${id}: ${status}, ${legs.join(", ")}`;
};

async function untilEnded(url: string, { chain, client }: End, sequence: bigint): Promise<PacketView> {
  for (let last = ""; ; await sleep(500)) {
    const answer = await fetch(`${url}/v1/packets/${chain}/${client}/${sequence}`);
    if (!answer.ok) continue;
    const packet = packetView.parse(await answer.json());
    const hasEnded = packet.status === "acknowledged" || packet.status === "timedOut";
    const seen = describe(packet);
    // What had ended before anybody looked is no news.
    if (seen !== last && !(hasEnded && last === "")) console.error(`     ${seen}`);
    last = seen;
    if (hasEnded) return packet;
  }
}

export async function runRelayer(
  { dir, logger }: Place,
  parties: readonly Party[],
  routes: readonly Route[],
): Promise<RunningRelayer> {
  const path = join(dir, "relayer.yaml");
  const file = {
    data: join(dir, "data"),
    http: { port: 0, requestsPerMinute: 100_000, tokens: await writeTokens(dir) },
    timers: { tick: 0.25, finalityPoll: 0.25, firstRetry: 0.5 },
    chains: parties.map(({ relayerConfig }) => relayerConfig),
    routes,
  };
  await writeFile(path, stringify(file));
  // Neither DATABASE_URL nor REDIS_URL of whoever runs the test: the relayer brings its own database.
  const relayer = await startRelayer(await loadConfig(path, { families, environment: {} }), { logger });
  const act = async (name: string, { chain, client }: End): Promise<void> => {
    const response = await fetch(`${relayer.url}/v1/lanes/${chain}/${client}/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer("operator") },
      body: JSON.stringify({ because: "a test" }),
    });
    if (!response.ok) throw new Error(`${name} of ${chain}/${client}: ${response.status} ${await response.text()}`);
  };
  return {
    url: relayer.url,
    untilEnded: (from, sequence) => untilEnded(relayer.url, from, sequence),
    pause: (target) => act("pause", target),
    resume: (target) => act("resume", target),
    stop: () => relayer.stop(),
  };
}
