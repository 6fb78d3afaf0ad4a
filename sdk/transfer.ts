// Sends tokens to an account on another chain.
import { planTransfer } from "./plan.ts";
import type { TransferParameters } from "./plan.ts";
import { sendPacket } from "./send-packet.ts";
import type { SentPacket } from "./send-packet.ts";
import type { AnyWallet } from "./wallet/open-wallet.ts";

/**
 * One transaction, and before it one that approves exactly the amount when that is needed; returns when both are included. Throws what
 * `send` throws; INSUFFICIENT_FUNDS also when the account has not got so much of the token.
 */
export async function transfer(wallet: AnyWallet, parameters: TransferParameters): Promise<SentPacket> {
  return sendPacket(await planTransfer(wallet, parameters));
}
