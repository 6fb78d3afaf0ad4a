// A proof of one path of the packet store, in the two pieces that canonical evidence has. Nothing is verified here but their form.
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { commitmentProof } from "../verify/evidence.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";
import { queryState } from "./query.ts";

export interface StoreProof {
  /** Canonical: of the path under the store's root. */
  readonly claim: Uint8Array;
  /** Canonical: of the store under the app hash. */
  readonly root: Uint8Array;
}

/**
 * Of the state after block `height`, whose app hash is in the header of the next block. Throws RPC_STALE when the node does not have that
 * state (any more, or yet), RPC_BAD_ANSWER when what it gives is no such proof.
 */
export async function getStoreProof(
  endpoint: CometEndpoint,
  { path, height }: { readonly path: Uint8Array; readonly height: bigint },
  signal?: AbortSignal,
): Promise<StoreProof> {
  const answer = await queryState(endpoint, { path: "store/ibc/key", data: path, height, prove: true }, signal);
  const [claim, root, ...more] = answer.proof?.ops ?? [];
  const isComplete = claim?.type === "ics23:iavl" && root?.type === "ics23:simple" && more.length === 0;
  if (isComplete && [claim, root].every(({ data }) => decodeExactly(commitmentProof, data) !== undefined))
    return { claim: claim.data, root: root.data };
  throw new CausewayError(
    "RPC_BAD_ANSWER",
    `${endpoint.name} gave no ICS-23 proof of the ibc store at height ${height}`,
    {
      context: { endpoint: endpoint.name, height },
    },
  );
}
