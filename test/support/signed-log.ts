// A proof log made up in memory: its signed checkpoint, and the inclusion proof of each entry.
import type { NoteSigner } from "#relayer/proof-log/note-signer.ts";
import { signCheckpoint } from "#relayer/proof-log/sign-checkpoint.ts";
import { appendLeaves, inclusionProof, leafHash } from "#sdk/evidence/tree.ts";

export interface SignedLog {
  readonly checkpoint: string;
  /** Base64, as a bundle has it. */
  proofOf(index: number): string[];
}

export function signedLog(entries: readonly Uint8Array[], signer: NoteSigner): SignedLog {
  const leaves = entries.map(leafHash);
  const { nodes, root } = appendLeaves(0n, leaves, () => new Uint8Array(32));
  const hashes = new Map(nodes.map((node) => [`${node.level}/${node.position}`, node.hash]));
  for (const [index, leaf] of leaves.entries()) hashes.set(`0/${index}`, leaf);
  const size = BigInt(leaves.length);
  return {
    checkpoint: signCheckpoint({ size, root }, signer),
    proofOf: (index) =>
      inclusionProof(BigInt(index), size, ({ level, position }) => {
        const hash = hashes.get(`${level}/${position}`);
        if (hash === undefined) throw new Error(`no node ${level}/${position}`);
        return hash;
      }).map((hash) => Buffer.from(hash).toString("base64")),
  };
}
