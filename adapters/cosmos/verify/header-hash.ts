// The hash of a header: the Merkle root of its 14 fields (CometBFT types/block.go, Header.Hash).
import { bytesField, int64Field } from "#adapters/protocol/protobuf.ts";
import { blockId, consensusVersion, timestamp } from "./evidence.ts";
import type { CometHeader } from "./evidence.ts";
import { merkleRoot } from "./merkle.ts";

/** google.protobuf.BytesValue, and of the same form StringValue. */
const wrapped = (value: Uint8Array): Uint8Array => bytesField(1, value);

export const headerHash = (header: CometHeader): Uint8Array =>
  merkleRoot([
    consensusVersion.encode(header.version),
    wrapped(header.chainId),
    int64Field(1, header.height),
    timestamp.encode(header.time),
    blockId.encode(header.lastBlockId),
    wrapped(header.lastCommitHash),
    wrapped(header.dataHash),
    wrapped(header.validatorsHash),
    wrapped(header.nextValidatorsHash),
    wrapped(header.consensusHash),
    wrapped(header.appHash),
    wrapped(header.lastResultsHash),
    wrapped(header.evidenceHash),
    wrapped(header.proposerAddress),
  ]);
