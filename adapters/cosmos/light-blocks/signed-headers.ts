// Headers that were seen to be signed by more than two thirds of the validators that they name. Their hashes cover them whole, so nobody has to
// verify the signatures again who is shown such a header once more: what a batch brings to a light client is compared with our endpoints next.

export interface SignedHeaders {
  /** In hexadecimal, of a header whose hash was computed. */
  has(hash: string): boolean;
  add(hash: string): void;
}

/** The oldest is forgotten. */
const REMEMBERED = 1_000;

export function createSignedHeaders(): SignedHeaders {
  const known = new Set<string>();
  return {
    has: (hash) => known.has(hash),
    add(hash) {
      known.add(hash);
      for (const oldest of known) if (known.size > REMEMBERED) known.delete(oldest);
    },
  };
}
