// Several fake chains, each with a light client of every other one: as many lanes as there are ordered pairs of chains.
import type { Route } from "#relayer/routes.ts";
import { FakeChain } from "./fake-chain.ts";
import { carriedOut } from "./fake-relay.ts";

export interface FakeNet {
  readonly chains: readonly FakeChain[];
  readonly routes: readonly Route[];
  /** One packet in each direction of each route. Returns how many that are. */
  sendRound(): number;
  /** Packets that came back acknowledged. */
  acknowledged(): number;
  /** What happened more than once, or was paid for in vain: nothing. */
  twice(): { carriedOut: number; redundant: number };
  /** Mines on all until stopped, as real chains do. */
  startMining(interval: number): void;
  stop(): void;
}

/** Of the light client on one chain that follows another. */
const clientOn = (host: number, followed: number): string => `fake-client-${host}${followed}`;

export function makeFakeNet(names: readonly string[]): FakeNet {
  const chains = names.map((name) => new FakeChain(`fake:${name}`));
  for (const chain of chains) chain.mine(5n);
  const pairs = chains.flatMap((one, i) => chains.slice(i + 1).map((other, j) => ({ one, i, other, j: i + 1 + j })));
  for (const { one, i, other, j } of pairs) {
    one.createClient(clientOn(i, j), other.bootstrap());
    other.createClient(clientOn(j, i), one.bootstrap());
  }
  let timer: NodeJS.Timeout | undefined;
  const LEGS = ["receive", "acknowledge", "timeout"] as const;
  return {
    chains,
    routes: pairs.map(({ one, i, other, j }) => [
      { chain: one.chainId, client: clientOn(i, j) },
      { chain: other.chainId, client: clientOn(j, i) },
    ]),
    sendRound() {
      for (const { one, i, other, j } of pairs) {
        one.send(clientOn(i, j), clientOn(j, i));
        other.send(clientOn(j, i), clientOn(i, j));
      }
      return pairs.length * 2;
    },
    acknowledged: () => chains.reduce((sum, chain) => sum + carriedOut(chain, "acknowledge").once, 0),
    twice: () => ({
      carriedOut: chains.flatMap((chain) => LEGS.map((leg) => carriedOut(chain, leg).more)).reduce((a, b) => a + b, 0),
      redundant: chains.reduce((sum, chain) => sum + chain.redundant, 0),
    }),
    startMining(interval) {
      timer = setInterval(() => {
        for (const chain of chains) chain.mine();
      }, interval);
    },
    stop: () => clearInterval(timer),
  };
}
