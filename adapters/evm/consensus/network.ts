// What is fixed about a beacon chain: genesis, durations and the fork table of its light clients.
import { CausewayError } from "#adapters/protocol/error.ts";
import { toHex } from "../rpc/hex.ts";
import type { BeaconState, Fork } from "../verify/trusted-state.ts";
import type { BeaconEndpoint, BeaconSpec, Genesis } from "./beacon-api.ts";
import { forkSchedule } from "./fork-schedule.ts";

export type Network = Pick<
  BeaconState,
  | "genesisValidatorsRoot"
  | "genesisTime"
  | "secondsPerSlot"
  | "slotsPerEpoch"
  | "epochsPerPeriod"
  | "committeeSize"
  | "forks"
>;

/** Generalized index of the current sync committee, for bootstraps. */
export const CURRENT_COMMITTEE_GINDEX: Readonly<Record<number, number>> = { 87: 86, 2946: 2945 };

/** Up to the first fork whose layout is not known: from there on nothing is known. */
function forkTable({ forks }: BeaconSpec): Fork[] {
  const schedule = forkSchedule(forks);
  const unknown = schedule.findIndex(({ row }) => row === undefined);
  return schedule.slice(0, unknown === -1 ? schedule.length : unknown).flatMap(({ row }) => row ?? []);
}

function secondsPerSlot(spec: BeaconSpec, name: string): bigint {
  const seconds = spec.SECONDS_PER_SLOT ?? (spec.SLOT_DURATION_MS ?? 0n) / 1000n;
  if (seconds === 0n) throw new CausewayError("RPC_BAD_ANSWER", `${name} does not say how long a slot lasts`);
  return seconds;
}

/** Everything but what the light client trusts. Throws what the endpoint's calls throw. */
export async function readNetwork(endpoint: BeaconEndpoint, signal?: AbortSignal): Promise<Network> {
  const [genesis, spec]: [Genesis, BeaconSpec] = await Promise.all([endpoint.genesis(signal), endpoint.spec(signal)]);
  return {
    genesisValidatorsRoot: toHex(genesis.genesis_validators_root),
    genesisTime: genesis.genesis_time,
    secondsPerSlot: secondsPerSlot(spec, endpoint.name),
    slotsPerEpoch: spec.SLOTS_PER_EPOCH,
    epochsPerPeriod: spec.EPOCHS_PER_SYNC_COMMITTEE_PERIOD,
    committeeSize: spec.SYNC_COMMITTEE_SIZE,
    forks: forkTable(spec),
  };
}
