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

export interface Logged {
  readonly engine: Engine;
  readonly lane: Lane;
  readonly batch: Batch;
  readonly deliveries: readonly Delivery[];
}

const about = ({ lane, batch, deliveries }: Logged) => ({
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
});

async function append(logged: Logged, entry: NewLogEntry, blobs: readonly Uint8Array[]): Promise<void> {
  const { index } = await logged.engine.log.append(entry, blobs);
  logged.engine.emit({ type: "logged", lane: logged.lane.id, batch: logged.batch.id, index });
}

export async function logVerdict(logged: Logged, trusted: TrustedClient, verdict: Verdict): Promise<void> {
  await append(
    logged,
    {
      kind: "verdict",
      ...about(logged),
      family: logged.engine.chain(logged.lane.source.chain).family,
      trusted: hashOf(trusted.state),
      now: trusted.now.toString(),
      verdict: verdict.ok
        ? { ok: true, height: verdict.height.toString(), timestamp: verdict.timestamp.toString() }
        : { ok: false, reason: verdict.reason, at: verdict.at },
    },
    [logged.batch.envelope, trusted.state],
  );
}

export const logIntent = (logged: Logged): Promise<void> =>
  append(logged, { kind: "intent", ...about(logged) }, [logged.batch.envelope]);

export async function logOutcome(logged: Logged, { transaction, deliveries }: SubmitResult): Promise<void> {
  await append(
    logged,
    {
      kind: "outcome",
      ...about(logged),
      ...(transaction === undefined
        ? {}
        : {
            transaction: {
              id: transaction.id,
              height: transaction.height.toString(),
              fee: transaction.fee.toString(),
            },
          }),
      deliveries: deliveries.map((delivery) => ({ ...delivery })),
    },
    [logged.batch.envelope],
  );
}
