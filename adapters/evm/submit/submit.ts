// The submit stage's target: delivers one verified batch in one transaction and follows it to inclusion.
import type { Message } from "#adapters/message.ts";
import type { Delivery, Standing, SubmitBatch, SubmitResult } from "#adapters/target-chain.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { requireActive } from "#adapters/require-active.ts";
import { batchEnvelope } from "#adapters/submit/batch-envelope.ts";
import { deliveriesAfter, deliveriesOf, settledBefore } from "#adapters/submit/deliveries.ts";
import type { GasPart } from "#adapters/submit/known-gas.ts";
import { isolateFitting } from "#adapters/submit/isolate-fitting.ts";
import type { Refusal } from "#adapters/submit/isolate-refused.ts";
import type { ChainContext } from "../context.ts";
import { kindOf } from "../hosted/kinds.ts";
import { readTrusted } from "../light-clients.ts";
import type { Hex } from "../rpc/hex.ts";
import { readStanding } from "../standing.ts";
import { gasLimit, TRANSACTION_GAS_CAP } from "./gas-limit.ts";
import { countFitting, gasParts, MOST_GUESSED_GAS, withinBytes } from "./transaction-room.ts";
import { neededUpdates } from "./needed-updates.ts";
import { outcomes } from "./outcomes.ts";
import { succeeded } from "./receipt.ts";
import type { Receipt } from "./receipt.ts";
import { encodeRelay, provenMessages } from "./relay-batch.ts";
import type { ProvenMessage } from "./relay-batch.ts";
import type { Sender } from "./sender.ts";
import { simulate } from "./simulate.ts";

/**
 * Submitting the same batch id again continues what the first run began. Throws CLIENT_FROZEN, CLIENT_EXPIRED, TRANSACTION_REVERTED
 * (with the contracts' error as `error` in its context), INSUFFICIENT_FUNDS, FEE_ABOVE_CAP, TRANSACTION_STUCK.
 */
export async function submit(
  context: ChainContext,
  sender: Sender,
  batch: SubmitBatch,
  signal: AbortSignal,
): Promise<SubmitResult> {
  const value = batchEnvelope(context.config.chainId, batch);
  const resumed = await sender.resume(batch.id, signal);
  if (resumed !== undefined && succeeded(resumed)) return included(context, batch, resumed, new Map());

  const { execution } = context;
  const trusted = await execution.use((endpoint) => readTrusted(context, endpoint, batch.clientId));
  requireActive(trusted);
  const settled = settledBefore(batch.messages, await standingOf(context, batch.messages), trusted.now);
  const open = provenMessages(value, batch.messages).filter(({ message }) => !settled.has(message));
  const updates = remainingUpdates(trusted, value, open.length === 0);
  if (open.length === 0 && updates.length === 0) return { deliveries: deliveriesOf(batch.messages, settled) };

  const { height, rootProof } = value;
  const evidence = { updates, trusted: trusted.state, height, rootProof };
  const kind = kindOf(trusted.clientType);
  const encoded = new WeakMap<readonly ProvenMessage[], Hex>();
  const calldata = (messages: readonly ProvenMessage[]): Hex => {
    const data = encoded.get(messages) ?? encodeRelay(kind, batch.clientId, evidence, messages);
    encoded.set(messages, data);
    return data;
  };
  const to = context.config.router;
  const parts = (some: readonly ProvenMessage[]): GasPart[] => gasParts(batch.clientId, evidence, some);
  const byGas = open.slice(
    0,
    countFitting(open, (some) => (context.knownGas.estimate(parts(some)) ?? 0n) <= MOST_GUESSED_GAS),
  );
  const sent = withinBytes(byGas, (some) => calldata(some).length / 2);
  const isolated = await isolateFitting(sent, TRANSACTION_GAS_CAP, async (some) => {
    const simulated = await simulate(context, { from: sender.address, to, data: calldata(some) }, signal);
    if (!simulated.ok && OF_ALL.has(simulated.refusal.error)) throw refusedForAll(batch, simulated.refusal);
    if (simulated.ok && simulated.gas <= TRANSACTION_GAS_CAP) context.knownGas.learn(parts(some), simulated.gas);
    return simulated;
  });
  const left = [...isolated.left, ...open.slice(sent.length)];
  for (const { message } of left) settled.set(message, { status: "left" });
  const most = left.length === 0 ? {} : { most: isolated.accepted.length };
  for (const { item, refusal } of isolated.refused)
    settled.set(item.message, { status: "refused", reason: refusal.detail });
  if (isolated.accepted.length === 0 && open.length > 0)
    return { deliveries: deliveriesOf(batch.messages, settled), ...most };

  const gas = gasLimit(isolated.gas, context.config.fees.gasMultiplier);
  const receipt = await sender.send({ batchId: batch.id, to, data: calldata(isolated.accepted), gas }, signal);
  if (succeeded(receipt)) return { ...(await included(context, batch, receipt, settled)), ...most };
  throw new CausewayError("TRANSACTION_REVERTED", `transaction ${receipt.transactionHash} was included and reverted`, {
    context: { transaction: receipt.transactionHash, chainId: context.config.chainId },
  });
}

/** What a light client says of the part of the evidence that all messages share: then none of them is to blame. */
const OF_ALL: ReadonlySet<string> = new Set([
  "ClientExpired",
  "ClientFrozen",
  "InvalidAccountProof",
  "InvalidAncestry",
  "InvalidStoreProof",
  "UnknownHeight",
]);

const refusedForAll = ({ clientId }: SubmitBatch, { error, detail }: Refusal): CausewayError =>
  new CausewayError("TRANSACTION_REVERTED", `light client ${clientId} refuses the evidence: ${detail}`, {
    hint: "nothing to do when somebody else updated it meanwhile: the messages are proven again",
    context: { clientId, error },
  });

/** With no message left, updates are brought only when they lead further than the light client is. */
function remainingUpdates(trusted: TrustedClient, value: Envelope, isUpdateOnly: boolean): readonly Uint8Array[] {
  if (isUpdateOnly && value.claims.length > 0) return [];
  return neededUpdates(kindOf(trusted.clientType), trusted.state, value.updates);
}

async function included(
  context: ChainContext,
  { clientId, messages }: SubmitBatch,
  receipt: Receipt,
  settled: ReadonlyMap<Message, Delivery>,
): Promise<SubmitResult> {
  const carried = outcomes(context.config.router, clientId, messages, receipt.logs);
  return {
    transaction: {
      id: receipt.transactionHash,
      height: receipt.blockNumber,
      fee: receipt.gasUsed * receipt.effectiveGasPrice,
    },
    deliveries: await deliveriesAfter(messages, carried, settled, () => standingOf(context, messages)),
  };
}

const standingOf = (context: ChainContext, messages: readonly Message[]): Promise<Standing[]> =>
  context.execution.use((endpoint) => readStanding(context, endpoint, messages));
