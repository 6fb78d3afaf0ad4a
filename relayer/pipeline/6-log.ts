// Stage 6: what auditors will read. A verdict when it is given, an intent before signing, an outcome after the chain answered.
import { bytesToHex } from "@noble/hashes/utils.js";
import type { SubmitResult } from "#adapters/adapter.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";
import type { Engine } from "#relayer/engine.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import type { NewLogEntry } from "#sdk/evidence/log-entry.ts";
import type { Lane } from "#relayer/routes.ts";
import { hashOf } from "./4-verify.ts";
import { loggedReason } from "./log-room.ts";

/** The entries about one batch. */
export interface BatchLog {
  verdict(trusted: TrustedClient, verdict: Verdict): Promise<void>;
  intent(): Promise<void>;
  outcome(result: SubmitResult): Promise<void>;
}

export function openBatchLog(engine: Engine, lane: Lane, batch: Batch, deliveries: readonly Delivery[]): BatchLog {
  const about = {
    batchId: batch.id,
    sourceChain: lane.source.chain,
    targetChain: lane.target.chain,
    clientId: lane.target.client,
    messages: deliveries.map(({ message, packetSource }) => ({
      leg: message.kind,
      sourceChain: packetSource,
      sourceClient: message.packet.sourceClient,
      sequence: message.packet.sequence.toString(),
      commitment: bytesToHex(packetCommitment(message.packet)),
    })),
    envelope: batch.envelopeHash,
  };

  const append = async (entry: NewLogEntry, ...blobs: readonly Uint8Array[]): Promise<void> => {
    const { index } = await engine.log.append(entry, [batch.envelope, ...blobs]);
    engine.emit({ type: "logged", lane: lane.id, batch: batch.id, index });
  };

  return {
    verdict: (trusted, verdict) =>
      append(
        {
          kind: "verdict",
          ...about,
          family: engine.chain(lane.source.chain).family,
          trusted: hashOf(trusted.state),
          now: trusted.now.toString(),
          verdict: verdict.ok
            ? { ok: true, height: verdict.height.toString(), timestamp: verdict.timestamp.toString() }
            : { ok: false, reason: verdict.reason, at: verdict.at },
        },
        trusted.state,
      ),
    intent: () => append({ kind: "intent", ...about }),
    outcome({ transaction, deliveries: outcomes }) {
      const included = transaction && {
        id: transaction.id,
        height: transaction.height.toString(),
        fee: transaction.fee.toString(),
      };
      const refused = outcomes.filter(({ status }) => status === "refused").length;
      return append({
        kind: "outcome",
        ...about,
        ...(included === undefined ? {} : { transaction: included }),
        deliveries: outcomes.map((outcome) =>
          outcome.status === "refused" ? { ...outcome, reason: loggedReason(outcome.reason, refused) } : { ...outcome },
        ),
      });
    },
  };
}
