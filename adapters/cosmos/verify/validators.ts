// Validator sets: their hash, which is all that headers and light clients keep of them, and their power.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { int64Field, messageField } from "#adapters/protocol/protobuf.ts";
import type { Validator } from "./evidence.ts";
import { merkleRoot } from "./merkle.ts";

/** Field of tendermint.crypto.PublicKey for the only type of key that is verified here. */
export const ED25519 = 1;

/** tendermint.types.SimpleValidator */
const simpleValidator = ({ pubKey, votingPower }: Validator): Uint8Array =>
  concatBytes(messageField(1, messageField(pubKey.number, pubKey.value)), int64Field(2, votingPower));

export const validatorsHash = (validators: readonly Validator[]): Uint8Array =>
  merkleRoot(validators.map(simpleValidator));

export const totalPower = (validators: readonly Validator[]): bigint =>
  validators.reduce((total, { votingPower }) => total + votingPower, 0n);

/** Of an ed25519 key. */
export const addressOf = (key: Uint8Array): Uint8Array => sha256(key).subarray(0, 20);
