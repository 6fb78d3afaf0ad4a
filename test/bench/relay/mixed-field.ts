// The field of `evm ↔ simd`: packets go from the EVM chain to the ibc-go chain.
import { join } from "node:path";
import { openRoute } from "#relayer/commands/open-route.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import { openEvmParty } from "#test/chains/evm-party.ts";
import { makePlace, openParty } from "#test/chains/party.ts";
import { simdConfig } from "#test/chains/simd-party.ts";
import { startDevChainProcess } from "./dev-chain-process.ts";
import { openEvmBenchChain } from "./evm-bench-chain.ts";
import type { Field, FieldOptions } from "./field.ts";
import { openSimdBenchChain } from "./simd-bench-chain.ts";

const CHAIN_ID = 31_501;
const TRUSTING_PERIOD = 86_400n;

export async function openMixedField(options: FieldOptions): Promise<Field> {
  const { dir, progress, signal, closers } = options;
  const place = await makePlace(dir);
  const [running, simd] = await Promise.all([
    startDevChainProcess(CHAIN_ID, options),
    startSimd({ chainId: "cb", dir: join(dir, "cb"), logLevel: "error", progress, signal }).then((started) => {
      closers.push(() => started.stop());
      return started;
    }),
  ]);
  const [evm, cosmos] = await Promise.all([openEvmParty(place, running), openParty(place, simdConfig(simd))]);
  try {
    progress("governance lets the light client of Ethereum in");
    return {
      route: await openRoute(evm.chain, cosmos.chain, TRUSTING_PERIOD),
      chains: [await openEvmBenchChain(evm, running), openSimdBenchChain(simd, cosmos.relayerConfig)],
      chainPids: [running.guard],
    };
  } finally {
    await evm.chain.close();
    await cosmos.chain.close();
  }
}
