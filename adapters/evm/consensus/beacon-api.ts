// The beacon API as far as light clients need it: routes and their JSON forms, parsed. Nothing here is believed yet.
// Routes: ethereum/beacon-APIs, apis/beacon/light_client, genesis, config.
import { z } from "zod";
import type { ZodType } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { fetchJson } from "../../rpc/fetch-json.ts";
import type { Meter } from "../../rpc/meter.ts";
import { decimal, hexBytes, hexData, toHex } from "../rpc/hex.ts";
import { FAR_FUTURE_EPOCH } from "./fork-schedule.ts";
import type { ListedFork } from "./fork-schedule.ts";

const beaconHeader = z
  .object({
    slot: decimal,
    proposer_index: decimal,
    parent_root: hexBytes(32),
    state_root: hexBytes(32),
    body_root: hexBytes(32),
  })
  .transform((header) => ({
    slot: header.slot,
    proposerIndex: header.proposer_index,
    parentRoot: header.parent_root,
    stateRoot: header.state_root,
    bodyRoot: header.body_root,
  }));

const executionPayloadHeader = z.object({
  parent_hash: hexBytes(32),
  fee_recipient: hexBytes(20),
  state_root: hexBytes(32),
  receipts_root: hexBytes(32),
  logs_bloom: hexBytes(256),
  prev_randao: hexBytes(32),
  block_number: decimal,
  gas_limit: decimal,
  gas_used: decimal,
  timestamp: decimal,
  extra_data: hexBytes().refine((bytes) => bytes.length <= 32),
  base_fee_per_gas: z
    .string()
    .regex(/^[0-9]{1,78}$/)
    .transform((value) => BigInt(value))
    .refine((value) => value < 1n << 256n),
  block_hash: hexBytes(32),
  transactions_root: hexBytes(32),
  withdrawals_root: hexBytes(32),
  blob_gas_used: decimal,
  excess_blob_gas: decimal,
});

const branch = z.array(hexBytes(32)).max(16);

/** Up to Fulu a payload header and its branch; from Gloas the block hash and its branch. */
const lightClientHeader = z.union([
  z.object({ beacon: beaconHeader, execution_block_hash: hexBytes(32), execution_branch: branch }),
  z.object({ beacon: beaconHeader, execution: executionPayloadHeader, execution_branch: branch }),
]);

const syncCommittee = z
  .object({ pubkeys: z.array(hexBytes(48)).min(1).max(512), aggregate_pubkey: hexBytes(48) })
  .transform(({ pubkeys, aggregate_pubkey: aggregatePubkey }) => ({ pubkeys, aggregatePubkey }));

const finalityUpdate = z.object({
  attested_header: z.object({ beacon: beaconHeader }),
  finalized_header: lightClientHeader,
  finality_branch: branch,
  sync_aggregate: z.object({
    sync_committee_bits: hexBytes().refine((bytes) => bytes.length <= 64),
    sync_committee_signature: hexBytes(96),
  }),
  signature_slot: decimal,
});

const update = finalityUpdate.extend({ next_sync_committee: syncCommittee, next_sync_committee_branch: branch });

const bootstrap = z.object({
  header: lightClientHeader,
  current_sync_committee: syncCommittee,
  current_sync_committee_branch: branch,
});

const genesis = z.object({ genesis_time: decimal, genesis_validators_root: hexBytes(32) });

const listedFork = z.object({ name: z.string(), epoch: decimal, version: hexData(4) });

/** Every dated fork of the configuration, also one that this software has never heard of. */
function listedForks(all: Readonly<Record<string, unknown>>, context: z.RefinementCtx): ListedFork[] {
  return Object.entries(all).flatMap(([key, epoch]) => {
    const name = /^([A-Z0-9_]+)_FORK_EPOCH$/.exec(key)?.[1];
    if (name === undefined || epoch === FAR_FUTURE_EPOCH.toString()) return [];
    const version = all[`${name}_FORK_VERSION`];
    const parsed = listedFork.safeParse({ name: name.toLowerCase(), epoch, version });
    if (parsed.success) return [parsed.data];
    context.addIssue({ code: "custom", path: [key], message: "a fork has an epoch and a version of 4 bytes" });
    return [];
  });
}

const spec = z
  .looseObject({
    SLOTS_PER_EPOCH: decimal,
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: decimal,
    SYNC_COMMITTEE_SIZE: decimal,
    SECONDS_PER_SLOT: decimal.optional(),
    SLOT_DURATION_MS: decimal.optional(),
  })
  .transform((all, context) => ({ ...all, forks: listedForks(all, context) }));

const headerRecord = z.object({ root: hexBytes(32), header: z.object({ message: beaconHeader }) });

export type LightClientHeader = z.infer<typeof lightClientHeader>;
export type ExecutionPayloadHeader = z.infer<typeof executionPayloadHeader>;
export type FinalityUpdate = z.infer<typeof finalityUpdate>;
export type LightClientUpdate = z.infer<typeof update>;
export type Bootstrap = z.infer<typeof bootstrap>;
export type Genesis = z.infer<typeof genesis>;
export type BeaconSpec = z.infer<typeof spec>;
export type HeaderRecord = z.infer<typeof headerRecord>;

export interface BeaconEndpoint {
  readonly name: string;
  genesis(signal?: AbortSignal): Promise<Genesis>;
  spec(signal?: AbortSignal): Promise<BeaconSpec>;
  finalityUpdate(signal?: AbortSignal): Promise<FinalityUpdate>;
  /** Best updates of successive periods; fewer than asked when the endpoint has no more. */
  updates(startPeriod: bigint, count: number, signal?: AbortSignal): Promise<LightClientUpdate[]>;
  /** Undefined when the endpoint does not keep a bootstrap for this root. */
  bootstrap(root: Uint8Array, signal?: AbortSignal): Promise<Bootstrap | undefined>;
  /** Undefined when there is no such block. */
  header(block: "head" | "finalized" | bigint, signal?: AbortSignal): Promise<HeaderRecord | undefined>;
}

export interface BeaconEndpointOptions {
  readonly name: string;
  readonly url: string;
  readonly timeoutSeconds: number;
  readonly meter?: Meter | undefined;
}

const wrapped = <T>(data: ZodType<T>) => z.object({ data }).transform((answer) => answer.data);

/** Without the root, the block or the query that is asked about. */
const routeOf = (path: string): string => path.replace(/\?.*$/, "").replace(/\/(?:0x[0-9a-f]*|\d+)$/, "");

export function createBeaconEndpoint({ name, url, timeoutSeconds, meter }: BeaconEndpointOptions): BeaconEndpoint {
  const base = url.replace(/\/+$/, "");

  const find = async <T>(path: string, schema: ZodType<T>, signal: AbortSignal | undefined): Promise<T | undefined> => {
    const body = await fetchJson({
      name,
      url: `${base}/eth/v1/${path}`,
      method: routeOf(path),
      timeoutSeconds,
      signal,
      meter,
    });
    if (body === undefined) return undefined;
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `${name} gave an unusable answer to ${path}: ${z.prettifyError(parsed.error)}`,
      {
        context: { endpoint: name },
        cause: parsed.error,
      },
    );
  };

  const get = async <T>(path: string, schema: ZodType<T>, signal: AbortSignal | undefined): Promise<T> => {
    const found = await find(path, schema, signal);
    if (found !== undefined) return found;
    throw new CausewayError("RPC_STALE", `${name} has no ${path} yet`, { context: { endpoint: name } });
  };

  const lightClient = "beacon/light_client";
  return {
    name,
    genesis: (signal) => get("beacon/genesis", wrapped(genesis), signal),
    spec: (signal) => get("config/spec", wrapped(spec), signal),
    finalityUpdate: (signal) => get(`${lightClient}/finality_update`, wrapped(finalityUpdate), signal),
    async updates(startPeriod, count, signal) {
      const path = `${lightClient}/updates?start_period=${startPeriod}&count=${count}`;
      const found = (await find(path, z.array(wrapped(update)), signal)) ?? [];
      return found.slice(0, count);
    },
    bootstrap: (root, signal) => find(`${lightClient}/bootstrap/${toHex(root)}`, wrapped(bootstrap), signal),
    header: (block, signal) => find(`beacon/headers/${block}`, wrapped(headerRecord), signal),
  };
}
