// The field of `evm ↔ evm`: two embedded chains with everything deployed.
import { openRoute } from "#relayer/commands/open-route.ts";
import { openEvmParty } from "#test/chains/evm-party.ts";
import { makePlace } from "#test/chains/party.ts";
import { startDevChainProcess } from "./dev-chain-process.ts";
import { openEvmBenchChain } from "./evm-bench-chain.ts";
import type { Field, FieldOptions } from "./field.ts";

const CHAIN_IDS = [31_501, 31_502] as const;
const TRUSTING_PERIOD = 86_400n;

export async function openEvmField(options: FieldOptions): Promise<Field> {
  const place = await makePlace(options.dir);
  const sides = await Promise.all(
    CHAIN_IDS.map(async (chainId) => {
      const running = await startDevChainProcess(chainId, options);
      const party = await openEvmParty(place, running);
      return { running, party, chain: await openEvmBenchChain(party, running) };
    }),
  );
  const [first, second] = sides as [(typeof sides)[number], (typeof sides)[number]];
  try {
    return {
      chains: [first.chain, second.chain],
      route: await openRoute(first.party.chain, second.party.chain, TRUSTING_PERIOD),
      chainPids: sides.map(({ running }) => running.guard),
    };
  } finally {
    for (const { party } of sides) await party.chain.close();
  }
}
