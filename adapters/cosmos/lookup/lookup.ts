// What a Cosmos chain tells people about packets: heads, transactions and events as one endpoint shows them.
import type { ChainLookup } from "#adapters/lookup.ts";
import type { ChainContext } from "../context.ts";
import { complaint } from "./complaint.ts";
import { events } from "./events.ts";
import { readHead } from "./head.ts";
import { findTransaction } from "./transaction.ts";

export const createLookup = (context: ChainContext): ChainLookup => ({
  head: (signal) => readHead(context, signal),
  transaction: (id, signal) => findTransaction(context, id, signal),
  events: (query, signal) => events(context, query, signal),
  // A block is final as soon as it is there.
  finalAt: async (timestamp) => timestamp,
  complaint: (query, signal) => complaint(context, query, signal),
});
