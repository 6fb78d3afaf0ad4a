// What a signer has, read now and then: while what it may have spent since is far from it, nobody has to ask again.

export interface Funds {
  /** The balance when it may not suffice; undefined while it does. */
  short(needed: bigint): Promise<bigint | undefined>;
  /** The next one who needs funds asks. */
  forget(): void;
}

const VALID_MS = 60_000;

/** `now`: Unix milliseconds. */
export function createFunds(read: () => Promise<bigint>, now: () => number): Funds {
  let known: { readonly at: number; left: bigint } | undefined;
  return {
    async short(needed) {
      const isEnough = known !== undefined && now() - known.at < VALID_MS && known.left >= needed * 2n;
      if (!isEnough || known === undefined) known = { at: now(), left: await read() };
      if (known.left < needed) {
        const { left } = known;
        known = undefined;
        return left;
      }
      known.left -= needed;
      return undefined;
    },
    forget: () => (known = undefined),
  };
}
