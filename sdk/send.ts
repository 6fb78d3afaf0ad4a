// Sends a general message to a contract on another chain.
import type { Deployment } from "./deployment.ts";
import { planMessage } from "./plan.ts";
import { sendPacket } from "./send-packet.ts";
import type { SentPacket } from "./send-packet.ts";
import type { AnyWallet } from "./wallet/open-wallet.ts";

export interface SendParameters {
  /** Of the sending chain: the content of its `deployments/<chain id>.json`, or the same addresses by hand. */
  readonly deployment: Deployment;
  /** The light client of the receiving chain on the sending one, e.g. "beacon-0". */
  readonly sourceClient: string;
  /** The receiving contract, as its chain writes addresses. */
  readonly receiver: string;
  /** At least one byte. */
  readonly payload: Uint8Array;
  /** Unix seconds on the receiving chain's clock, at most a day ahead; an hour from now when absent. */
  readonly timeoutTimestamp?: bigint | undefined;
}

/**
 * One transaction; returns when it is included. Throws WRONG_CHAIN_ID or CONTRACT_MISSING when the wallet's chain is not the deployment's,
 * TRANSACTION_REVERTED with the contract's own error, INSUFFICIENT_FUNDS, CANCELLED when the wallet's owner declines, TRANSACTION_STUCK,
 * RPC_UNREACHABLE.
 */
export async function send(wallet: AnyWallet, parameters: SendParameters): Promise<SentPacket> {
  return sendPacket(await planMessage(wallet, parameters));
}
