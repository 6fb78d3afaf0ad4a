// Light-client data in the beacon API's JSON form (beacon-APIs types/altair, types/electra, types/gloas light_client.yaml).
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { EXECUTION_PAYLOAD_GINDEX, GINDICES, showsOwnPayload } from "./beacon-block.ts";
import type { BeaconBlock, BeaconHeader } from "./beacon-block.ts";
import type { SyncAggregate } from "./beacon-chain.ts";
import type { Committee } from "./committee.ts";
import { payloadHeaderJson } from "./execution-header.ts";
import type { ForkName } from "./network.ts";

export const hex = (bytes: Uint8Array): `0x${string}` => `0x${bytesToHex(bytes)}`;

export type Json = string | { readonly [key: string]: Json } | readonly Json[];

export interface Versioned {
  readonly version: ForkName;
  readonly data: Json;
}

export const headerJson = (header: BeaconHeader): Record<string, string> => ({
  slot: header.slot.toString(),
  proposer_index: header.proposerIndex.toString(),
  parent_root: hex(header.parentRoot),
  state_root: hex(header.stateRoot),
  body_root: hex(header.bodyRoot),
});

/** A block as `version` of the data shows it: from Gloas on, older headers are brought forward (gloas light-client/fork.md). */
function lightClientHeader(block: BeaconBlock, version: ForkName): Json {
  const beacon = headerJson(block.header);
  if (showsOwnPayload(version))
    return {
      beacon,
      execution: payloadHeaderJson(block.execution),
      execution_branch: block.body.branch(EXECUTION_PAYLOAD_GINDEX).map(hex),
    };
  const branch = block.body.branch(GINDICES[block.fork].executionBlockHash);
  const depth = Math.floor(Math.log2(GINDICES[version].executionBlockHash));
  const padding = Array.from({ length: depth - branch.length }, () => new Uint8Array(32));
  return {
    beacon,
    execution_block_hash: hex(hexToBytes(block.anchor.hash.slice(2))),
    execution_branch: [...padding, ...branch].map(hex),
  };
}

const committeeJson = (committee: Committee): Json => ({
  pubkeys: committee.pubkeys.map(hex),
  aggregate_pubkey: hex(committee.aggregatePubkey),
});

export const bootstrapJson = (block: BeaconBlock, committee: Committee): Versioned => ({
  version: block.fork,
  data: {
    header: lightClientHeader(block, block.fork),
    current_sync_committee: committeeJson(committee),
    current_sync_committee_branch: block.state.branch(GINDICES[block.fork].currentCommittee).map(hex),
  },
});

const signed = (attested: BeaconBlock, aggregate: SyncAggregate): Record<string, Json> => ({
  attested_header: lightClientHeader(attested, attested.fork),
  sync_aggregate: {
    sync_committee_bits: hex(aggregate.bits),
    sync_committee_signature: hex(aggregate.signature),
  },
  signature_slot: aggregate.signatureSlot.toString(),
});

const finality = (attested: BeaconBlock, finalized: BeaconBlock): Record<string, Json> => ({
  finalized_header: lightClientHeader(finalized, attested.fork),
  finality_branch: attested.state.branch(GINDICES[attested.fork].finalizedRoot).map(hex),
});

export const optimisticUpdateJson = (attested: BeaconBlock, aggregate: SyncAggregate): Versioned => ({
  version: attested.fork,
  data: signed(attested, aggregate),
});

export const finalityUpdateJson = (
  attested: BeaconBlock,
  finalized: BeaconBlock,
  aggregate: SyncAggregate,
): Versioned => ({
  version: attested.fork,
  data: { ...signed(attested, aggregate), ...finality(attested, finalized) },
});

export const updateJson = (
  attested: BeaconBlock,
  finalized: BeaconBlock,
  aggregate: SyncAggregate,
  next: Committee,
): Versioned => ({
  version: attested.fork,
  data: {
    ...signed(attested, aggregate),
    ...finality(attested, finalized),
    next_sync_committee: committeeJson(next),
    next_sync_committee_branch: attested.state.branch(GINDICES[attested.fork].nextCommittee).map(hex),
  },
});
