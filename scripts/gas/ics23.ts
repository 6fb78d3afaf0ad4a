// What a proof of membership of two levels costs: 22 operations of a store's tree and 6 of the stores' under an app hash.
import { concatBytes } from "@noble/hashes/utils.js";
import { bytesToHex, encodeFunctionData, parseAbi } from "viem/utils";
import { packExistence, packStoreSteps } from "#adapters/evm/pack/ics23.ts";
import { compileSolidity } from "#scripts/compile-solidity.ts";
import { makeTree } from "#test/support/iavl-tree.ts";
import { openGasChain } from "./gas-chain.ts";
import type { GasHardfork, GasRow } from "./row.ts";

const abi = parseAbi(["function membership(bytes32 appHash, bytes key, bytes32 value, bytes proof) view"]);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const numbered = (index: number): Uint8Array => Uint8Array.of(0x80, index >> 8, index & 0xff);

const key = concatBytes(utf8("07-tendermint-0"), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 7));
const value = new Uint8Array(32).fill(0xc3);

/** A path of as many operations as there are other entries, left and right steps in turn; versions as of a chain of some years. */
function path(form: "simple" | "iavl", length: number, entry: { key: Uint8Array; value: Uint8Array }) {
  const others = Array.from({ length }, (_, index) => ({ key: numbered(index), value: numbered(index) }));
  const before = others.splice(0, length >> 1).map((each) => ({ ...each, key: each.key.slice(1) }));
  const entries = [...before, entry, ...others];
  // Cuts off the first or the last, so that the entry in the middle lies deepest.
  const split = (count: number): number => (count % 2 === 0 ? count - 1 : 1);
  return makeTree(form, entries, split, (index) => 20_000_000 + index);
}

/** A precompile is cold for a call without a transaction, and never in one (EIP-2929). */
const COLD_PRECOMPILE = 2_500;

/** Execution of the harness and the proof's calldata, without what every transaction pays. */
async function measure(hardfork: GasHardfork): Promise<number> {
  const keys = path("iavl", 22, { key, value });
  const stores = path("simple", 6, { key: utf8("ibc"), value: keys.root });
  const proof = concatBytes(packExistence("iavl", keys.existence(key)), packStoreSteps(stores.existence(utf8("ibc"))));
  const args = [bytesToHex(stores.root), bytesToHex(key), bytesToHex(value), bytesToHex(proof)] as const;
  const chain = await openGasChain(hardfork, 1n);
  const harness = await chain.deploy(compileSolidity("test/contracts/light-clients/support/Ics23Harness.sol"));
  const calldata = proof.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
  const executed = await chain.execute(harness, encodeFunctionData({ abi, functionName: "membership", args }));
  return calldata + executed - COLD_PRECOMPILE;
}

export const rows: readonly GasRow[] = [{ key: "ics23.membership", measure }];
