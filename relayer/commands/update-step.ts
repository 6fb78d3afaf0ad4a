// One transaction that brings a light client nearer to its chain: proven, judged, submitted, and each of it logged.
import { bytesToHex } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { brokenBinding } from "#adapters/protocol/binding.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { OpenedChain } from "#relayer/engine.ts";
import type { ProofLog } from "#relayer/proof-log/proof-log.ts";
import type { Lane } from "#relayer/routes.ts";

export interface UpdatedLane {
  readonly lane: Lane;
  readonly source: OpenedChain;
  readonly target: OpenedChain;
  readonly log: ProofLog;
}

const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** Throws what proving and submitting throw, NOT_FINAL_YET too, and EVIDENCE_REFUSED. */
export async function updateStep(
  { lane, source, target, log }: UpdatedLane,
  trusted: TrustedClient,
  minHeight: bigint,
  signal: AbortSignal,
): Promise<SubmitResult> {
  const { clientId } = trusted;
  const targetChain = lane.target.chain;
  const envelope = await source.source.prove({ targetChain, trusted, minHeight, claims: [] }, signal);
  const about = {
    // Named after what it starts from: whoever was killed here goes on with the transaction that is under way.
    batchId: `client-update-${clientId}-${hashOf(trusted.state)}`,
    sourceChain: lane.source.chain,
    targetChain,
    clientId,
    messages: [],
    envelope: hashOf(envelope),
  };
  const verdict =
    brokenBinding(envelope, { ...about, claims: [] }) ??
    (await source.verify({ trusted: trusted.state, envelope, now: trusted.now }));
  await log.append(
    {
      kind: "verdict",
      ...about,
      family: source.family,
      trusted: hashOf(trusted.state),
      now: trusted.now.toString(),
      verdict: verdict.ok
        ? { ok: true, height: verdict.height.toString(), timestamp: verdict.timestamp.toString() }
        : { ok: false, reason: verdict.reason, at: verdict.at },
    },
    [envelope, trusted.state],
  );
  if (!verdict.ok) throw new CausewayError("EVIDENCE_REFUSED", `${verdict.reason} at ${verdict.at}`);
  await log.append({ kind: "intent", ...about });
  const result = await target.target.submit({ id: about.batchId, clientId, envelope, messages: [] }, signal);
  const { transaction } = result;
  await log.append({
    kind: "outcome",
    ...about,
    ...(transaction === undefined
      ? {}
      : { transaction: { id: transaction.id, height: `${transaction.height}`, fee: `${transaction.fee}` } }),
    deliveries: [],
  });
  return result;
}
