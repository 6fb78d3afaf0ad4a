// Runs Ics23.sol in an in-process EVM.
import { bytesToHex, decodeFunctionResult, encodeFunctionData, parseAbi } from "viem/utils";
import type { Hex } from "viem";
import type { Ics23Form } from "#adapters/evm/pack/ics23.ts";
import { compileSolidity } from "#scripts/compile-solidity.ts";
import { openInProcessEvm } from "./in-process-evm.ts";
import { createContract } from "./solidity-light-client.ts";

const abi = parseAbi([
  "function existence(uint8 form, bytes key, bytes proof) view returns (bool ok, bytes32 root, bytes value)",
  "function absence(uint8 form, bytes key, bytes proof) view returns (bool ok, bytes32 root)",
]);

/** What a packed proof leads to; undefined when it has another form than it must have. */
export interface SolidityIcs23 {
  existence(form: Ics23Form, key: Uint8Array, proof: Uint8Array): Promise<{ root: string; value: string } | undefined>;
  absence(form: Ics23Form, key: Uint8Array, proof: Uint8Array): Promise<{ root: string } | undefined>;
}

const HARNESS = "test/contracts/light-clients/support/Ics23Harness.sol";

export async function deploySolidityIcs23(code: Hex = compileSolidity(HARNESS)): Promise<SolidityIcs23> {
  const chain = await openInProcessEvm();
  const to = await createContract(chain, code);
  const call = async (data: Hex): Promise<Hex> => {
    const done = await chain.call(to, data);
    if (done.exceptionError) throw new Error(done.exceptionError.error);
    return bytesToHex(done.returnValue);
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
