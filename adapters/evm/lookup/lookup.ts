// What an EVM chain tells people about packets: heads, transactions, events and reverts as one endpoint shows them.
import type { ChainLookup } from "#adapters/lookup.ts";
import type { ChainContext } from "../context.ts";
import { complaint } from "./complaint.ts";
import { events } from "./events.ts";
import { expectedFinality } from "./expected-finality.ts";
import { readHead } from "./head.ts";
import { findTransaction } from "./transaction.ts";

export const createLookup = (context: ChainContext): ChainLookup => ({
  head: (signal) => readHead(context, signal),
  transaction: (id, signal) => findTransaction(context, id, signal),
  events: (query, signal) => events(context, query, signal),
  async finalAt(timestamp, signal) {
    const [head, network] = await Promise.all([readHead(context, signal), context.consensus.network()]);
    return expectedFinality(timestamp, head, network);
  },
  complaint: (query, signal) => complaint(context, query, signal),
});
