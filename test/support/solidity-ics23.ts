// Runs Ics23.sol in an in-process EVM.
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { bytesToHex, decodeFunctionResult, encodeFunctionData, hexToBytes, parseAbi } from "viem/utils";
import { compileSolidity } from "#scripts/compile-solidity.ts";
import type { Ics23Form } from "#adapters/evm/pack/ics23.ts";

const abi = parseAbi([
  "function existence(uint8 form, bytes key, bytes proof) view returns (bool ok, bytes32 root, bytes value)",
  "function absence(uint8 form, bytes key, bytes proof) view returns (bool ok, bytes32 root)",
]);

/** What a packed proof leads to; undefined when it has another form than it must have. */
export interface SolidityIcs23 {
  existence(form: Ics23Form, key: Uint8Array, proof: Uint8Array): Promise<{ root: string; value: string } | undefined>;
  absence(form: Ics23Form, key: Uint8Array, proof: Uint8Array): Promise<{ root: string } | undefined>;
}

export async function deploySolidityIcs23(): Promise<SolidityIcs23> {
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }) });
  const creation = hexToBytes(compileSolidity("test/contracts/light-clients/support/Ics23Harness.sol"));
  const { createdAddress: to } = await evm.runCall({ data: creation, gasLimit: 16_777_216n });
  if (!to) throw new Error("the harness was not created");
  const call = async (data: `0x${string}`): Promise<`0x${string}`> => {
    const { execResult } = await evm.runCall({ to, data: hexToBytes(data), gasLimit: 16_777_216n });
    if (execResult.exceptionError) throw new Error(execResult.exceptionError.error);
    return bytesToHex(execResult.returnValue);
  };
  return {
    async existence(form, key, proof) {
      const args = [form === "iavl" ? 1 : 0, bytesToHex(key), bytesToHex(proof)] as const;
      const data = await call(encodeFunctionData({ abi, functionName: "existence", args }));
      const [ok, root, value] = decodeFunctionResult({ abi, functionName: "existence", data });
      return ok ? { root: root.slice(2), value: value.slice(2) } : undefined;
    },
    async absence(form, key, proof) {
      const args = [form === "iavl" ? 1 : 0, bytesToHex(key), bytesToHex(proof)] as const;
      const data = await call(encodeFunctionData({ abi, functionName: "absence", args }));
      const [ok, root] = decodeFunctionResult({ abi, functionName: "absence", data });
      return ok ? { root: root.slice(2) } : undefined;
    },
  };
}
