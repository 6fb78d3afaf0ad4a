// Freezes a light client with a report of misbehaviour, in one transaction of the signer's lane.
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { MisbehaviourReport } from "#adapters/misbehaviour.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import { kindOf } from "../hosted/kind-of.ts";
import { readTrusted } from "../hosted/light-clients.ts";
import { gasLimit } from "./gas-limit.ts";
import { reverted, succeeded, transactionOf } from "./included.ts";
import { updateClient } from "./messages.ts";
import type { Sender } from "./sender.ts";
import { simulate } from "./simulate.ts";

/** Throws TRANSACTION_REVERTED with the light client's words, and what sending throws. */
export async function report(
  context: ChainContext,
  sender: Sender,
  { id, clientId, report: canonical }: MisbehaviourReport,
  signal: AbortSignal,
): Promise<SubmitResult> {
  const { config, endpoints } = context;
  const resumed = await sender.resume(id, signal);
  if (resumed !== undefined && succeeded(resumed)) return { transaction: transactionOf(resumed), deliveries: [] };

  const trusted = await endpoints.use((endpoint) => readTrusted(context, endpoint, clientId));
  if (trusted.status === "frozen") return { deliveries: [] };
  const message = kindOf(trusted.clientType).misbehaviour(clientId, canonical);
  const messages = [updateClient(clientId, message, sender.signer.address)];
  const simulated = await simulate(context, sender.signer, messages, signal);
  if (!simulated.ok)
    throw new CausewayError(
      "TRANSACTION_REVERTED",
      `the light client ${clientId} refuses the report: ${simulated.refusal.detail}`,
      { context: { chainId: config.chainId, clientId, error: simulated.refusal.error } },
    );
  const gas = gasLimit(simulated.gas, config.gasMultiplier);
  const included = await sender.send({ batchId: id, messages, gas }, signal);
  if (!succeeded(included)) throw reverted(config.chainId, included);
  return { transaction: transactionOf(included), deliveries: [] };
}
