// Two development chains taken through periods and forks together, so that neither sees the other's headers as lying in its
// future, and a message relayed between them on the way.
import { expect } from "vitest";
import type { Message } from "#adapters/message.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { relay } from "#test/conformance/relay.ts";
import type { EvmBench, EvmBenchChain } from "./evm-bench.ts";

/** Unix seconds of the head. */
async function timeOf({ dev }: EvmBenchChain): Promise<number> {
  const { genesisTime, secondsPerSlot } = dev.network;
  return genesisTime + (await dev.control.status()).slot * secondsPerSlot;
}

export async function rotate({ a, b }: EvmBench): Promise<void> {
  await Promise.all([a.dev.control.rotate(), b.dev.control.rotate()]);
  // Their periods do not begin in the same second: in between, one of them jumps a whole period less far.
  const period = b.dev.network.epochsPerPeriod * b.dev.network.slotsPerEpoch;
  if ((await timeOf(a)) > (await timeOf(b)) + period / 2) await b.dev.control.rotate();
}

export const passTime = ({ a, b }: EvmBench, seconds: number) =>
  Promise.all([a.dev.control.advanceTime(seconds), b.dev.control.advanceTime(seconds)]);

/** Until a block of the epoch is final on the first chain. */
export async function toEpoch(bench: EvmBench, epoch: number): Promise<void> {
  const { control, network } = bench.a.dev;
  const { slot } = await control.status();
  await passTime(bench, Math.max(1, epoch * network.slotsPerEpoch - slot));
  await control.finalize();
}

/** From the first chain to the second. */
export async function relayMessage({ a, b }: EvmBench): Promise<void> {
  const sent = await a.chain.apps.send({
    sourceClient: a.clientId,
    receiver: b.receiver,
    payload: new TextEncoder().encode("good day"),
    timeoutTimestamp: (await b.chain.target.trusted(b.clientId)).now + 3_600n,
  });
  const messages: Message[] = [{ kind: "receive", packet: sent.packet }];
  const result = await relay({ verify: verifyBeacon, source: a, target: b, messages, minHeight: sent.height });
  expect(result.deliveries).toEqual([{ status: "delivered" }]);
}
