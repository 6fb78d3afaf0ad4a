// What is offered per gas: the configured price or what the node wants at least, never above the configured cap.
import { ConfigRequest, ConfigResponse } from "cosmjs-types/cosmos/base/node/v1beta1/query";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { query } from "../rpc/query.ts";

/** Of the configured coin per unit of gas, times 10^18. */
export type GasPrice = bigint;

const SCALE = 18;
const ONE = 10n ** BigInt(SCALE);

/** Digits beyond the eighteenth are rounded up. */
export function parsePrice(decimal: string): GasPrice {
  const [whole = "0", fraction = ""] = decimal.split(".");
  const isRounded = /[1-9]/.test(fraction.slice(SCALE));
  return BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, "0")) + (isRounded ? 1n : 0n);
}

export const feeOf = (gas: bigint, price: GasPrice): bigint => (gas * price + ONE - 1n) / ONE;

/** Throws INVALID_CONFIG without a gas price. */
export function priceOf({ config }: ChainContext): {
  readonly denom: string;
  readonly amount: GasPrice;
  readonly max: GasPrice;
} {
  const { gasPrice, chainId } = config;
  if (gasPrice !== undefined)
    return { denom: gasPrice.denom, amount: parsePrice(gasPrice.amount), max: parsePrice(gasPrice.max) };
  throw new CausewayError("INVALID_CONFIG", `${chainId} has no gas price`, {
    hint: `set \`gasPrice\` of ${chainId}`,
    context: { chainId },
  });
}

const COIN = /^(\d+(?:\.\d+)?)([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$/;

/** The node's own lowest price in the coin: 0 when it names none, undefined when it names only other coins. */
export function lowestPrice(minimumGasPrice: string, denom: string): GasPrice | undefined {
  const prices = minimumGasPrice.split(",").flatMap((coin) => {
    const [, amount, name] = COIN.exec(coin.trim()) ?? [];
    return amount === undefined ? [] : [{ name, price: parsePrice(amount) }];
  });
  return prices.length === 0 ? 0n : prices.find(({ name }) => name === denom)?.price;
}

async function nodePrice(endpoint: CometEndpoint, denom: string, signal?: AbortSignal): Promise<GasPrice | undefined> {
  try {
    const path = "/cosmos.base.node.v1beta1.Service/Config";
    const answer = await query(endpoint, path, [ConfigRequest, ConfigResponse], {}, signal);
    return lowestPrice(answer.minimumGasPrice, denom);
  } catch (error) {
    // A node that does not tell may still take the configured price.
    if (isCausewayError(error) && error.code === "RPC_BAD_ANSWER") return 0n;
    throw error;
  }
}

/** Throws FEE_ABOVE_CAP when the node wants more than the cap, INVALID_CONFIG when it takes other coins only. */
export async function quotePrice(context: ChainContext, signal?: AbortSignal): Promise<GasPrice> {
  const { denom, amount, max } = priceOf(context);
  const { chainId } = context.config;
  const lowest = await context.endpoints.use((endpoint) => nodePrice(endpoint, denom, signal));
  if (lowest === undefined)
    throw new CausewayError("INVALID_CONFIG", `${chainId} takes no fees in ${denom}`, {
      hint: `set \`gasPrice.denom\` of ${chainId} to a coin that its nodes take`,
      context: { chainId, denom },
    });
  if (lowest > max)
    throw aboveCap(context, `its node wants ${lowest} (times 10^-18) of ${denom} per gas, the cap is ${max}`);
  return lowest > amount ? lowest : amount;
}

export const aboveCap = ({ config }: ChainContext, why: string): CausewayError =>
  new CausewayError("FEE_ABOVE_CAP", `a transaction on ${config.chainId} costs more than is allowed: ${why}`, {
    context: { chainId: config.chainId },
  });

/** An eighth more, up to the cap. */
export const raised = (price: GasPrice, max: GasPrice): GasPrice => {
  const more = price + price / 8n + 1n;
  return price >= max || more > max ? max : more;
};
