// A block's header and transactions, as far as events need them: its hash, its time, and which transactions are in it.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";
import { headerOf } from "./comet-types.ts";
import type { CometHeader } from "../verify/evidence.ts";
import { headerHash } from "../verify/header-hash.ts";
import { merkleRoot } from "../verify/merkle.ts";
import { nanoseconds, toSeconds } from "../verify/time.ts";

/** What is remembered of a header; its hash was computed from it. */
export interface BlockHeader {
  readonly height: bigint;
  /** As the chain's explorers write it: upper-case hexadecimal. */
  readonly hash: string;
  readonly parentHash: string;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

export const toUpperHex = (bytes: Uint8Array): string => bytesToHex(bytes).toUpperCase();

const blockHeaderOf = (header: CometHeader): BlockHeader => ({
  height: header.height,
  hash: toUpperHex(headerHash(header)),
  parentHash: toUpperHex(header.lastBlockId.hash),
  timestamp: toSeconds(nanoseconds(header.time)),
});

const bad = (endpoint: CometEndpoint, height: bigint, what: string): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: ${what}`, { context: { endpoint: endpoint.name, height } });

/** cosmjs takes longer to decode a block of many packets than all else that is done with it. */
const blockOfTransactions = z.object({
  block: z.object({
    header: z.object({ height: z.string(), data_hash: z.string() }),
    data: z.object({ txs: z.array(z.string()).nullish() }),
  }),
});

/** The ids of a block's transactions, in order, as its header binds them. Throws RPC_STALE for a height that the node does not have. */
export async function getTransactionIds(
  endpoint: CometEndpoint,
  height: bigint,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const request = { method: "block", params: { height: height.toString() } };
  const { header, data } = (await endpoint.call(request, blockOfTransactions, signal)).block;
  const hashes = (data.txs ?? []).map((transaction) => sha256(Buffer.from(transaction, "base64")));
  if (header.height === height.toString() && toUpperHex(merkleRoot(hashes)) === header.data_hash.toUpperCase())
    return hashes.map(toUpperHex);
  throw bad(endpoint, height, `the transactions of block ${height} are not the ones its header names`);
}

/** What one answer holds. */
const HEADERS_PER_CALL = 20n;

/** Headers of [from, to], oldest first. Throws RPC_STALE when the node does not have them all, RPC_BAD_ANSWER when they are not linked. */
export async function getHeaders(
  endpoint: CometEndpoint,
  { from, to }: { readonly from: bigint; readonly to: bigint },
  signal?: AbortSignal,
): Promise<readonly BlockHeader[]> {
  const headers: BlockHeader[] = [];
  for (let first = from; first <= to; first += HEADERS_PER_CALL) {
    const last = to - first < HEADERS_PER_CALL ? to : first + HEADERS_PER_CALL - 1n;
    const { blockMetas } = await endpoint.ask((comet) => comet.blockchain(Number(first), Number(last)), signal);
    headers.push(...blockMetas.map(({ header }) => blockHeaderOf(headerOf(header))).toReversed());
  }
  for (let index = 0n; index <= to - from; index += 1n) {
    const [header, previous] = [headers[Number(index)], headers[Number(index) - 1]];
    if (header?.height !== from + index)
      throw new CausewayError("RPC_STALE", `${endpoint.name} does not serve the header of block ${from + index}`, {
        context: { endpoint: endpoint.name, height: from + index },
      });
    if (previous !== undefined && header.parentHash !== previous.hash)
      throw bad(endpoint, header.height, `block ${header.height} does not follow block ${previous.height}`);
  }
  return headers;
}
