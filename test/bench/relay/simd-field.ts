// The field of `simd ↔ simd`: two unmodified ibc-go chains on loopback.
import { join } from "node:path";
import { openRoute } from "#relayer/commands/open-route.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import { makePlace, openParty } from "#test/chains/party.ts";
import { simdConfig } from "#test/chains/simd-party.ts";
import type { Field, FieldOptions } from "./field.ts";
import { openSimdBenchChain } from "./simd-bench-chain.ts";

export interface SimdField extends Field {
  readonly nodes: readonly [SimdChain, SimdChain];
}

const TRUSTING_PERIOD = 86_400n;

export async function openSimdField({ dir, progress, signal, closers }: FieldOptions): Promise<SimdField> {
  const start = async (chainId: string): Promise<SimdChain> => {
    const simd = await startSimd({ chainId, dir: join(dir, chainId), grpc: true, logLevel: "error", progress, signal });
    closers.push(() => simd.stop());
    return simd;
  };
  const nodes = await Promise.all([start("ca"), start("cb")]);
  const place = await makePlace(dir);
  const parties = await Promise.all([openParty(place, simdConfig(nodes[0])), openParty(place, simdConfig(nodes[1]))]);
  try {
    return {
      nodes,
      chainPids: [],
      route: await openRoute(parties[0].chain, parties[1].chain, TRUSTING_PERIOD),
      chains: [
        openSimdBenchChain(nodes[0], parties[0].relayerConfig),
        openSimdBenchChain(nodes[1], parties[1].relayerConfig),
      ],
    };
  } finally {
    for (const { chain } of parties) await chain.close();
  }
}
