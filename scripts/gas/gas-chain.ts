// An in-process EVM whose transactions are measured whole: intrinsic gas, calldata with its floor, execution, refunds.
import { createBlock } from "@ethereumjs/block";
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createLegacyTx } from "@ethereumjs/tx";
import { createAccount, createAddressFromPrivateKey, createAddressFromString } from "@ethereumjs/util";
import type { Address } from "@ethereumjs/util";
import { createVM, runTx } from "@ethereumjs/vm";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Hex } from "viem";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { GasHardfork } from "./row.ts";

/** The most that one transaction may use (EIP-7825). */
const TRANSACTION_GAS = 16_777_216n;
const key = new Uint8Array(32).fill(7);

const toBytes = (hex: Hex): Uint8Array => hexToBytes(hex.slice(2));

export interface GasChain {
  /** Unix seconds of every block. */
  readonly now: bigint;
  readonly sender: Hex;
  /** Runs creation code, not measured. */
  deploy(code: Hex): Promise<Hex>;
  /** Runs one transaction and returns what it cost. Throws when it reverts. */
  send(to: Hex, data: Hex): Promise<number>;
  /** Executes a call without a transaction: execution gas only. Throws when it reverts. */
  execute(to: Hex, data: Hex): Promise<number>;
  /** What such a call returns. */
  read(to: Hex, data: Hex): Promise<Hex>;
}

export async function openGasChain(hardfork: GasHardfork, now: bigint): Promise<GasChain> {
  const common = new Common({
    chain: Mainnet,
    hardfork: hardfork === "osaka" ? Hardfork.Osaka : Hardfork.Amsterdam,
  });
  const vm = await createVM({ common });
  const sender = createAddressFromPrivateKey(key);
  await vm.stateManager.putAccount(sender, createAccount({ balance: 10n ** 24n }));
  const block = createBlock(
    { header: { timestamp: now, number: 1n, gasLimit: 10n * TRANSACTION_GAS, baseFeePerGas: 7n } },
    { common, skipConsensusFormatValidation: true },
  );
  let nonce = 0n;

  const reverted = (what: string, returned: Uint8Array): CausewayError =>
    new CausewayError("TRANSACTION_REVERTED", `${what} reverted: 0x${bytesToHex(returned)}`);

  async function call(to: Address | undefined, data: Uint8Array) {
    const { execResult, createdAddress } = await vm.evm.runCall({
      caller: sender,
      ...(to && { to }),
      data,
      gasLimit: 100n * TRANSACTION_GAS,
      block,
    });
    if (execResult.exceptionError) throw reverted("a call", execResult.returnValue);
    await vm.evm.journal.cleanup();
    return { execResult, createdAddress };
  }

  return {
    now,
    sender: sender.toString(),
    async deploy(code) {
      const { createdAddress } = await call(undefined, toBytes(code));
      const account = await vm.stateManager.getAccount(sender);
      nonce = account?.nonce ?? 0n;
      return (createdAddress as Address).toString();
    },
    async send(to, data) {
      const tx = createLegacyTx({ nonce, to, data, gasLimit: TRANSACTION_GAS, gasPrice: 7n }, { common }).sign(key);
      const { totalGasSpent, execResult } = await runTx(vm, { tx, block });
      if (execResult.exceptionError) throw reverted("a transaction", execResult.returnValue);
      nonce += 1n;
      return Number(totalGasSpent);
    },
    async execute(to, data) {
      const { execResult } = await call(createAddressFromString(to), toBytes(data));
      return Number(execResult.executionGasUsed);
    },
    async read(to, data) {
      const { execResult } = await call(createAddressFromString(to), toBytes(data));
      return `0x${bytesToHex(execResult.returnValue)}`;
    },
  };
}
