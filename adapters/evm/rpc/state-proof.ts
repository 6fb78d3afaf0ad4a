// eth_getProof for several storage slots of one contract, in the evidence's form. Unverified.
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { fromHex, hexData, quantityHex } from "./hex.ts";
import type { Hex } from "./hex.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

const nodes = z.array(hexData()).max(64);
const proof = z.object({
  accountProof: nodes,
  storageProof: z.array(z.object({ proof: nodes })),
});

export interface StateProof {
  readonly accountProof: Uint8Array[];
  /** Nodes per slot, in the order asked. */
  readonly storageProofs: Uint8Array[][];
}

/** Some nodes prove absence in an empty trie by the empty trie's root node; the evidence by no node at all. */
const EMPTY_TRIE_NODE: Hex = "0x80";
/** go-ethereum answers at most 1024 slots at once. */
const SLOTS_PER_CALL = 256;

const bytesOf = (list: readonly Hex[]): Uint8Array[] => list.filter((node) => node !== EMPTY_TRIE_NODE).map(fromHex);

export async function getStateProof(
  endpoint: RpcEndpoint,
  request: { readonly address: Hex; readonly slots: readonly Hex[]; readonly height: bigint },
  signal?: AbortSignal,
): Promise<StateProof> {
  const chunks: Hex[][] = [];
  for (let start = 0; start < request.slots.length; start += SLOTS_PER_CALL)
    chunks.push(request.slots.slice(start, start + SLOTS_PER_CALL));
  const answers = await endpoint.callAll(
    chunks.map((slots) => ({ method: "eth_getProof", params: [request.address, slots, quantityHex(request.height)] })),
    proof,
    signal,
  );
  const storageProofs = answers.flatMap((answer) => answer.storageProof.map((entry) => bytesOf(entry.proof)));
  if (storageProofs.length !== request.slots.length)
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `${endpoint.name} gave ${storageProofs.length} storage proofs for ${request.slots.length} slots`,
      {
        context: { endpoint: endpoint.name },
      },
    );
  return { accountProof: bytesOf(answers[0]?.accountProof ?? []), storageProofs };
}
