// Stage 5: hands a verified batch to its target, which sends what is still open of it.
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { Engine } from "#relayer/engine.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import type { Lane } from "#relayer/routes.ts";

export async function submit(
  engine: Engine,
  lane: Lane,
  batch: Batch,
  deliveries: readonly Delivery[],
  signal: AbortSignal,
): Promise<SubmitResult> {
  const begin = performance.now();
  const result = await engine.chain(lane.target.chain).target.submit(
    {
      id: batch.id,
      clientId: lane.target.client,
      envelope: batch.envelope,
      messages: deliveries.map(({ message }) => message),
    },
    signal,
  );
  engine.emit({
    type: "submitted",
    lane: lane.id,
    batch: batch.id,
    transaction: result.transaction?.id,
    fee: result.transaction?.fee ?? 0n,
    seconds: (performance.now() - begin) / 1000,
  });
  return result;
}
