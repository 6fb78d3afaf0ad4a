// Light blocks, from wherever they come: what one needs to see that a block is final.
import type { CometHeader, Commit, Validator } from "../verify/evidence.ts";

export interface LightBlock {
  readonly header: CometHeader;
  /** With all its votes. */
  readonly commit: Commit;
  /** Those that the header names. */
  readonly validators: readonly Validator[];
}

/** Light blocks as one endpoint shows them. Nothing but hashes was checked. */
export interface LightBlocks {
  /** Who it is, for errors. */
  readonly name: string;
  at(height: bigint): Promise<LightBlock>;
  /** The set whose hash is `hash`, which is that of block `height`. */
  validators(height: bigint, hash: Uint8Array): Promise<readonly Validator[]>;
}
