// Proofs of paths of the packet store, in the two pieces that canonical evidence has. Nothing is verified here: whoever asks has them judged.
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";
import { requireHeight } from "./query.ts";

export interface StoreProof {
  /** Canonical: of the path under the store's root. */
  readonly claim: Uint8Array;
  /** Canonical: of the store under the app hash. */
  readonly root: Uint8Array;
}

const base64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, "base64")));
const answer = z.object({
  response: z.object({
    code: z.int().default(0),
    codespace: z.string().optional(),
    log: z.string().optional(),
    height: z.string().optional(),
    proofOps: z.object({ ops: z.array(z.object({ type: z.string(), data: base64 })).nullish() }).nullish(),
  }),
});

/**
 * Of the state after block `height`, whose app hash is in the header of the next block, in the order of the paths. Throws RPC_STALE when the node
 * does not have that state (any more, or yet), RPC_BAD_ANSWER when what it gives are no such proofs.
 */
export async function getStoreProofs(
  endpoint: CometEndpoint,
  { paths, height }: { readonly paths: readonly Uint8Array[]; readonly height: bigint },
  signal?: AbortSignal,
): Promise<StoreProof[]> {
  const path = "store/ibc/key";
  const requests = paths.map((key) => ({
    method: "abci_query",
    params: { path, data: bytesToHex(key), height: height.toString(), prove: true },
  }));
  const answers = await endpoint.callAll(requests, answer, signal);
  return answers.map(({ response }) => {
    requireHeight(endpoint, { path, height }, { ...response, height: Number(response.height ?? 0) });
    const [claim, root, ...more] = response.proofOps?.ops ?? [];
    if (claim?.type === "ics23:iavl" && root?.type === "ics23:simple" && more.length === 0)
      return { claim: claim.data, root: root.data };
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `${endpoint.name} gave no ICS-23 proof of the ibc store at height ${height}`,
      { context: { endpoint: endpoint.name, height } },
    );
  });
}
