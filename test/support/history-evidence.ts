// An execution state in which the history contract of EIP-2935 keeps the hash of one older block, among others.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Ancestry } from "#adapters/evm/verify/evidence.ts";
import { executionHeaderRlp } from "./beacon-evidence.ts";
import type { ExecutionBlock } from "./beacon-evidence.ts";
import { makeTrie, rlpBytes, rlpOf } from "./trie.ts";

const HISTORY_CONTRACT = hexToBytes("0000f90827f1c53a10cb7a02335b175320002935");
const HISTORY_WINDOW = 8191n;

const word = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(64, "0"));
const key = (bytes: Uint8Array): string => bytesToHex(keccak_256(bytes));
const account = (storageRoot: Uint8Array): Uint8Array =>
  rlpOf(Uint8Array.of(1), Uint8Array.of(0x80), rlpBytes(storageRoot), rlpBytes(keccak_256(Uint8Array.of())));

export interface History extends Pick<Ancestry, "accountProof" | "storageProof" | "executionHeader"> {
  readonly stateRoot: Uint8Array;
}

/** `kept`: what the contract has in the block's place, when it is not the block's hash. */
export function makeHistory(block: ExecutionBlock, kept?: Uint8Array): History {
  const executionHeader = executionHeaderRlp(block);
  const slot = word(block.number % HISTORY_WINDOW);
  const others = Array.from({ length: 40 }, (_, index) => word((block.number + BigInt(index) + 1n) % HISTORY_WINDOW));
  const storage = makeTrie(
    new Map([
      ...others.map((other) => [key(other), rlpBytes(keccak_256(other))] as const),
      [key(slot), rlpBytes(kept ?? keccak_256(executionHeader))] as const,
    ]),
  );
  const strangers = Array.from({ length: 40 }, (_, index) => [key(Uint8Array.of(index)), account(word(1n))] as const);
  const accounts = makeTrie(new Map([...strangers, [key(HISTORY_CONTRACT), account(storage.root)] as const]));
  return {
    stateRoot: accounts.root,
    accountProof: accounts.proof(keccak_256(HISTORY_CONTRACT)),
    storageProof: storage.proof(keccak_256(slot)),
    executionHeader,
  };
}
