// Misbehaviour on request: the committee signs, a second time, for a block that contradicts the finalized one.
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import { makeBeaconBlock, showsOwnPayload } from "./beacon-block.ts";
import type { BeaconChain } from "./beacon-chain.ts";
import { executionBlockHash, executionHeaderRlp } from "./execution-header.ts";
import type { ExecutionHeader } from "./execution-header.ts";
import { finalityUpdateJson, hex } from "./light-client-data.ts";
import type { Versioned } from "./light-client-data.ts";

export interface Equivocation {
  /** A validly signed finality update whose finalized header conflicts with the chain's at the same slot and height. */
  readonly update: Versioned;
  /** RLP of the execution header the conflicting finalized header commits to; no execution node has it. */
  readonly executionHeader: `0x${string}`;
  readonly height: number;
}

function forge(header: ExecutionHeader): ExecutionHeader {
  const forged = { ...header, stateRoot: hex(sha256(utf8ToBytes(`equivocation at ${header.hash}`))) };
  return { ...forged, hash: hex(executionBlockHash(forged)) };
}

/** Contradicts what the head's state finalizes; the chain itself stays as it is. */
export function equivocate(chain: BeaconChain): Equivocation {
  const { network, committeeRoot, head } = chain;
  const { finalized } = head;
  if (finalized === undefined)
    throw new CausewayError("NOT_FINAL_YET", "nothing is finalized that could be contradicted", { height: 1n });
  const anchor = forge(finalized.anchor);
  const second = makeBeaconBlock(network, {
    slot: finalized.slot,
    parentRoot: finalized.header.parentRoot,
    // Up to Fulu the anchor is the block's own payload, from Gloas its parent's: the forged header takes that place.
    execution: showsOwnPayload(finalized.fork) ? anchor : forge(finalized.execution),
    parentExecution: anchor,
    finalized: finalized.finalized,
    committeeRoot,
  });
  const attested = makeBeaconBlock(network, {
    slot: head.slot,
    parentRoot: second.root,
    execution: forge(head.execution),
    parentExecution: forge(head.anchor),
    finalized: second,
    committeeRoot,
  });
  return {
    update: finalityUpdateJson(attested, second, chain.sign(attested)),
    executionHeader: hex(executionHeaderRlp(anchor)),
    height: Number(anchor.number),
  };
}
