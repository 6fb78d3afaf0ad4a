// One beacon block over one execution block: its header, and sparse trees of its state and body that prove what light
// clients ask for, at the generalized indices of its fork (consensus-specs electra and gloas light-client/sync-protocol.md).
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { payloadHeaderLeaves } from "./execution-header.ts";
import type { ExecutionHeader } from "./execution-header.ts";
import { derive, epochOf, forkAt, periodOf } from "./network.ts";
import type { ForkName, Network } from "./network.ts";
import { sparseTree } from "./sparse-tree.ts";
import type { SparseTree } from "./sparse-tree.ts";
import { merkleize, uintChunk } from "./ssz-roots.ts";

const ELECTRA = { finalizedRoot: 169, currentCommittee: 86, nextCommittee: 87, executionBlockHash: 812 } as const;
const GLOAS = { finalizedRoot: 735, currentCommittee: 2945, nextCommittee: 2946, executionBlockHash: 2856 } as const;

/** Heze has no layout of its own yet: here it has Gloas's. */
export const GINDICES = { electra: ELECTRA, fulu: ELECTRA, gloas: GLOAS, heze: GLOAS } as const;

/** Of the payload header under the body, up to Fulu. */
export const EXECUTION_PAYLOAD_GINDEX = 25;

/** Up to Fulu a block shows light clients its own payload's header, from Gloas the hash of its parent's payload. */
export const showsOwnPayload = (fork: ForkName): boolean => fork === "electra" || fork === "fulu";

/** consensus-specs phase0 BeaconBlockHeader. */
export interface BeaconHeader {
  readonly slot: number;
  readonly proposerIndex: number;
  readonly parentRoot: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly bodyRoot: Uint8Array;
}

export interface BeaconBlock {
  readonly slot: number;
  readonly fork: ForkName;
  readonly header: BeaconHeader;
  /** hash_tree_root(header). */
  readonly root: Uint8Array;
  readonly state: SparseTree;
  readonly body: SparseTree;
  /** The payload this block brings. */
  readonly execution: ExecutionHeader;
  /** The execution block a light client reads from this block: its own up to Fulu, its parent's payload from Gloas. */
  readonly anchor: ExecutionHeader;
  /** What this block's state holds as finalized. */
  readonly finalized: BeaconBlock | undefined;
}

export interface BlockInput {
  readonly slot: number;
  readonly parentRoot: Uint8Array;
  readonly execution: ExecutionHeader;
  readonly parentExecution: ExecutionHeader;
  readonly finalized: BeaconBlock | undefined;
  readonly committeeRoot: (period: number) => Uint8Array;
}

export const headerRoot = (header: BeaconHeader): Uint8Array =>
  merkleize(
    [uintChunk(header.slot), uintChunk(header.proposerIndex), header.parentRoot, header.stateRoot, header.bodyRoot],
    8,
  );

function stateLeaves(network: Network, fork: ForkName, input: BlockInput): Map<number, Uint8Array> {
  const gindex = GINDICES[fork];
  const period = periodOf(network, input.slot);
  return new Map([
    [gindex.finalizedRoot - 1, uintChunk(input.finalized === undefined ? 0 : epochOf(network, input.finalized.slot))],
    [gindex.finalizedRoot, input.finalized?.root ?? new Uint8Array(32)],
    [gindex.currentCommittee, input.committeeRoot(period)],
    [gindex.nextCommittee, input.committeeRoot(period + 1)],
  ]);
}

function bodyLeaves(fork: ForkName, input: BlockInput): Map<number, Uint8Array> {
  if (!showsOwnPayload(fork))
    return new Map([[GINDICES[fork].executionBlockHash, hexToBytes(input.parentExecution.hash.slice(2))]]);
  const leaves = payloadHeaderLeaves(input.execution);
  return new Map(leaves.map((leaf, index) => [EXECUTION_PAYLOAD_GINDEX * leaves.length + index, leaf]));
}

export function makeBeaconBlock(network: Network, input: BlockInput): BeaconBlock {
  const { slot, execution } = input;
  const fork = forkAt(network, slot);
  const fill = (tree: string) => {
    const salt = concatBytes(derive(network, tree), uint64BigEndian(BigInt(slot)), utf8ToBytes(execution.hash));
    return (gindex: number): Uint8Array => sha256(concatBytes(salt, uint64BigEndian(BigInt(gindex))));
  };
  const state = sparseTree(stateLeaves(network, fork, input), fill("state"));
  const body = sparseTree(bodyLeaves(fork, input), fill("body"));
  const header = {
    slot,
    proposerIndex: slot % network.committeeSize,
    parentRoot: input.parentRoot,
    stateRoot: state.root,
    bodyRoot: body.root,
  };
  return {
    slot,
    fork,
    header,
    root: headerRoot(header),
    state,
    body,
    execution,
    anchor: showsOwnPayload(fork) ? execution : input.parentExecution,
    finalized: input.finalized,
  };
}
