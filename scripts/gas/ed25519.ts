// What a signature costs in a batch of 23, as many as a set of Cosmos Hub's size needs.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, encodeFunctionData } from "viem/utils";
import { packEd25519Batch } from "#adapters/evm/pack/ed25519-batch.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/Ed25519Verifier.ts";
import { openGasChain } from "./gas-chain.ts";
import type { GasRow } from "./row.ts";

const COUNT = 23;

/** As long as a vote of a chain with a short id. */
export const signatures = Array.from({ length: COUNT }, (_, index) => {
  const secret = sha512(Uint8Array.of(index)).slice(0, 32);
  const message = new Uint8Array(112).map((_, at) => (at < 90 ? at + 1 : at * index));
  return { key: ed25519.getPublicKey(secret), signature: ed25519.sign(message, secret), message };
});

export const rows: readonly GasRow[] = [
  {
    key: "ed25519.signature",
    measure: async (hardfork) => {
      const chain = await openGasChain(hardfork, 1n);
      const batch = bytesToHex(packEd25519Batch(signatures));
      const data = encodeFunctionData({ abi, functionName: "verify", args: [batch] });
      return Math.ceil((await chain.send(await chain.deploy(bytecode), data)) / COUNT);
    },
  },
];
