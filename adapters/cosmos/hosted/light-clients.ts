// What an ibc-go chain says about a light client it hosts, as canonical trusted state.
import type { Any } from "cosmjs-types/google/protobuf/any";
import {
  QueryClientStateRequest,
  QueryClientStateResponse,
  QueryClientStatusRequest,
  QueryClientStatusResponse,
} from "cosmjs-types/ibc/core/client/v1/query";
import {
  ClientState as CometClientState,
  ConsensusState as CometConsensusState,
} from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { ClientState as WasmClientState } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { TrustedClient } from "../../trusted-client.ts";
import type { ChainContext } from "../context.ts";
import { clock } from "../rpc/clock.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight } from "../rpc/head.ts";
import { isNotFound } from "../rpc/not-found.ts";
import { query } from "../rpc/query.ts";
import { latestOf } from "../verify/status.ts";
import { toSeconds } from "../verify/time.ts";
import { decodeTrustedState, encodeTrustedState, MAX_CONSENSUS_STATES } from "../verify/trusted-state.ts";
import { beaconFields } from "./beacon-state.ts";
import { cometState, heldState } from "./comet-client.ts";
import { newestConsensusStates } from "./newest-consensus-states.ts";
import { areOurProofSpecs } from "./proof-specs.ts";

type Trusted = Omit<TrustedClient, "clientId" | "status" | "now">;

/** Throws CLIENT_NOT_FOUND. */
async function readClientState({ config }: ChainContext, endpoint: CometEndpoint, clientId: string): Promise<Any> {
  try {
    const path = "/ibc.core.client.v1.Query/ClientState";
    const types = [QueryClientStateRequest, QueryClientStateResponse] as const;
    const { clientState } = await query(endpoint, path, types, { clientId });
    if (clientState !== undefined) return clientState;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  throw new CausewayError("CLIENT_NOT_FOUND", `${config.chainId} hosts no light client ${clientId}`, {
    context: { chainId: config.chainId, clientId },
  });
}

const unsupported = (clientId: string, why: string): CausewayError =>
  new CausewayError("UNSUPPORTED", `light client ${clientId} ${why}`, { context: { clientId } });

const unusable = ({ name }: CometEndpoint, clientId: string, cause?: unknown): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${name}: the state of ${clientId} does not decode`, {
    context: { endpoint: name, clientId },
    cause,
  });

async function readComet(endpoint: CometEndpoint, clientId: string, value: Uint8Array): Promise<Trusted> {
  const client = decoded(endpoint, clientId, () => CometClientState.decode(value));
  if (!areOurProofSpecs(client.proofSpecs))
    throw unsupported(clientId, "judges state proofs by other rules than a chain of the Cosmos SDK makes them");
  const newest = await newestConsensusStates(endpoint, clientId, client.latestHeight, MAX_CONSENSUS_STATES);
  const held = decoded(endpoint, clientId, () =>
    newest.map(({ height, consensusState }) =>
      heldState(height.revisionHeight, CometConsensusState.decode(consensusState?.value ?? new Uint8Array())),
    ),
  );
  const bytes = decoded(endpoint, clientId, () => encodeTrustedState(cometState(client, held.toReversed())));
  const state = decodeTrustedState(bytes);
  if (state === undefined) throw unusable(endpoint, clientId);
  const latest = latestOf(state);
  return {
    clientType: "cometbft",
    state: bytes,
    height: latest.height,
    timestamp: toSeconds(latest.timestamp),
    expiresAt: toSeconds(latest.timestamp + state.trustingPeriod),
  };
}

function readWasm(endpoint: CometEndpoint, clientId: string, value: Uint8Array): Trusted {
  const { data } = decoded(endpoint, clientId, () => WasmClientState.decode(value));
  const fields = beaconFields(data);
  // Other contracts keep other things there.
  if (fields === undefined) throw unsupported(clientId, "is a wasm light client whose state is not of ours");
  return {
    clientType: "beacon",
    state: data,
    height: fields.latestHeight,
    timestamp: fields.latestTimestamp,
    expiresAt: fields.latestTimestamp + fields.trustingPeriod,
  };
}

function decoded<T>(endpoint: CometEndpoint, clientId: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw unusable(endpoint, clientId, cause);
  }
}

const statuses: ReadonlyMap<string, TrustedClient["status"]> = new Map([
  ["Active", "active"],
  ["Frozen", "frozen"],
  ["Expired", "expired"],
]);

async function readStatus(endpoint: CometEndpoint, clientId: string): Promise<TrustedClient["status"]> {
  const path = "/ibc.core.client.v1.Query/ClientStatus";
  const types = [QueryClientStatusRequest, QueryClientStatusResponse] as const;
  const { status } = await query(endpoint, path, types, { clientId });
  const known = statuses.get(status);
  if (known === undefined) throw unsupported(clientId, `is ${status.slice(0, 40)} on its chain`);
  return known;
}

/**
 * In the endpoint's newest state; within one block it stays the same, however often a batch has to look. Throws CLIENT_NOT_FOUND, UNSUPPORTED
 * for a light client of a type that we cannot read.
 */
export async function readTrusted(
  context: ChainContext,
  endpoint: CometEndpoint,
  clientId: string,
): Promise<TrustedClient> {
  const height = await getHeight(endpoint);
  return context.trusted(`${height} ${endpoint.name} ${clientId}`, () => readNow(context, endpoint, clientId));
}

async function readNow(context: ChainContext, endpoint: CometEndpoint, clientId: string): Promise<TrustedClient> {
  const { typeUrl, value } = await readClientState(context, endpoint, clientId);
  const [status, now] = await Promise.all([readStatus(endpoint, clientId), clock(endpoint)]);
  if (typeUrl === CometClientState.typeUrl)
    return { clientId, status, now, ...(await readComet(endpoint, clientId, value)) };
  if (typeUrl === WasmClientState.typeUrl) return { clientId, status, now, ...readWasm(endpoint, clientId, value) };
  throw unsupported(clientId, `is of type ${typeUrl.slice(0, 100)}`);
}
