// What to call of the standard applications, with which arguments: for whoever signs it, a relayer's key or somebody's wallet.
import { bech32 } from "@scure/base";
import { decodeFunctionResult, encodeFunctionData, parseAbi } from "viem/utils";
import { CausewayError } from "#adapters/protocol/error.ts";
import { TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import { abi as messagesAbi } from "../../contracts/evm/bindings/MessageApp.ts";
import { abi as transferAbi } from "../../contracts/evm/bindings/TransferApp.ts";
import { abi as voucherAbi } from "../../contracts/evm/bindings/Voucher.ts";
import type { MessageRequest, TransferRequest } from "../chain-apps.ts";
import { toHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";

export interface AppCall {
  /** For errors: "transfer", "approve", "message". */
  readonly what: string;
  readonly to: Hex;
  readonly data: Hex;
}

/** `eth_call` at the head of the chain; throws when the contract reverts. */
export type ReadCall = (call: { readonly to: Hex; readonly data: Hex }) => Promise<Hex>;

const erc20 = parseAbi([
  "function allowance(address owner, address spender) view returns (uint256)",
  "function balanceOf(address owner) view returns (uint256)",
  "function approve(address spender, uint256 amount) returns (bool)",
]);

const MAX_UINT256 = (1n << 256n) - 1n;
const MAX_UINT64 = (1n << 64n) - 1n;

function requireTimeout(timeoutTimestamp: bigint): void {
  if (timeoutTimestamp >= 1n && timeoutTimestamp <= MAX_UINT64) return;
  throw new CausewayError("INVALID_ARGUMENT", `a timeout of ${timeoutTimestamp} is no time in Unix seconds`);
}

/** Throws INVALID_ARGUMENT for what is no token's contract address. */
function tokenAddress(denom: string): Hex {
  if (/^0x[0-9a-fA-F]{40}$/.test(denom)) return denom.toLowerCase() as Hex;
  throw new CausewayError("INVALID_ARGUMENT", `denom ${denom} is no token address`, {
    hint: "name the token by its contract address: 0x and 40 hexadecimal digits",
  });
}

/** Looks like an address in bech32: a name, a one, 20 bytes or more. Whether it is one, its checksum says. */
const BECH32 = /^[a-z]+1[a-z0-9]{30,}$/i;

/**
 * The light client's name says how the receiving chain writes addresses. Of an ibc-go chain only what was mistyped is refused: middleware there gives
 * other texts a meaning. Throws INVALID_ARGUMENT.
 */
function requireReceiver(sourceClient: string, receiver: string): void {
  if (!sourceClient.startsWith("cometbft-") || !BECH32.test(receiver)) return;
  if (bech32.decodeUnsafe(receiver) !== undefined) return;
  throw new CausewayError("INVALID_ARGUMENT", `${receiver} is no address: its checksum does not fit`, {
    hint: "compare it with where you have it from, letter by letter",
  });
}

/** `app`: the message application. Throws INVALID_ARGUMENT for a timeout that no packet can carry. */
export function messageCall(app: Hex, request: MessageRequest): AppCall {
  const { sourceClient, receiver, payload, timeoutTimestamp } = request;
  requireTimeout(timeoutTimestamp);
  const args = [sourceClient, receiver, toHex(payload), timeoutTimestamp] as const;
  return {
    what: "message",
    to: app,
    data: encodeFunctionData({ abi: messagesAbi, functionName: "sendMessage", args }),
  };
}

/** `app`: the transfer application. Throws INVALID_ARGUMENT for a token, amount or timeout that no packet can carry, and for a mistyped receiver. */
export function transferCall(app: Hex, request: TransferRequest): AppCall {
  const { sourceClient, denom, amount, receiver, timeoutTimestamp, memo } = request;
  requireTimeout(timeoutTimestamp);
  requireReceiver(sourceClient, receiver);
  if (amount < 1n || amount > MAX_UINT256)
    throw new CausewayError("INVALID_ARGUMENT", `${amount} is no amount of a token`, {
      hint: "amounts are whole numbers of the token's smallest unit, at least 1",
    });
  const args = [sourceClient, tokenAddress(denom), amount, receiver, timeoutTimestamp, memo] as const;
  return {
    what: "transfer",
    to: app,
    data: encodeFunctionData({ abi: transferAbi, functionName: "sendTransfer", args }),
  };
}

/**
 * The approval that has to come before a transfer, undefined when none does. Exactly the amount is approved: the application never holds a
 * standing allowance; a voucher on its way back is burnt and needs none. Throws INSUFFICIENT_FUNDS when the owner has not got so much, and
 * INVALID_ARGUMENT when there is no token.
 */
export async function approvalCall(
  read: ReadCall,
  app: Hex,
  owner: Hex,
  { sourceClient, denom, amount }: TransferRequest,
): Promise<AppCall | undefined> {
  const token = tokenAddress(denom);
  const number = async (functionName: "balanceOf" | "allowance"): Promise<bigint> => {
    const data =
      functionName === "balanceOf"
        ? encodeFunctionData({ abi: erc20, functionName, args: [owner] })
        : encodeFunctionData({ abi: erc20, functionName, args: [owner, app] });
    return decoded(token, await read({ to: token, data }), (answer) =>
      decodeFunctionResult({ abi: erc20, functionName, data: answer }),
    );
  };
  const [balance, allowance, isReturning] = await Promise.all([
    number("balanceOf"),
    number("allowance"),
    isReturningVoucher(read, app, token, sourceClient),
  ]);
  if (balance < amount)
    throw new CausewayError("INSUFFICIENT_FUNDS", `${owner} holds ${balance} of ${token}, ${amount} are to be sent`, {
      hint: `get ${token} for ${owner} first`,
      context: { token, balance, amount },
    });
  if (isReturning || allowance >= amount) return undefined;
  const data = encodeFunctionData({ abi: erc20, functionName: "approve", args: [app, amount] });
  return { what: "approve", to: token, data };
}

async function isReturningVoucher(read: ReadCall, app: Hex, token: Hex, sourceClient: string): Promise<boolean> {
  const asked = encodeFunctionData({ abi: transferAbi, functionName: "isVoucher", args: [token] });
  const isVoucher = decoded(app, await read({ to: app, data: asked }), (data) =>
    decodeFunctionResult({ abi: transferAbi, functionName: "isVoucher", data }),
  );
  if (!isVoucher) return false;
  const answer = await read({ to: token, data: encodeFunctionData({ abi: voucherAbi, functionName: "trace" }) });
  const trace = decoded(token, answer, (data) =>
    decodeFunctionResult({ abi: voucherAbi, functionName: "trace", data }),
  );
  return trace.startsWith(`${TRANSFER_PORT}/${sourceClient}/`);
}

function decoded<T>(contract: Hex, answer: Hex, decode: (answer: Hex) => T): T {
  try {
    return decode(answer);
  } catch (cause) {
    throw new CausewayError("INVALID_ARGUMENT", `there is no such contract at ${contract}`, {
      hint: "check the token's address and the chain's",
      cause,
    });
  }
}
