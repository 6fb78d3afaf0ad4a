// What a signature costs in a batch of 23, as many as a set of Cosmos Hub's size needs.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, encodeFunctionData } from "viem/utils";
import { packEd25519Batch } from "#adapters/evm/pack/ed25519-batch.ts";
import type { Ed25519Signature } from "#adapters/evm/pack/ed25519-batch.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/Ed25519Verifier.ts";
import { openGasChain } from "./gas-chain.ts";
import type { GasRow } from "./row.ts";

export const SIGNATURES = 23;

/** Of messages of a length. */
export const signaturesOf = (length: number): Ed25519Signature[] =>
  Array.from({ length: SIGNATURES }, (_, index) => {
    const secret = sha512(Uint8Array.of(index)).slice(0, 32);
    const message = new Uint8Array(length).map((_byte, at) => (at < 90 ? at + 1 : at * index));
    return { key: ed25519.getPublicKey(secret), signature: ed25519.sign(message, secret), message };
  });

/** As long as a vote of a chain with a short id. */
const VOTE = 112;

const verifyData = (signatures: readonly Ed25519Signature[]) =>
  encodeFunctionData({ abi, functionName: "verify", args: [bytesToHex(packEd25519Batch(signatures))] });

/** Execution gas of each in a batch of them all. */
export async function executionOfOne(signatures: readonly Ed25519Signature[]): Promise<number> {
  const chain = await openGasChain("osaka", 1n);
  const executed = await chain.execute(await chain.deploy(bytecode), verifyData(signatures));
  return Math.ceil(executed / signatures.length);
}

export const rows: readonly GasRow[] = [
  {
    key: "ed25519.signature",
    measure: async (hardfork) => {
      const chain = await openGasChain(hardfork, 1n);
      return Math.ceil((await chain.send(await chain.deploy(bytecode), verifyData(signaturesOf(VOTE)))) / SIGNATURES);
    },
  },
];
