// An EVM within the process, at a time of the test's choosing.
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, NobleBLS } from "@ethereumjs/evm";
import type { EVM, EVMBLSInterface, ExecResult } from "@ethereumjs/evm";
import { createAddressFromString } from "@ethereumjs/util";
import { hexToBytes } from "viem/utils";
import type { Hex } from "viem";
import { remembered } from "./remembered.ts";

export interface InProcessEvm {
  readonly evm: EVM;
  /** Who calls. */
  readonly caller: Hex;
  /** Runs creation code; what came of it is `refused` when it reverted. */
  deploy(code: Hex, now?: bigint): Promise<{ readonly address: Hex } | { readonly refused: ExecResult }>;
  /** @param now Unix seconds. */
  call(to: Hex, data: Hex, now?: bigint): Promise<ExecResult>;
  /** Runs the work on the state as it is, then undoes what it changed. */
  undone<T>(work: () => Promise<T>): Promise<T>;
}

const GAS_LIMIT = 16_777_216n;
const CALLER = "0x00000000000000000000000000000000000ca11e";

const noble = new NobleBLS();
const bls: EVMBLSInterface = {
  addG1: remembered((input) => noble.addG1(input)),
  addG2: remembered((input) => noble.addG2(input)),
  msmG1: remembered((input) => noble.msmG1(input)),
  msmG2: remembered((input) => noble.msmG2(input)),
  mapFPtoG1: remembered((input) => noble.mapFPtoG1(input)),
  mapFP2toG2: remembered((input) => noble.mapFP2toG2(input)),
  pairingCheck: remembered((input) => noble.pairingCheck(input)),
};

export async function openInProcessEvm(): Promise<InProcessEvm> {
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }), bls });
  const caller = createAddressFromString(CALLER);
  const block = (timestamp: bigint) => ({
    header: {
      number: 1n,
      coinbase: caller,
      timestamp,
      difficulty: 0n,
      prevRandao: new Uint8Array(32),
      gasLimit: GAS_LIMIT,
      baseFeePerGas: 0n,
      getBlobGasPrice: () => undefined,
    },
  });
  return {
    evm,
    caller: CALLER,
    async deploy(code, now = 1n) {
      const input = { caller, gasLimit: 10n * GAS_LIMIT, data: hexToBytes(code), block: block(now) };
      const { execResult, createdAddress } = await evm.runCall(input);
      if (execResult.exceptionError) return { refused: execResult };
      if (createdAddress === undefined) throw new Error("nothing was created");
      return { address: createdAddress.toString() };
    },
    async call(to, data, now = 1n) {
      const target = createAddressFromString(to);
      const input = { caller, to: target, gasLimit: GAS_LIMIT, data: hexToBytes(data), block: block(now) };
      return (await evm.runCall(input)).execResult;
    },
    async undone(work) {
      await evm.journal.checkpoint();
      try {
        return await work();
      } finally {
        await evm.journal.revert();
      }
    },
  };
}
