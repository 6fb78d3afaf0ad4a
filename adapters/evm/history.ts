// What the chain itself says is pending, and its own record of it: the way back when events were missed.
import { commitmentPath } from "#adapters/protocol/path.ts";
import type { PacketEvent } from "../packet-event.ts";
import type { ChainContext } from "./context.ts";
import { readRegistered } from "./light-clients.ts";
import { allLogs } from "./rpc/all-logs.ts";
import { getHeaders } from "./rpc/block-header.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import { createSettledBelow } from "./settled-below.ts";
import { readPresence } from "./standing.ts";
import { clientTopic, eventTopics, packetEvent, sequenceTopic } from "./watch/packet-events.ts";

const SEQUENCES_PER_READ = 500;

/** The sequences below the lowest one outstanding are not looked at every time. */
export function createOutstanding(context: ChainContext): (clientId: string) => Promise<bigint[]> {
  const settled = createSettledBelow(context.dependencies.now);
  return async (clientId) => {
    const { number: height } = await context.consensus.finalized();
    const first = settled.first(clientId);
    const found = await context.execution.use((endpoint) =>
      readOutstanding(context, endpoint, { clientId, first, height }),
    );
    settled.note(clientId, found.outstanding[0] ?? found.next);
    return found.outstanding;
  };
}

async function readOutstanding(
  context: ChainContext,
  endpoint: RpcEndpoint,
  { clientId, first, height }: { clientId: string; first: bigint; height: bigint },
): Promise<{ outstanding: bigint[]; next: bigint }> {
  const next = await sentBefore(context, endpoint, clientId, height);
  const outstanding: bigint[] = [];
  for (let start = first; start < next; start += BigInt(SEQUENCES_PER_READ)) {
    const count = Math.min(SEQUENCES_PER_READ, Number(next - start));
    const sequences = Array.from({ length: count }, (_, index) => start + BigInt(index));
    const paths = sequences.map((sequence) => commitmentPath({ ...NO_PACKET, sourceClient: clientId, sequence }));
    const present = await readPresence(context, endpoint, paths, height);
    outstanding.push(...sequences.filter((_, index) => present[index]));
  }
  return { outstanding, next };
}

/** The next sequence in the finalized state; the first while the light client or the router is too new to be in it. */
async function sentBefore(
  context: ChainContext,
  endpoint: RpcEndpoint,
  clientId: string,
  height: bigint,
): Promise<bigint> {
  await readRegistered(context, endpoint, clientId);
  try {
    return (await readRegistered(context, endpoint, clientId, height)).nextSequenceSend;
  } catch (error) {
    if (isCausewayError(error) && TOO_NEW.has(error.code)) return 1n;
    throw error;
  }
}

const TOO_NEW: ReadonlySet<ErrorCode> = new Set(["CLIENT_NOT_FOUND", "CONTRACT_MISSING"] satisfies ErrorCode[]);

/** A path depends on client id and sequence alone. */
const NO_PACKET = { destinationClient: "", timeoutTimestamp: 0n, payloads: [] } as const;

/** Topic lists are bounded by providers. */
const SEQUENCES_PER_QUERY = 100;

/** Send events of these sequences and the acknowledgements written for them under this client id, oldest first. */
export async function recover(
  context: ChainContext,
  clientId: string,
  sequences: readonly bigint[],
): Promise<PacketEvent[]> {
  if (sequences.length === 0) return [];
  const { number: to } = await context.consensus.finalized();
  const events: PacketEvent[] = [];
  for (let start = 0; start < sequences.length; start += SEQUENCES_PER_QUERY) {
    const some = sequences.slice(start, start + SEQUENCES_PER_QUERY);
    events.push(...(await context.execution.use((endpoint) => readEvents(context, endpoint, clientId, some, to))));
  }
  return events;
}

async function readEvents(
  context: ChainContext,
  endpoint: RpcEndpoint,
  clientId: string,
  sequences: readonly bigint[],
  finalized: bigint,
): Promise<PacketEvent[]> {
  const { config } = context;
  const topics = [
    [eventTopics.SendPacket, eventTopics.WriteAcknowledgement],
    clientTopic(clientId),
    sequences.map(sequenceTopic),
  ];
  const query = { address: config.router, topics, from: BigInt(config.fromHeight), to: finalized };
  const logs = await allLogs(endpoint, query, config.logRange);
  const heights = [...new Set(logs.map(({ blockNumber }) => blockNumber))];
  const headers = new Map((await getHeaders(endpoint, heights)).map((header) => [header.number, header]));
  return logs.map((log) => packetEvent(log, headers.get(log.blockNumber)?.timestamp ?? 0n));
}
