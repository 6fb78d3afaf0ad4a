// How chains' endpoints are doing, as last heard: whoever asks is answered at once, and the chains are asked again behind that.
import type { ChainHealth } from "#adapters/adapter.ts";
import type { OpenedChain } from "#relayer/engine.ts";
import type { NamedChain } from "#relayer/read/chains.ts";
import type { ChainView } from "#sdk/api/views.ts";

const FRESH_MS = 5_000;
/** An answer this old says nothing about now. */
const STALE_MS = 60_000;

function view({ height, finalizedHeight, endpoints, signer }: ChainHealth): ChainView["health"] {
  return {
    height: height.toString(),
    finalizedHeight: finalizedHeight.toString(),
    endpoints: endpoints.map((endpoint) => ({
      name: endpoint.name,
      ok: endpoint.ok,
      height: endpoint.height?.toString() ?? null,
      problem: endpoint.problem ?? null,
    })),
    signer: signer === undefined ? null : { address: signer.address, balance: signer.balance.toString() },
  };
}

/** Asks all of them once in the background, too, so that the first answer has something to say. */
export function openChainHealth(chains: readonly OpenedChain[]): () => NamedChain[] {
  const heard = new Map<string, { readonly at: number; readonly health: ChainView["health"] }>();
  const asking = new Set<string>();

  const ask = async (chain: OpenedChain): Promise<void> => {
    if (asking.has(chain.chainId)) return;
    asking.add(chain.chainId);
    try {
      heard.set(chain.chainId, { health: view(await chain.health()), at: Date.now() });
    } catch {
      // What was heard before grows old.
    } finally {
      asking.delete(chain.chainId);
    }
  };

  const now = (): NamedChain[] =>
    chains.map((chain) => {
      const last = heard.get(chain.chainId);
      const age = Date.now() - (last?.at ?? 0);
      if (age > FRESH_MS) void ask(chain);
      return {
        chainId: chain.chainId,
        family: chain.family,
        health: age > STALE_MS ? undefined : last?.health,
      };
    });
  now();
  return now;
}
