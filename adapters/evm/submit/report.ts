// Freezes a light client with a report of misbehaviour, in one transaction of the signer's nonce lane.
import { encodeFunctionData } from "viem/utils";
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { MisbehaviourReport } from "#adapters/misbehaviour.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi } from "../../../contracts/evm/bindings/ILightClient.ts";
import type { ChainContext } from "../context.ts";
import { kindOf } from "../hosted/kinds.ts";
import { readRegistered, readTrusted } from "../light-clients.ts";
import { toHex } from "../rpc/hex.ts";
import { gasLimit } from "./gas-limit.ts";
import { succeeded } from "./receipt.ts";
import type { Receipt } from "./receipt.ts";
import type { Sender } from "./sender.ts";
import { simulate } from "./simulate.ts";

const included = ({ transactionHash: id, blockNumber: height, gasUsed, effectiveGasPrice }: Receipt): SubmitResult => ({
  transaction: { id, height, fee: gasUsed * effectiveGasPrice },
  deliveries: [],
});

/** Throws TRANSACTION_REVERTED with the light client's error, and what sending throws. */
export async function report(
  context: ChainContext,
  sender: Sender,
  { id, clientId, report: canonical }: MisbehaviourReport,
  signal: AbortSignal,
): Promise<SubmitResult> {
  const { config, execution } = context;
  const resumed = await sender.resume(id, signal);
  if (resumed !== undefined && succeeded(resumed)) return included(resumed);

  const refusal = (why: string, error: string): CausewayError =>
    new CausewayError("TRANSACTION_REVERTED", `the light client ${clientId} refuses the report: ${why}`, {
      context: { chainId: config.chainId, clientId, error },
    });
  const { lightClient: to } = await execution.use((endpoint) => readRegistered(context, endpoint, clientId));
  const trusted = await execution.use((endpoint) => readTrusted(context, endpoint, clientId));
  if (trusted.status === "frozen") return { deliveries: [] };
  const args = [toHex(kindOf(trusted.clientType).packMisbehaviour(canonical, trusted.state))] as const;
  const data = encodeFunctionData({ abi, functionName: "reportMisbehaviour", args });
  const simulated = await simulate(context, { from: sender.address, to, data }, signal);
  if (!simulated.ok) throw refusal(simulated.refusal.detail, simulated.refusal.error);
  const gas = gasLimit(simulated.gas, config.fees.gasMultiplier);
  const receipt = await sender.send({ batchId: id, to, data, gas }, signal);
  if (!succeeded(receipt)) throw refusal(`transaction ${receipt.transactionHash} reverted`, "reverted");
  return included(receipt);
}
