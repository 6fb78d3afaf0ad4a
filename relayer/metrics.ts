// Prometheus metrics, fed by the pipeline's events and, for what is a state rather than an event, by the tables.
import type { Pool } from "pg";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RpcRequest } from "#adapters/rpc/meter.ts";
import type { Listener } from "./events.ts";

export interface Metrics {
  readonly listener: Listener;
  /** For those who open chains. */
  readonly requests: (request: RpcRequest) => void;
  /** The exposition text; reads the tables. */
  render(): Promise<string>;
  readonly contentType: string;
}

const STAGE_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const LATENCY_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3_600];

function readTables(registry: Registry, pool: Pool): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name: `causeway_${name}`, help, labelNames, registers: [registry] });
  const backlog = gauge("backlog_messages", "Messages that are not delivered yet.", ["lane", "leg"]);
  const oldest = gauge("oldest_undelivered_seconds", "Age of the oldest message that is not delivered yet.", ["lane"]);
  const expiry = gauge("client_expiry_seconds", "Until the light client expires unless it is updated.", ["lane"]);
  const clientHeight = gauge("client_height", "Newest height the light client trusts.", ["lane"]);
  const contradicted = gauge(
    "client_contradicted",
    "1 while the light client contradicts its chain by our own endpoints, and its lane stands still.",
    ["lane"],
  );
  const frozen = gauge("client_frozen", "1 while the light client is frozen.", ["lane"]);
  const paused = gauge("lane_paused", "1 while an operator's pause keeps the lane from taking anything new.", ["lane"]);
  const compared = gauge("client_compared_seconds", "Since the light client was last compared with its chain.", [
    "lane",
  ]);
  const unserved = gauge("client_unserved_heights", "Heights of the light client that no endpoint could tell about.", [
    "lane",
  ]);
  const chainHeight = gauge("chain_height", "Newest finalized height that was read.", ["chain"]);
  const logSize = gauge("log_size", "Entries in the proof log.", []);
  return async () => {
    const { rows } = await pool.query<{ lane: string; leg: string; messages: bigint; age: number | null }>(
      `with open as (select lane, leg, count(*) as messages, min(watched_at) as oldest from deliveries
         where status not in ('delivered', 'obsolete') group by lane, leg)
       select l.id as lane, leg.leg, coalesce(open.messages, 0) as messages, extract(epoch from now() - open.oldest)::float8 as age
       from lanes l cross join (values ('receive'), ('acknowledge'), ('timeout')) as leg (leg)
       left join open on open.lane = l.id and open.leg = leg.leg`,
    );
    for (const { lane, leg, messages } of rows) {
      backlog.set({ lane, leg }, Number(messages));
      oldest.set({ lane }, Math.max(...rows.map((row) => (row.lane === lane ? (row.age ?? 0) : 0))));
    }
    const lanes = await pool.query<{
      id: string;
      expires: number | null;
      height: bigint | null;
      frozen: boolean;
      contradicted: boolean;
      paused: boolean;
      compared: number | null;
      unserved: bigint;
    }>(
      `select id, (client_expires_at - extract(epoch from now()))::float8 as expires, client_height as height,
         coalesce(client_status = 'frozen', false) as frozen, extract(epoch from now() - compared_at)::float8 as compared,
         exists (select from contradictions c where c.lane = l.id and c.resumed_at is null) as contradicted,
         paused_at is not null as paused,
         (select count(*) from jsonb_array_elements(uncompared) as e where e ->> 'because' = 'unserved') as unserved
       from lanes l`,
    );
    for (const { id, expires, height, ...alarm } of lanes.rows) {
      contradicted.set({ lane: id }, alarm.contradicted ? 1 : 0);
      paused.set({ lane: id }, alarm.paused ? 1 : 0);
      frozen.set({ lane: id }, alarm.frozen ? 1 : 0);
      unserved.set({ lane: id }, Number(alarm.unserved));
      if (alarm.compared !== null) compared.set({ lane: id }, alarm.compared);
      if (expires !== null) expiry.set({ lane: id }, expires);
      if (height !== null) clientHeight.set({ lane: id }, Number(height));
    }
    const cursors = await pool.query<{ chain: string; height: bigint }>("select chain, height from cursors");
    for (const { chain, height } of cursors.rows) chainHeight.set({ chain }, Number(height));
    const log = await pool.query<{ size: bigint }>("select size from log_head");
    logSize.set(Number(log.rows[0]?.size ?? 0n));
  };
}

/** What is asked of the chains' endpoints. */
function countRequests(registry: Registry): Metrics["requests"] {
  const registers = [registry];
  const requests = new Counter({
    name: "causeway_rpc_requests_total",
    help: "Exchanges with an endpoint; what it pushes is a push.",
    labelNames: ["chain", "endpoint", "method"],
    registers,
  });
  const failures = new Counter({
    name: "causeway_rpc_failures_total",
    help: "Exchanges with an endpoint that gave nothing usable.",
    labelNames: ["chain", "endpoint"],
    registers,
  });
  const bytes = new Counter({
    name: "causeway_rpc_bytes_total",
    help: "Bytes of the bodies sent and received.",
    labelNames: ["chain", "endpoint", "direction"],
    registers,
  });
  const seconds = new Histogram({
    name: "causeway_rpc_seconds",
    help: "From a request to the end of its answer.",
    labelNames: ["chain", "method"],
    buckets: REQUEST_SECONDS,
    registers,
  });
  return ({ chainId: chain, endpoint, method, ...exchange }) => {
    requests.inc({ chain, endpoint, method });
    if (exchange.failed) failures.inc({ chain, endpoint });
    bytes.inc({ chain, endpoint, direction: "sent" }, exchange.sentBytes);
    bytes.inc({ chain, endpoint, direction: "received" }, exchange.receivedBytes);
    seconds.observe({ chain, method }, exchange.seconds);
  };
}

export function openMetrics(pool: Pool): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "causeway_" });
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `causeway_${name}`, help, labelNames, registers: [registry] });
  const stage = new Histogram({
    name: "causeway_stage_seconds",
    help: "Time spent in a stage: by one answer of a chain in watch, by a batch in the others.",
    labelNames: ["stage", "where"],
    buckets: STAGE_SECONDS,
    registers: [registry],
  });
  const latency = new Histogram({
    name: "causeway_message_latency_seconds",
    help: "From seeing what calls for a message to its delivery.",
    labelNames: ["lane", "leg"],
    buckets: LATENCY_SECONDS,
    registers: [registry],
  });
  const messages = counter("messages_total", "Messages by what became of them.", ["lane", "leg", "outcome"]);
  const events = counter("watched_events_total", "Finalized packet events seen.", ["chain"]);
  const gaps = counter("height_gaps_total", "Ranges of heights that could not be indexed.", ["chain"]);
  const verdicts = counter("verdicts_total", "Verdicts by reason; ok when the evidence was good.", ["lane", "reason"]);
  const failures = counter("failures_total", "Failures by stage and error code.", ["stage", "where", "code"]);
  const fees = counter("fees_total", "Fees paid, in the chain's smallest unit.", ["lane"]);
  const unknownForks = new Gauge({
    name: "causeway_client_unknown_forks",
    help: "Forks of the followed chain that the light client does not know; it stops at the first.",
    labelNames: ["lane"],
    registers: [registry],
  });
  const held = new Gauge({
    name: "causeway_chain_held",
    help: "1 while this process works for the chain, 0 while another one may.",
    labelNames: ["chain"],
    registers: [registry],
  });
  const reopened = counter("reopened_total", "Deliveries that clearing found undone.", ["lane"]);
  const read = readTables(registry, pool);

  return {
    contentType: registry.contentType,
    requests: countRequests(registry),
    async render() {
      await read();
      return registry.metrics();
    },
    listener(event) {
      switch (event.type) {
        case "lease":
          held.set({ chain: event.chain }, event.held ? 1 : 0);
          return;
        case "watched":
          events.inc({ chain: event.chain }, event.events);
          stage.observe({ stage: "watch", where: event.chain }, event.seconds);
          return;
        case "gap":
          gaps.inc({ chain: event.chain });
          return;
        case "proved":
          stage.observe({ stage: "prove", where: event.lane }, event.seconds);
          return;
        case "taken":
          stage.observe({ stage: "queue", where: event.lane }, event.seconds);
          return;
        case "closed":
          stage.observe({ stage: "log", where: event.lane }, event.seconds);
          return;
        case "verified":
          stage.observe({ stage: "verify", where: event.lane }, event.seconds);
          verdicts.inc({ lane: event.lane, reason: event.verdict.ok ? "ok" : event.verdict.reason });
          return;
        case "submitted":
          stage.observe({ stage: "submit", where: event.lane }, event.seconds);
          fees.inc({ lane: event.lane }, Number(event.fee));
          return;
        case "delivered":
          messages.inc({ lane: event.lane, leg: event.leg, outcome: event.status });
          if (event.status === "delivered") latency.observe({ lane: event.lane, leg: event.leg }, event.seconds);
          return;
        case "failed":
          failures.inc({ stage: event.stage, where: event.where, code: event.code });
          return;
        case "forks":
          unknownForks.set({ lane: event.lane }, event.ahead.length);
          return;
        case "cleared":
          reopened.inc({ lane: event.lane }, event.reopened);
          return;
        default:
      }
    },
  };
}
