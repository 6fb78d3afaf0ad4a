// Relaying across sync committee periods and the Gloas fork: the light client catches up however far it is behind.
import { afterEach, describe, expect, test } from "vitest";
import type { Message } from "#adapters/adapter.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { relay } from "#test/conformance/relay.ts";
import { openEvmBench } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";

let bench: EvmBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const SIZES = { committeeSize: 32, slotsPerEpoch: 8, epochsPerPeriod: 8 };

/** Both chains go on together, so that neither sees the other's headers as lying in the future. */
const rotate = ({ a, b }: EvmBench) => Promise.all([a.dev.control.rotate(), b.dev.control.rotate()]);

async function relayMessage({ a, b }: EvmBench): Promise<void> {
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

const periodOf = async ({ b }: EvmBench): Promise<bigint> =>
  decodeTrustedState((await b.chain.target.trusted(b.clientId)).state)?.period ?? -1n;

describe("periods", () => {
  test.each([
    ["under Fulu rules", undefined],
    ["into Gloas", 13],
  ])("a light client three periods behind catches up in one batch, %s", async (_, gloasEpoch) => {
    bench = await openEvmBench({ ...SIZES, ...(gloasEpoch === undefined ? {} : { gloasEpoch }) });
    const before = await periodOf(bench);
    await relayMessage(bench);
    for (let count = 0; count < 3; count += 1) await rotate(bench);
    await relayMessage(bench);
    expect(await periodOf(bench)).toBeGreaterThanOrEqual(before + 2n);
    await relayMessage(bench);
  });
});
