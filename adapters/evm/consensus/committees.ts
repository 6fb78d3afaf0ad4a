// Finds the full keys of a sync committee of which a light client stores only the root. Whoever serves them: the root decides.
import { CausewayError } from "#adapters/protocol/error.ts";
import { toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { committeeRoot } from "../verify/committee.ts";
import type { SyncCommittee } from "../verify/evidence.ts";
import { headerRoot } from "../verify/merkle.ts";
import { periodAtSlot } from "../verify/schedule.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import type { BeaconEndpoint, FinalityUpdate } from "./beacon-api.ts";

export interface Committees {
  /** Remembers a committee seen elsewhere. */
  remember(committee: SyncCommittee): void;
  /** Throws RPC_STALE when the endpoint serves no committee with this root. */
  find(wanted: WantedCommittee, signal?: AbortSignal): Promise<SyncCommittee>;
}

export interface WantedCommittee {
  readonly endpoint: BeaconEndpoint;
  readonly root: Hex;
  readonly period: bigint;
  readonly state: BeaconState;
  readonly finality: FinalityUpdate;
}

/** A committee has 24 KiB of keys; a light client needs two at a time. */
const KEPT = 16;
/** Bootstraps exist for blocks at epoch boundaries only, and those may be empty. */
const EPOCHS_TRIED = 4n;

export function createCommittees(): Committees {
  const known = new Map<Hex, SyncCommittee>();

  const remember = (committee: SyncCommittee): void => {
    const { length } = committee.pubkeys;
    if ((length & (length - 1)) !== 0) return;
    known.set(toHex(committeeRoot(committee)), committee);
    for (const root of known.keys()) {
      if (known.size <= KEPT) break;
      known.delete(root);
    }
  };

  return {
    remember,
    async find(wanted, signal) {
      const { root, endpoint, period } = wanted;
      if (!known.has(root))
        for await (const committee of candidates(wanted, signal)) {
          remember(committee);
          if (known.has(root)) break;
        }
      const found = known.get(root);
      if (found !== undefined) return found;
      throw new CausewayError("RPC_STALE", `${endpoint.name} does not serve the sync committee of period ${period}`, {
        context: { endpoint: endpoint.name, period, root },
      });
    },
  };
}

async function* candidates(wanted: WantedCommittee, signal?: AbortSignal): AsyncGenerator<SyncCommittee> {
  const { endpoint, period, state, finality } = wanted;
  if (period > 0n) {
    const [previous] = await endpoint.updates(period - 1n, 1, signal);
    if (previous !== undefined) yield previous.next_sync_committee;
  }
  const finalized = finality.finalized_header.beacon;
  if (periodAtSlot(state, finalized.slot) === period) {
    const bootstrap = await endpoint.bootstrap(headerRoot(finalized), signal);
    if (bootstrap !== undefined) yield bootstrap.current_sync_committee;
  }
  for (let epoch = 0n; epoch < EPOCHS_TRIED && epoch < state.epochsPerPeriod; epoch += 1n) {
    const slot = (period * state.epochsPerPeriod + epoch) * state.slotsPerEpoch;
    const record = await endpoint.header(slot, signal);
    const bootstrap = record === undefined ? undefined : await endpoint.bootstrap(record.root, signal);
    if (bootstrap !== undefined) yield bootstrap.current_sync_committee;
  }
}
