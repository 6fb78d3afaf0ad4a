// A header and the commit that makes it final, as a node serves them: the header's hash is the one that was committed.
import { CausewayError } from "#adapters/protocol/error.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import type { CometHeader, Commit } from "../verify/evidence.ts";
import { headerHash } from "../verify/header-hash.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";
import { commitOf, headerOf } from "./comet-types.ts";

export interface SignedHeader {
  readonly header: CometHeader;
  /** With all votes, as the node has them. */
  readonly commit: Commit;
}

/** Throws RPC_STALE for a height that the node does not have, RPC_BAD_ANSWER for another block than asked for. Signatures are not verified. */
export async function getSignedHeader(
  endpoint: CometEndpoint,
  height: bigint,
  signal?: AbortSignal,
): Promise<SignedHeader> {
  const answer = await endpoint.ask((comet) => comet.commit(Number(height)), signal);
  const header = headerOf(answer.header);
  const commit = commitOf(answer.commit);
  const isCommitted = header.height === height && equalBytes(headerHash(header), commit.blockId.hash);
  if (isCommitted && commit.height === height) return { header, commit };
  throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: the commit of block ${height} is for another block`, {
    context: { endpoint: endpoint.name, height },
  });
}
