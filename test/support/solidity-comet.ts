// Runs the compiled CometLightClient in an in-process EVM.
import { encodeDeployData } from "viem/utils";
import type { Hex } from "viem";
import { toHex } from "#scripts/vectors/vector.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/CometLightClient.ts";
import { bytecode as verifierBytecode } from "../../contracts/evm/bindings/Ed25519Verifier.ts";
import { openInProcessEvm } from "./in-process-evm.ts";
import { createContract, solidityLightClient } from "./solidity-light-client.ts";
import type { SolidityLightClient } from "./solidity-light-client.ts";

/** Creation code. */
export interface CometCode {
  readonly lightClient: Hex;
  readonly verifier: Hex;
}

const shipped: CometCode = { lightClient: bytecode, verifier: verifierBytecode };
const STORE = new TextEncoder().encode("ibc");

/** An EVM with a verifier of signatures; light clients of canonical trusted states are deployed in it. */
export async function openSolidityComet(
  code: Partial<CometCode> = {},
): Promise<(trusted: Uint8Array, now: bigint) => Promise<SolidityLightClient>> {
  const { lightClient, verifier } = { ...shipped, ...code };
  const chain = await openInProcessEvm();
  const signatures = await createContract(chain, verifier);
  return async (trusted, now) => {
    const data = encodeDeployData({ abi, bytecode: lightClient, args: [toHex(trusted), signatures] });
    return solidityLightClient(chain, await createContract(chain, data), now, [STORE]);
  };
}
