// Whether messages are still to be delivered, by what the packet store holds.
import { commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import type { Standing, StandingQuery } from "../adapter.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { readStore } from "./rpc/query.ts";

/** Asked for at a time. */
const PARALLEL = 16;

async function standingOf(endpoint: CometEndpoint, { kind, packet }: StandingQuery): Promise<Standing> {
  const path = kind === "receive" ? receiptPath(packet) : commitmentPath(packet);
  const isPresent = (await readStore(endpoint, path)) !== undefined;
  return isPresent === (kind === "receive") ? "done" : "open";
}

/** A packet was received when its receipt is there, and settled at its source when its commitment is gone. */
export async function readStanding(endpoint: CometEndpoint, queries: readonly StandingQuery[]): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (let first = 0; first < queries.length; first += PARALLEL)
    standings.push(
      ...(await Promise.all(queries.slice(first, first + PARALLEL).map((each) => standingOf(endpoint, each)))),
    );
  return standings;
}
