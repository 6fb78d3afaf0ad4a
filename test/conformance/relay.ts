// One step of relaying by hand, as the engine does it: prove when final, verify, submit.
import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "#adapters/message.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { SubmitResult } from "#adapters/target-chain.ts";
import { acknowledgeClaim, receiveClaim, timeoutClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { Verdict, Verify } from "#adapters/protocol/verdict.ts";
import type { ConformanceChain } from "./bench.ts";

export const never = (): AbortSignal => new AbortController().signal;

export function claimOf(message: Message): Claim {
  if (message.kind === "receive") return receiveClaim(message.packet);
  if (message.kind === "timeout") return timeoutClaim(message.packet);
  return acknowledgeClaim(message.packet, message.acknowledgements);
}

export interface Proven {
  readonly envelope: Uint8Array;
  readonly trusted: Uint8Array;
  readonly verdict: Verdict;
}

export interface ProveOptions {
  readonly verify: Verify;
  readonly source: ConformanceChain;
  readonly target: ConformanceChain;
  readonly messages: readonly Message[];
  readonly minHeight: bigint;
  readonly minTimestamp?: bigint;
}

/** Waits for finality as long as the source says it is not there yet. */
export async function proveMessages(options: ProveOptions): Promise<Proven> {
  const { source, target, messages, minHeight, minTimestamp } = options;
  for (;;) {
    const trusted = await target.chain.target.trusted(target.clientId);
    const request = {
      targetChain: target.chain.chainId,
      trusted,
      minHeight,
      minTimestamp,
      claims: messages.map(claimOf),
    };
    try {
      const envelope = await source.chain.source.prove(request, never());
      const verdict = options.verify({ trusted: trusted.state, envelope, now: trusted.now });
      return { envelope, trusted: trusted.state, verdict };
    } catch (error) {
      if (!isCausewayError(error) || error.code !== "NOT_FINAL_YET") throw error;
      await delay(200);
    }
  }
}

let batches = 0;
export const newBatchId = (): string => `batch-${(batches += 1)}`;

export async function relay(options: ProveOptions & { readonly id?: string }): Promise<SubmitResult> {
  const { target, messages } = options;
  const { envelope, verdict } = await proveMessages(options);
  if (!verdict.ok) throw new Error(`refused: ${verdict.reason} at ${verdict.at}`);
  const batch = { id: options.id ?? newBatchId(), clientId: target.clientId, envelope, messages };
  return target.chain.target.submit(batch, never());
}

/** Watches until an event of this kind and sequence appears. */
export async function eventOf<K extends PacketEvent["kind"]>(
  { chain }: ConformanceChain,
  kind: K,
  sequence: bigint,
): Promise<Extract<PacketEvent, { kind: K }>> {
  const abort = new AbortController();
  try {
    for await (const watched of chain.source.watch(undefined, abort.signal)) {
      if (watched.kind !== "indexed") continue;
      for (const event of watched.events)
        if (event.kind === kind && event.sequence === sequence) return event as Extract<PacketEvent, { kind: K }>;
    }
  } finally {
    abort.abort();
  }
  throw new Error(`no ${kind} event of sequence ${sequence}`);
}
