// A transaction by its hash, from the node's index.
import type { comet38 } from "@cosmjs/tendermint-rpc";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";

/** Undefined when it is in no block that the node knows. Throws RPC_BAD_ANSWER when the node keeps no index. */
export async function getTransaction(
  endpoint: CometEndpoint,
  hash: Uint8Array,
  signal?: AbortSignal,
): Promise<comet38.TxResponse | undefined> {
  try {
    const found = await endpoint.ask((comet) => comet.tx({ hash }), signal);
    return equalBytes(found.hash, hash) ? found : undefined;
  } catch (error) {
    if (isCausewayError(error) && /^tx \([0-9A-F]+\) not found/.test(String(error.context["said"]))) return undefined;
    throw error;
  }
}
