// Which light clients belong together: every configured route as two lanes, one per direction of evidence.
import type { ChainId } from "#adapters/chain-id.ts";

/** A light client, and the chain that hosts it. */
export interface End {
  readonly chain: ChainId;
  readonly client: string;
}

export type Route = readonly [End, End];

/** Evidence about `source.chain` for the light client `target.client` on `target.chain`. */
export interface Lane {
  readonly id: string;
  readonly source: End;
  readonly target: End;
}

/** Where a packet comes from and goes to, and the lanes its legs take. */
export interface Way {
  readonly source: End;
  readonly destination: End;
  /** For `receive`. */
  readonly forth: Lane;
  /** For `acknowledge` and `timeout`. */
  readonly back: Lane;
}

export interface Routes {
  readonly lanes: readonly Lane[];
  lane(id: string): Lane | undefined;
  /** Of packets sent through this client; undefined when no configured route has it. */
  wayFrom(source: End): Way | undefined;
  /** Of packets received through this client. */
  wayTo(destination: End): Way | undefined;
}

const name = ({ chain, client }: End): string => `${chain}/${client}`;

export function createRoutes(routes: readonly Route[]): Routes {
  const into = new Map<string, Lane>();
  for (const [a, b] of routes) {
    into.set(name(b), { id: name(b), source: a, target: b });
    into.set(name(a), { id: name(a), source: b, target: a });
  }
  const way = (source: End, destination: End): Way | undefined => {
    const forth = into.get(name(destination));
    const back = into.get(name(source));
    if (forth === undefined || back === undefined || name(forth.source) !== name(source)) return undefined;
    return { source, destination, forth, back };
  };
  return {
    lanes: [...into.values()],
    lane: (id) => into.get(id),
    wayFrom(source) {
      const other = into.get(name(source))?.source;
      return other && way(source, other);
    },
    wayTo(destination) {
      const other = into.get(name(destination))?.source;
      return other && way(other, destination);
    },
  };
}
