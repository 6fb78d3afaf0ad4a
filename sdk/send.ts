// Sends a general message to a contract on another chain.
import { planMessage } from "./plan.ts";
import type { SendParameters } from "./plan.ts";
import { sendPacket } from "./send-packet.ts";
import type { SentPacket } from "./send-packet.ts";
import type { AnyWallet } from "./wallet/open-wallet.ts";

/**
 * One transaction; returns when it is included. Throws WRONG_CHAIN_ID or CONTRACT_MISSING when the wallet's chain is not the deployment's,
 * TRANSACTION_REVERTED with the contract's own error, INSUFFICIENT_FUNDS, CANCELLED when the wallet's owner declines, TRANSACTION_STUCK,
 * RPC_UNREACHABLE.
 */
export async function send(wallet: AnyWallet, parameters: SendParameters): Promise<SentPacket> {
  return sendPacket(await planMessage(wallet, parameters));
}
