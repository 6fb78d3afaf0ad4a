// What endpoints say about the committee of a period that our own light client has not verified: the light-client update of the
// period before names it. Without that period's committee nothing about it is proven.
import { toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Pool } from "../../rpc/pool.ts";
import { committeeRoot } from "../verify/committee.ts";
import type { BeaconEndpoint } from "./beacon-api.ts";

/** One root for each endpoint that names the committee; those that fail say nothing. */
export async function readCommitteeRoots(
  { endpoints }: Pool<BeaconEndpoint>,
  period: bigint,
  signal?: AbortSignal,
): Promise<Hex[]> {
  if (period === 0n) return [];
  const answers = await Promise.allSettled(endpoints.map((endpoint) => endpoint.updates(period - 1n, 1, signal)));
  const updates = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  return updates.flatMap(({ next_sync_committee: next }) =>
    isTree(next.pubkeys.length) ? [toHex(committeeRoot(next))] : [],
  );
}

const isTree = (size: number): boolean => (size & (size - 1)) === 0;
