// Sends tokens to an account on another chain.
import type { Deployment } from "./deployment.ts";
import { planTransfer } from "./plan.ts";
import { sendPacket } from "./send-packet.ts";
import type { SentPacket } from "./send-packet.ts";
import type { AnyWallet } from "./wallet/open-wallet.ts";

export interface TransferParameters {
  /** Of the sending chain: the content of its `deployments/<chain id>.json`, or the same addresses by hand. */
  readonly deployment: Deployment;
  /** The light client of the receiving chain on the sending one, e.g. "beacon-0". */
  readonly sourceClient: string;
  /** The token's contract on the sending chain; a voucher goes back to where it came from. */
  readonly denom: string;
  /** In the token's smallest unit. */
  readonly amount: bigint;
  /** The receiving account, as its chain writes addresses. */
  readonly receiver: string;
  readonly memo?: string | undefined;
  /** Unix seconds on the receiving chain's clock, at most a day ahead; an hour from now when absent. */
  readonly timeoutTimestamp?: bigint | undefined;
}

/**
 * One transaction, and before it one that approves exactly the amount when that is needed; returns when both are included. Throws what
 * `send` throws; INSUFFICIENT_FUNDS also when the account has not got so much of the token.
 */
export async function transfer(wallet: AnyWallet, parameters: TransferParameters): Promise<SentPacket> {
  return sendPacket(await planTransfer(wallet, parameters));
}
