// An account as a chain's committed state has it.
import { QueryAccountInfoRequest, QueryAccountInfoResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { QueryBalanceRequest, QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { isNotFound } from "../rpc/not-found.ts";
import { query } from "../rpc/query.ts";

/** A signer as it appears in errors. */
export interface Payer {
  readonly chainId: string;
  readonly address: string;
  /** Of the coin that fees are paid in. */
  readonly denom: string;
}

export interface Account {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** Undefined when it never received anything. */
export async function readAccount(
  endpoint: CometEndpoint,
  address: string,
  signal?: AbortSignal,
): Promise<Account | undefined> {
  try {
    const types = [QueryAccountInfoRequest, QueryAccountInfoResponse] as const;
    const { info } = await query(endpoint, "/cosmos.auth.v1beta1.Query/AccountInfo", types, { address }, signal);
    return info && { accountNumber: info.accountNumber, sequence: info.sequence };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** In the coin's smallest unit. */
export async function readBalance(
  endpoint: CometEndpoint,
  address: string,
  denom: string,
  signal?: AbortSignal,
): Promise<bigint> {
  const types = [QueryBalanceRequest, QueryBalanceResponse] as const;
  const request = QueryBalanceRequest.fromPartial({ address, denom });
  const { balance } = await query(endpoint, "/cosmos.bank.v1beta1.Query/Balance", types, request, signal);
  if (balance !== undefined && /^\d+$/.test(balance.amount)) return BigInt(balance.amount);
  throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} does not say what ${address} has of ${denom}`, {
    context: { endpoint: endpoint.name },
  });
}

export const unfunded = (
  { chainId, address, denom }: Payer,
  { balance, needed }: { readonly balance: bigint; readonly needed: bigint },
): CausewayError =>
  new CausewayError("INSUFFICIENT_FUNDS", `${address} holds ${balance} ${denom}, the transaction may cost ${needed}`, {
    hint: `send ${denom} to ${address} on ${chainId}`,
    context: { chainId, signer: address, denom, balance, needed },
  });

/** Throws INSUFFICIENT_FUNDS: an account that never received anything has not even got a number. */
export async function requireAccount(endpoint: CometEndpoint, payer: Payer, signal?: AbortSignal): Promise<Account> {
  const account = await readAccount(endpoint, payer.address, signal);
  if (account === undefined) throw unfunded(payer, { balance: 0n, needed: 0n });
  return account;
}
