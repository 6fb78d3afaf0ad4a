// What sending takes: a checked wallet and the calls it has to make, before any is made.
import { approvalCall, messageCall, transferCall } from "#adapters/evm/app-calls.ts";
import type { AppCall } from "#adapters/evm/app-calls.ts";
import { parseDeployment } from "./deployment.ts";
import type { SendParameters } from "./send.ts";
import type { TransferParameters } from "./transfer.ts";
import { connectWallet } from "./wallet/connect.ts";
import type { ConnectedWallet } from "./wallet/connect.ts";
import type { AnyWallet } from "./wallet/open-wallet.ts";

export interface Plan {
  readonly connected: ConnectedWallet;
  /** Comes first, when the transfer needs one. */
  readonly approval: AppCall | undefined;
  readonly call: AppCall;
}

const TIMEOUT_SECONDS = 3_600;

/** Unix seconds, an hour from now on this machine's clock. */
const newTimeout = (): bigint => BigInt(Math.floor(Date.now() / 1_000) + TIMEOUT_SECONDS);

export async function planMessage(wallet: AnyWallet, parameters: SendParameters): Promise<Plan> {
  const { deployment, timeoutTimestamp = newTimeout(), ...request } = parameters;
  const parsed = parseDeployment(deployment);
  const call = messageCall(parsed.messageApp.address, { ...request, timeoutTimestamp });
  return { connected: await connectWallet(wallet, parsed, "messageApp"), approval: undefined, call };
}

export async function planTransfer(wallet: AnyWallet, parameters: TransferParameters): Promise<Plan> {
  const { deployment, memo = "", timeoutTimestamp = newTimeout(), ...rest } = parameters;
  const request = { ...rest, memo, timeoutTimestamp };
  const parsed = parseDeployment(deployment);
  const app = parsed.transferApp.address;
  const call = transferCall(app, request);
  const connected = await connectWallet(wallet, parsed, "transferApp");
  return { connected, approval: await approvalCall(connected.read, app, connected.wallet.address, request), call };
}
