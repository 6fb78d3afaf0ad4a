// What sending takes: a checked wallet and the calls it has to make, before any is made.
import { approvalCall, messageCall, transferCall } from "#adapters/evm/app-calls.ts";
import type { AppCall } from "#adapters/evm/app-calls.ts";
import { parseDeployment } from "./deployment.ts";
import type { Deployment } from "./deployment.ts";
import { connectWallet } from "./wallet/connect.ts";
import type { ConnectedWallet } from "./wallet/connect.ts";
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
