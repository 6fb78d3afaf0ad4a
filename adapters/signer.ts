// What signs transactions. Keys stay behind it: a local key today, a remote signer tomorrow.

export interface Signer {
  /** Address in the chain's own notation. */
  readonly address: string;
  /** Signs 32 bytes; returns a 65-byte recoverable secp256k1 signature r ‖ s ‖ v with v 0 or 1. */
  sign(digest: Uint8Array): Promise<Uint8Array>;
}
