// `causeway status`: what the relayer's tables say, about everything or about one packet.
import { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { formatPacketId, parsePacketId } from "#sdk/evidence/packet-id.ts";
import { loadConfig } from "#relayer/config.ts";
import { listChains } from "#relayer/read/chains.ts";
import { describeContradiction, listClients } from "#relayer/read/clients.ts";
import { describePause, listLanes } from "#relayer/read/lanes.ts";
import { listPackets, readPacket } from "#relayer/read/packets.ts";
import type { PacketView } from "#sdk/api/views.ts";
import { answer } from "./answer.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";

const RECENT = 10;

export const statusCommand = (terminal: Terminal): Command =>
  new Command("status")
    .description("shows chains, light clients, lanes and recent packets, or one packet's way")
    .argument("[packet]", "chain/client/sequence, where it was sent from")
    .addHelpText(
      "after",
      `
Reads the database: a relayer may be running or not.

Examples:
  causeway status --config relayer.yaml
  causeway status eip155:1/beacon-0/7
  causeway status --json`,
    )
    .action(async (packet: string | undefined, _: object, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const name = packet === undefined ? undefined : parsePacketId(packet);
      const config = await loadConfig(path);
      await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) => {
        const { pool } = session;
        if (name !== undefined) {
          const view = await readPacket(pool, formatPacketId(name));
          if (view === undefined)
            throw new CausewayError("INVALID_ARGUMENT", `packet ${formatPacketId(name)} is not known to this relayer`, {
              hint: "a packet is known once its chain has finalized it; `causeway status` lists them",
            });
          answer(terminal, json, view, describePacket);
          return;
        }
        const { size } = await (await session.log()).head();
        const value = {
          chains: await listChains(pool, config.chains),
          clients: await listClients(pool),
          lanes: await listLanes(pool),
          packets: (await listPackets(pool, { limit: RECENT })).packets,
          log: { size },
        };
        answer(terminal, json, value, describeStatus);
      });
    });

interface Status {
  readonly chains: Awaited<ReturnType<typeof listChains>>;
  readonly clients: Awaited<ReturnType<typeof listClients>>;
  readonly lanes: Awaited<ReturnType<typeof listLanes>>;
  readonly packets: Awaited<ReturnType<typeof listPackets>>["packets"];
  readonly log: { readonly size: bigint };
}

const orNone = (lines: string[]): string[] => (lines.length === 0 ? ["  none yet"] : lines);

function describeStatus({ chains, clients, lanes, packets, log }: Status): string {
  const lane = (one: Status["lanes"][number]): string => {
    const waiting = one.errorCode === null ? "" : `, waiting: ${one.errorCode} ${one.error ?? ""}`;
    const paused =
      one.paused === null ? "" : `\n    PAUSED ${describePause(one.paused)}; \`causeway lane resume ${one.id}\``;
    return `  ${one.sourceChain} → ${one.id}  ${one.backlog} to deliver, ${one.delivered} delivered${waiting}${paused}`;
  };
  return [
    "chains",
    ...orNone(
      chains.map(
        (one) =>
          `  ${one.chain}  read to ${one.height ?? "-"}${one.gaps.length > 0 ? `, ${one.gaps.length} gaps` : ""}`,
      ),
    ),
    "light clients",
    ...orNone(
      clients.map(
        (one) =>
          `  ${one.chain}/${one.client} follows ${one.follows}  ${one.status ?? "not read yet"}` +
          (one.height === null ? "" : ` at ${one.height}, expires ${expiry(one.expiresAt)}`) +
          alarm(one),
      ),
    ),
    "lanes",
    ...orNone(lanes.map(lane)),
    `packets (newest ${RECENT})`,
    ...orNone(packets.map((one) => `  ${one.id} → ${one.destinationChain}  ${one.status}`)),
    `proof log: ${log.size} entries`,
  ].join("\n");
}

function alarm({ chain, client, contradiction, uncompared }: Status["clients"][number]): string {
  const unserved = uncompared.filter(({ because }) => because === "unserved");
  const missing =
    unserved[0] === undefined ? "" : `\n    not compared at ${unserved.length} heights: ${unserved[0].why}`;
  if (contradiction === null) return missing;
  const after = `when that is settled: causeway client resume ${chain}/${client} --because "…"`;
  return `${missing}\n    ALARM ${describeContradiction(contradiction)}\n    ${after}`;
}

const expiry = (unixSeconds: string | null): string =>
  unixSeconds === null ? "unknown" : new Date(Number(unixSeconds) * 1000).toISOString();

function describePacket(view: PacketView): string {
  return [
    `packet ${view.id} → ${view.destinationChain}/${view.destinationClient}: ${view.status}`,
    `  times out  ${expiry(view.timeoutTimestamp)}`,
    ...view.events.map((event) => `  ${event.kind.padEnd(23)} ${event.chain} ${event.height}  ${event.transaction}`),
    ...view.deliveries.map((delivery) => {
      const why = delivery.errorCode === null ? "" : `, ${delivery.errorCode}: ${delivery.error ?? ""}`;
      const wait = delivery.waitHeight === null ? "" : `, waiting for finality of height ${delivery.waitHeight}`;
      return `  ${delivery.leg.padEnd(11)} ${delivery.status}, ${delivery.attempts} failed attempts${wait}${why}`;
    }),
  ].join("\n");
}
