// Asks beacon endpoints for the chain's fork schedule, and compares it with a light client's table.
import { CausewayError } from "#adapters/protocol/error.ts";
import { toHex } from "../rpc/hex.ts";
import type { Pool } from "../../rpc/pool.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import type { BeaconEndpoint } from "./beacon-api.ts";
import { forkSchedule } from "./fork-schedule.ts";
import { unknownForks } from "./unknown-forks.ts";
import type { UnknownFork } from "./unknown-forks.ts";

async function ask(endpoint: BeaconEndpoint, state: BeaconState): Promise<UnknownFork[]> {
  const [genesis, spec, head] = await Promise.all([endpoint.genesis(), endpoint.spec(), endpoint.header("head")]);
  const context = { endpoint: endpoint.name };
  if (toHex(genesis.genesis_validators_root) !== state.genesisValidatorsRoot)
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} serves another beacon chain`, { context });
  if (head === undefined) throw new CausewayError("RPC_STALE", `${endpoint.name} has no head yet`, { context });
  return unknownForks(state, forkSchedule(spec.forks), head.header.message.slot);
}

/** What endpoints must agree on; a head may be ahead of another. */
const essence = (forks: readonly UnknownFork[]): string =>
  forks.map(({ name, epoch, version, remedy }) => `${name} ${epoch} ${version} ${remedy.kind}`).join("; ");

/** `everyone`: no endpoint may say otherwise, or be silent. Throws RPC_BAD_ANSWER when they disagree. */
export async function readUnknownForks(
  beacon: Pool<BeaconEndpoint>,
  state: BeaconState,
  { everyone }: { everyone: boolean },
): Promise<UnknownFork[]> {
  const first = await beacon.use((endpoint) => ask(endpoint, state));
  if (!everyone) return first;
  for (const endpoint of beacon.endpoints) {
    const said = essence(await ask(endpoint, state));
    if (said !== essence(first))
      throw new CausewayError(
        "RPC_BAD_ANSWER",
        `endpoints disagree about forks: ${endpoint.name} lists "${said}", another "${essence(first)}"`,
        { context: { endpoint: endpoint.name } },
      );
  }
  return first;
}
