// Runs the compiled Ed25519Verifier, and code generated for it, in an in-process EVM.
import { createAddressFromString } from "@ethereumjs/util";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { Hex } from "viem";
import { toHex } from "#scripts/vectors/vector.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/Ed25519Verifier.ts";
import { openInProcessEvm } from "./in-process-evm.ts";
import { createContract } from "./solidity-light-client.ts";

export interface SolidityEd25519 {
  /** The contract's verdict about a packed batch. */
  verify(batch: Uint8Array): Promise<boolean>;
  /** What code returns for calldata. */
  run(code: Uint8Array, calldata: Uint8Array): Promise<Uint8Array>;
}

const GENERATED = "0x00000000000000000000000000000000000c0de5";

export async function deploySolidityEd25519(code: Hex = bytecode): Promise<SolidityEd25519> {
  const chain = await openInProcessEvm();
  const verifier = await createContract(chain, code);
  const call = async (to: Hex, data: Hex): Promise<Uint8Array> => {
    const done = await chain.call(to, data);
    if (done.exceptionError) throw new Error(done.exceptionError.error);
    return done.returnValue;
  };
  return {
    async verify(batch) {
      const data = encodeFunctionData({ abi, functionName: "verify", args: [toHex(batch)] });
      return decodeFunctionResult({ abi, functionName: "verify", data: toHex(await call(verifier, data)) });
    },
    async run(generated, calldata) {
      await chain.evm.stateManager.putCode(createAddressFromString(GENERATED), generated);
      return call(GENERATED, toHex(calldata));
    },
  };
}
