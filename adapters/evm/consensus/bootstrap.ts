// The state a new light client starts from: the newest finalized header with its committee. This is the one moment in which
// an endpoint is taken at its word, so all configured endpoints have to agree on the header.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import { fromHex, toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Pool } from "../../rpc/pool.ts";
import { committeeRoot } from "../verify/committee.ts";
import { consensusWord, ringPlace } from "../verify/consensus-state.ts";
import type { SyncCommittee } from "../verify/evidence.ts";
import { headerRoot, isValidBranch } from "../verify/merkle.ts";
import { RING_SIZE } from "../verify/trusted-state.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import type { BeaconEndpoint, Bootstrap } from "./beacon-api.ts";
import { COMMITMENTS_SLOT } from "../storage-slot.ts";
import { executionAnchor, normalizedBranch } from "./execution-anchor.ts";
import { CURRENT_COMMITTEE_GINDEX, readNetwork } from "./network.ts";
import type { Network } from "./network.ts";

/** Seconds a header may lie ahead of the hosting chain's clock. */
const MAX_CLOCK_DRIFT = 60n;
const NO_ROOT: Hex = `0x${"00".repeat(32)}`;

export interface Start {
  readonly trusted: Omit<BeaconState, "chainId" | "router" | "trustingPeriod">;
  readonly committee: SyncCommittee;
}

const contradiction = (endpoint: BeaconEndpoint, what: string): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: ${what}`, { context: { endpoint: endpoint.name } });

async function requireAgreement(
  { endpoints }: Pool<BeaconEndpoint>,
  { slot, root, everyone }: { slot: bigint; root: Hex; everyone: boolean },
): Promise<void> {
  for (const endpoint of endpoints) {
    const record = await endpoint.header(slot).catch((error: unknown) => {
      if (everyone || !isCausewayError(error)) throw error;
      return undefined;
    });
    if (record !== undefined && toHex(record.root) !== root)
      throw contradiction(endpoint, `has another block than ${root} at the finalized slot ${slot}`);
  }
}

async function readBootstrap(endpoint: BeaconEndpoint): Promise<{ bootstrap: Bootstrap; root: Uint8Array }> {
  const finality = await endpoint.finalityUpdate();
  const root = headerRoot(finality.finalized_header.beacon);
  const bootstrap = await endpoint.bootstrap(root);
  if (bootstrap === undefined)
    throw new CausewayError("RPC_STALE", `${endpoint.name} keeps no light-client bootstrap of its finalized block`, {
      context: { endpoint: endpoint.name },
    });
  if (toHex(headerRoot(bootstrap.header.beacon)) !== toHex(root))
    throw contradiction(endpoint, "its bootstrap is of another block than asked for");
  return { bootstrap, root };
}

function checkedRoots(
  endpoint: BeaconEndpoint,
  network: Network,
  bootstrap: Bootstrap,
): { committee: Hex; block: Hex } {
  const { beacon } = bootstrap.header;
  const row = network.forks.findLast((fork) => fork.epoch <= beacon.slot / network.slotsPerEpoch);
  if (row === undefined)
    throw new CausewayError("UNSUPPORTED", `${endpoint.name}: the chain has not reached the Electra fork`);
  if (BigInt(bootstrap.current_sync_committee.pubkeys.length) !== network.committeeSize)
    throw contradiction(endpoint, "its sync committee has the wrong size");
  const committee = committeeRoot(bootstrap.current_sync_committee);
  const gindex = CURRENT_COMMITTEE_GINDEX[row.nextSyncCommitteeGindex] ?? 0;
  const branch = normalizedBranch(bootstrap.current_sync_committee_branch, gindex);
  if (!isValidBranch(committee, branch, gindex, beacon.stateRoot))
    throw contradiction(endpoint, "its sync committee is not in the finalized state");
  const anchor = executionAnchor(bootstrap.header, row.executionBlockHashGindex);
  if (!isValidBranch(anchor.blockHash, anchor.branch, row.executionBlockHashGindex, beacon.bodyRoot))
    throw contradiction(endpoint, "its execution block is not in the finalized block");
  return { committee: toHex(committee), block: toHex(anchor.blockHash) };
}

/**
 * `everyone`: an endpoint that cannot be asked counts as disagreement. Throws RPC_BAD_ANSWER when endpoints contradict
 * themselves or one another.
 */
export async function bootstrapState(
  beacon: Pool<BeaconEndpoint>,
  header: (hash: Hex) => Promise<BlockHeader>,
  { everyone }: { everyone: boolean },
): Promise<Start> {
  return beacon.use(async (endpoint) => {
    const network = await readNetwork(endpoint);
    const { bootstrap, root } = await readBootstrap(endpoint);
    const roots = checkedRoots(endpoint, network, bootstrap);
    const { slot } = bootstrap.header.beacon;
    await requireAgreement(beacon, { slot, root: toHex(root), everyone });
    const { number: height, timestamp, stateRoot } = await header(roots.block);
    const ring = Array.from({ length: RING_SIZE }, () => NO_ROOT);
    ring[ringPlace(height)] = consensusWord({ height, timestamp, stateRoot: fromHex(stateRoot) });
    const trusted = {
      ...network,
      maxClockDrift: MAX_CLOCK_DRIFT,
      commitmentsSlot: COMMITMENTS_SLOT,
      frozen: false,
      latestHeight: height,
      latestTimestamp: timestamp,
      latestSlot: slot,
      period: slot / network.slotsPerEpoch / network.epochsPerPeriod,
      committeeRoot: roots.committee,
      nextCommitteeRoot: NO_ROOT,
      ring,
    } as const;
    return { trusted, committee: bootstrap.current_sync_committee };
  });
}
