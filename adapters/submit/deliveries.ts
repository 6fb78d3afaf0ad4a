// What becomes of a batch's messages, beside what the transaction's own outcome says.
import type { Message } from "../message.ts";
import type { Delivery, Standing } from "../target-chain.ts";

type Settled = ReadonlyMap<Message, Delivery>;

/** Messages that need no transaction: delivered by whomever, or received too late to be accepted. `now`: Unix seconds on the target's clock. */
export function settledBefore(
  messages: readonly Message[],
  standings: readonly Standing[],
  now: bigint,
): Map<Message, Delivery> {
  const settled = new Map<Message, Delivery>();
  for (const [index, message] of messages.entries()) {
    const { timeoutTimestamp } = message.packet;
    if (standings[index] === "done") settled.set(message, { status: "already" });
    else if (message.kind === "receive" && timeoutTimestamp <= now)
      settled.set(message, { status: "refused", reason: `the packet timed out at ${timeoutTimestamp}` });
  }
  return settled;
}

/** Without a transaction. */
export const deliveriesOf = (messages: readonly Message[], settled: Settled): Delivery[] =>
  messages.map((message) => settled.get(message) ?? { status: "already" });

/**
 * After a transaction. Messages that it did not carry (`carried` has undefined for them) were left out of it, now or by the run that was
 * continued; how they stand is asked then only.
 */
export async function deliveriesAfter(
  messages: readonly Message[],
  carried: readonly (Delivery | undefined)[],
  settled: Settled,
  standing: () => Promise<readonly Standing[]>,
): Promise<Delivery[]> {
  const standings = carried.includes(undefined) ? await standing() : [];
  // What the chain refused before is refused again, and then with its reason.
  const leftOut = (index: number): Delivery => ({ status: standings[index] === "done" ? "already" : "left" });
  return messages.map((message, index) => carried[index] ?? settled.get(message) ?? leftOut(index));
}
