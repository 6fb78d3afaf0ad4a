// Runs the compiled Ed25519Verifier, and code generated for it, in an in-process EVM.
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { createAddressFromString } from "@ethereumjs/util";
import { bytesToHex, encodeFunctionData, hexToBytes } from "viem/utils";
import { abi, bytecode } from "../../contracts/evm/bindings/Ed25519Verifier.ts";

const GAS_LIMIT = 16_777_216n;

export interface SolidityEd25519 {
  /** The contract's verdict about a packed batch. */
  verify(batch: Uint8Array): Promise<boolean>;
  /** What code returns for calldata. */
  run(code: Uint8Array, calldata: Uint8Array): Promise<Uint8Array>;
}

export async function deploySolidityEd25519(): Promise<SolidityEd25519> {
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }) });
  const { createdAddress } = await evm.runCall({ data: hexToBytes(bytecode), gasLimit: GAS_LIMIT });
  if (!createdAddress) throw new Error("the verifier was not created");
  const call = async (to: typeof createdAddress, data: Uint8Array): Promise<Uint8Array> => {
    const { execResult } = await evm.runCall({ to, data, gasLimit: GAS_LIMIT });
    if (execResult.exceptionError) throw new Error(execResult.exceptionError.error);
    return execResult.returnValue;
  };
  return {
    async verify(batch) {
      const data = encodeFunctionData({ abi, functionName: "verify", args: [bytesToHex(batch)] });
      return BigInt(bytesToHex(await call(createdAddress, hexToBytes(data)))) === 1n;
    },
    async run(code, calldata) {
      const to = createAddressFromString("0x00000000000000000000000000000000000c0de5");
      await evm.stateManager.putCode(to, code);
      return call(to, calldata);
    },
  };
}
