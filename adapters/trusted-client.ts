// A light client as the chain that hosts it shows it.

export interface TrustedClient {
  readonly clientId: string;
  /** Which verifier understands `state`, "beacon" or "cometbft". */
  readonly clientType: string;
  /** Canonical trusted state, input of the source family's `verify`. */
  readonly state: Uint8Array;
  readonly status: "active" | "frozen" | "expired";
  readonly height: bigint;
  /** Unix seconds of that height. */
  readonly timestamp: bigint;
  /** Unix seconds at which it expires unless updated. */
  readonly expiresAt: bigint;
  /** Unix seconds on this chain's clock. */
  readonly now: bigint;
}

/** What a light client begins with. */
export interface NewClient {
  readonly clientType: string;
  /** Canonical trusted state. */
  readonly state: Uint8Array;
}

export interface TrustedView {
  /** Name of the endpoint of the hosting chain. */
  readonly endpoint: string;
  readonly trusted: TrustedClient;
}

export interface TrustedFact {
  readonly name: string;
  readonly value: string;
  /** Where else people find it. */
  readonly compareWith: string;
}
