// The submit stage's target: delivers one verified batch in one transaction and follows it to inclusion.
import type { Delivery, Message, SubmitBatch, SubmitResult } from "#adapters/adapter.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { isolateFitting, LEFT_FOR_THE_NEXT } from "#adapters/submit/isolate-fitting.ts";
import type { Refusal } from "#adapters/submit/isolate-refused.ts";
import type { ChainContext } from "../context.ts";
import { kindOf } from "../hosted/kinds.ts";
import { readTrusted } from "../light-clients.ts";
import { readStanding } from "../standing.ts";
import { decodeExactly } from "../verify/decode.ts";
import { gasLimit, TRANSACTION_GAS_CAP } from "./gas-limit.ts";
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
  const value = decodeEnvelope(context, batch);
  const resumed = await sender.resume(batch.id, signal);
  if (resumed !== undefined && succeeded(resumed)) return included(context, batch, resumed, new Map());

  const { execution } = context;
  const trusted = await execution.use((endpoint) => readTrusted(context, endpoint, batch.clientId));
  requireActive(trusted);
  const settled = await settledBefore(context, batch, trusted);
  const open = provenMessages(value, batch.messages).filter(({ message }) => !settled.has(message));
  const updates = remainingUpdates(trusted, value, open.length === 0);
  if (open.length === 0 && updates.length === 0) return { deliveries: deliveriesOf(batch, settled) };

  const { height, rootProof } = value;
  const evidence = { updates, trusted: trusted.state, height, rootProof };
  const kind = kindOf(trusted.clientType);
  const calldata = (messages: readonly ProvenMessage[]) => encodeRelay(kind, batch.clientId, evidence, messages);
  const to = context.config.router;
  const isolated = await isolateFitting(open, TRANSACTION_GAS_CAP, async (some) => {
    const simulated = await simulate(context, { from: sender.address, to, data: calldata(some) }, signal);
    if (!simulated.ok && OF_ALL.has(simulated.refusal.error)) throw refusedForAll(batch, simulated.refusal);
    return simulated;
  });
  for (const { message } of isolated.left) settled.set(message, { status: "refused", reason: LEFT_FOR_THE_NEXT });
  for (const { item, refusal } of isolated.refused)
    settled.set(item.message, { status: "refused", reason: refusal.detail });
  if (isolated.accepted.length === 0 && open.length > 0) return { deliveries: deliveriesOf(batch, settled) };

  const gas = gasLimit(isolated.gas, context.config.fees.gasMultiplier);
  const receipt = await sender.send({ batchId: batch.id, to, data: calldata(isolated.accepted), gas }, signal);
  if (succeeded(receipt)) return included(context, batch, receipt, settled);
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

function decodeEnvelope({ config }: ChainContext, batch: SubmitBatch): Envelope {
  const value = decodeExactly(envelope, batch.envelope);
  const isOurs = value?.targetChain === config.chainId && value.clientId === batch.clientId;
  if (value !== undefined && isOurs && value.claims.length === batch.messages.length) return value;
  throw new CausewayError("INVALID_ARGUMENT", `the envelope of batch ${batch.id} is not for its messages`, {
    context: { chainId: config.chainId, clientId: batch.clientId },
  });
}

function requireActive({ status, clientId }: TrustedClient): void {
  if (status === "active") return;
  const code = status === "frozen" ? "CLIENT_FROZEN" : "CLIENT_EXPIRED";
  throw new CausewayError(code, `light client ${clientId} is ${status}`, { context: { clientId } });
}

/** Messages that need no transaction: delivered by whomever, or received too late to be accepted. */
async function settledBefore(
  context: ChainContext,
  { messages }: SubmitBatch,
  { now }: TrustedClient,
): Promise<Map<Message, Delivery>> {
  const standings = await context.execution.use((endpoint) => readStanding(context, endpoint, messages));
  const settled = new Map<Message, Delivery>();
  for (const [index, message] of messages.entries()) {
    const { timeoutTimestamp } = message.packet;
    if (standings[index] === "done") settled.set(message, { status: "already" });
    else if (message.kind === "receive" && timeoutTimestamp <= now)
      settled.set(message, { status: "refused", reason: `the packet timed out at ${timeoutTimestamp}` });
  }
  return settled;
}

/** With no message left, updates are brought only when they lead further than the light client is. */
function remainingUpdates(trusted: TrustedClient, value: Envelope, isUpdateOnly: boolean): readonly Uint8Array[] {
  if (isUpdateOnly && value.claims.length > 0) return [];
  return neededUpdates(kindOf(trusted.clientType), trusted.state, value.updates);
}

const deliveriesOf = ({ messages }: SubmitBatch, settled: ReadonlyMap<Message, Delivery>): Delivery[] =>
  messages.map((message) => settled.get(message) ?? { status: "already" });

/** Messages without an event were left out of the transaction, now or by the run that was continued. */
async function included(
  context: ChainContext,
  batch: SubmitBatch,
  receipt: Receipt,
  settled: ReadonlyMap<Message, Delivery>,
): Promise<SubmitResult> {
  const carried = outcomes(context.config.router, batch.clientId, batch.messages, receipt.logs);
  const standings = carried.includes(undefined)
    ? await context.execution.use((endpoint) => readStanding(context, endpoint, batch.messages))
    : [];
  const leftOut = (index: number): Delivery =>
    standings[index] === "done"
      ? { status: "already" }
      : { status: "refused", reason: "the contracts refused it, so it was left out of the transaction" };
  return {
    transaction: {
      id: receipt.transactionHash,
      height: receipt.blockNumber,
      fee: receipt.gasUsed * receipt.effectiveGasPrice,
    },
    deliveries: batch.messages.map((message, index) => carried[index] ?? settled.get(message) ?? leftOut(index)),
  };
}
