// What is offered per gas: EIP-1559 fees from the newest block, never above the configured caps.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { EvmConfig } from "../config.ts";
import { getHeader } from "../rpc/block-header.ts";
import { quantity } from "../rpc/hex.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";

/** Wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

const WEI_PER_GWEI = 1e9;
const wei = (gwei: number): bigint => BigInt(Math.round(gwei * WEI_PER_GWEI));
/** go-ethereum includes nothing that tips less, whatever it suggests on an idle chain. Wei per gas. */
const SMALLEST_TIP = 1_000_000n;
const min = (left: bigint, right: bigint): bigint => (left < right ? left : right);
const max = (left: bigint, right: bigint): bigint => (left > right ? left : right);

export function feeCaps(config: EvmConfig): Fees {
  return {
    maxFeePerGas: wei(config.fees.maxFeePerGasGwei),
    maxPriorityFeePerGas: min(wei(config.fees.maxPriorityFeePerGasGwei), wei(config.fees.maxFeePerGasGwei)),
  };
}

/** Room for six full blocks in a row. Throws FEE_ABOVE_CAP when the next block could not take the transaction. */
export async function quoteFees(config: EvmConfig, endpoint: RpcEndpoint, signal?: AbortSignal): Promise<Fees> {
  const caps = feeCaps(config);
  const [head, tip] = await Promise.all([
    getHeader(endpoint, "latest", signal),
    endpoint.call({ method: "eth_maxPriorityFeePerGas", params: [] }, quantity, signal),
  ]);
  const maxPriorityFeePerGas = min(max(tip, SMALLEST_TIP), caps.maxPriorityFeePerGas);
  const needed = head.baseFeePerGas + maxPriorityFeePerGas;
  if (needed > caps.maxFeePerGas)
    throw new CausewayError(
      "FEE_ABOVE_CAP",
      `a transaction costs ${needed} wei per gas now, the cap is ${caps.maxFeePerGas}`,
      {
        context: { needed, cap: caps.maxFeePerGas, chainId: config.chainId },
      },
    );
  return {
    maxFeePerGas: min(head.baseFeePerGas * 2n + maxPriorityFeePerGas, caps.maxFeePerGas),
    maxPriorityFeePerGas,
  };
}

const eighthMore = (value: bigint): bigint => value + value / 8n + 1n;

/** Fees that nodes accept as replacement (an eighth more in both fields), or undefined when the caps forbid it. */
export function replacementFees(config: EvmConfig, old: Fees, market: Fees): Fees | undefined {
  const caps = feeCaps(config);
  const maxPriorityFeePerGas = max(eighthMore(old.maxPriorityFeePerGas), market.maxPriorityFeePerGas);
  const maxFeePerGas = max(max(eighthMore(old.maxFeePerGas), market.maxFeePerGas), maxPriorityFeePerGas);
  // The tip may pass its own cap here: nodes would refuse the replacement otherwise, and the total stays capped.
  return maxFeePerGas > caps.maxFeePerGas ? undefined : { maxFeePerGas, maxPriorityFeePerGas };
}
