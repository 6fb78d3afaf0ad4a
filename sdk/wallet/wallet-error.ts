// What wallets and their endpoints throw, as the project's own error.
import type { Hex } from "#adapters/evm/rpc/hex.ts";
import { describeRevert } from "#adapters/evm/rpc/read-contract.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** The error and what it was caused by, outermost first; libraries put causes under different names. */
function* chain(error: unknown): Generator<Fields> {
  const queue: unknown[] = [error];
  for (let seen = 0; queue.length > 0 && seen < 20; seen += 1) {
    const next = queue.shift();
    if (!isObject(next)) continue;
    yield next;
    queue.push(next["cause"], next["error"], next["info"], next["data"]);
  }
}

/** EIP-1193: the person declined. */
const USER_REJECTED = 4001;
const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;
const FUNDS = /insufficient funds|exceeds the balance of the account/i;

function revertData(errors: readonly Fields[]): Hex | undefined {
  const found = errors.map(({ data }) => data).find((data) => typeof data === "string" && HEX.test(data));
  return found as Hex | undefined;
}

const messageOf = (errors: readonly Fields[]): string => {
  const [first] = errors;
  const text = first?.["shortMessage"] ?? first?.["message"];
  return typeof text === "string" ? text.slice(0, 300) : "no message";
};

/** `what` was tried, for the message: "message". Whether it is tried by simulating or by sending makes no difference. */
export function walletError(what: string, error: unknown): CausewayError {
  if (isCausewayError(error)) return error;
  const errors = [...chain(error)];
  const details = { cause: error };
  if (errors.some(({ code }) => code === USER_REJECTED || code === "ACTION_REJECTED"))
    return new CausewayError("CANCELLED", `${what}: the wallet's owner declined`, {
      ...details,
      hint: "nothing was sent; send again to ask once more",
    });
  if (errors.some(({ name }) => name === "ChainMismatchError"))
    return new CausewayError("WRONG_CHAIN_ID", `${what}: the wallet was switched to another chain`, {
      ...details,
      hint: "switch it back and send again; nothing was sent",
    });
  const data = revertData(errors);
  if (data !== undefined) {
    const revert = describeRevert(data);
    return new CausewayError("TRANSACTION_REVERTED", `${what}: ${revert.detail}`, {
      ...details,
      context: { error: revert.error },
    });
  }
  if (errors.some(({ code, message }) => code === "INSUFFICIENT_FUNDS" || FUNDS.test(String(message))))
    return new CausewayError("INSUFFICIENT_FUNDS", `${what}: the wallet cannot pay for the transaction`, {
      ...details,
      hint: "send funds to the wallet's account",
    });
  if (errors.some(({ message }) => /execution reverted|CALL_EXCEPTION/i.test(String(message))))
    return new CausewayError("TRANSACTION_REVERTED", `${what}: ${messageOf(errors)}`, details);
  return new CausewayError("RPC_UNREACHABLE", `${what}: ${messageOf(errors)}`, {
    ...details,
    hint: "check the wallet and the endpoint it uses",
  });
}
