// Stage 6: what auditors will read. A verdict when it is given, an intent before signing, an outcome after the chain answered.
import { bytesToHex } from "@noble/hashes/utils.js";
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";
import type { Engine } from "#relayer/engine.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import type { NewLogEntry } from "#sdk/evidence/log-entry.ts";
import type { Lane } from "#relayer/routes.ts";
import { hashOf } from "./4-verify.ts";
import { IN_AN_ENTRY, loggedReason } from "./log-room.ts";

/** The entries about one batch; several of a kind when it has more messages than fit into one. */
export interface BatchLog {
  verdict(trusted: TrustedClient, verdict: Verdict): Promise<void>;
  intent(): Promise<void>;
  outcome(result: SubmitResult): Promise<void>;
}

type About = Pick<Extract<NewLogEntry, { kind: "intent" }>, "messages" | "part">;

/** At least one, although it may have no message. */
function partsOf(messages: About["messages"]): About[] {
  const of = messages.length;
  if (of <= IN_AN_ENTRY) return [{ messages }];
  const count = Math.ceil(of / IN_AN_ENTRY);
  return Array.from({ length: count }, (_, index) => {
    const first = index * IN_AN_ENTRY;
    return { messages: messages.slice(first, first + IN_AN_ENTRY), part: { first, of } };
  });
}

export function openBatchLog(engine: Engine, lane: Lane, batch: Batch, deliveries: readonly Delivery[]): BatchLog {
  const about = {
    batchId: batch.id,
    sourceChain: lane.source.chain,
    targetChain: lane.target.chain,
    clientId: lane.target.client,
    envelope: batch.envelopeHash,
  };
  const parts = partsOf(
    deliveries.map(({ message, packetSource }) => ({
      leg: message.kind,
      sourceChain: packetSource,
      sourceClient: message.packet.sourceClient,
      sequence: message.packet.sequence.toString(),
      commitment: bytesToHex(packetCommitment(message.packet)),
    })),
  );

  /** Appended together, they are written together. The verdict brings the evidence, which the log then keeps for the others. */
  const append = async (entryOf: (part: About) => NewLogEntry, evidence: readonly Uint8Array[] = []): Promise<void> => {
    const appended = await Promise.all(
      parts.map((part, index) => engine.log.append(entryOf(part), index === 0 ? evidence : [])),
    );
    for (const { index } of appended) engine.emit({ type: "logged", lane: lane.id, batch: batch.id, index });
  };

  return {
    verdict: (trusted, verdict) =>
      append(
        (part) => ({
          kind: "verdict",
          ...about,
          ...part,
          family: engine.chain(lane.source.chain).family,
          trusted: hashOf(trusted.state),
          now: trusted.now.toString(),
          verdict: verdict.ok
            ? { ok: true, height: verdict.height.toString(), timestamp: verdict.timestamp.toString() }
            : { ok: false, reason: verdict.reason, at: verdict.at },
        }),
        [batch.envelope, trusted.state],
      ),
    intent: () => append((part) => ({ kind: "intent", ...about, ...part })),
    outcome({ transaction, deliveries: outcomes }) {
      const included = transaction && {
        id: transaction.id,
        height: transaction.height.toString(),
        fee: transaction.fee.toString(),
      };
      return append((part) => {
        const first = part.part?.first ?? 0;
        return {
          kind: "outcome",
          ...about,
          ...part,
          ...(included === undefined ? {} : { transaction: included }),
          deliveries: outcomes
            .slice(first, first + part.messages.length)
            .map((outcome) =>
              outcome.status === "refused" ? { ...outcome, reason: loggedReason(outcome.reason) } : { ...outcome },
            ),
        };
      });
    },
  };
}
