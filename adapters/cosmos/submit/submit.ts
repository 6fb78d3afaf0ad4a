// The submit stage's target: delivers one verified batch in one transaction and follows it to inclusion.
import type { Any } from "cosmjs-types/google/protobuf/any";
import type { Message } from "#adapters/message.ts";
import type { Delivery, Standing, SubmitBatch, SubmitResult } from "#adapters/target-chain.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { requireActive } from "#adapters/require-active.ts";
import { batchEnvelope } from "#adapters/submit/batch-envelope.ts";
import { deliveriesAfter, deliveriesOf, settledBefore } from "#adapters/submit/deliveries.ts";
import { isolateFitting } from "#adapters/submit/isolate-fitting.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { ChainContext } from "../context.ts";
import { kindOf } from "../hosted/kind-of.ts";
import { readTrusted } from "../hosted/light-clients.ts";
import { readStanding } from "../standing.ts";
import { blockGas, countFitting } from "./block-room.ts";
import { createEstimate, sizeOfAll } from "./estimate.ts";
import type { BatchContent } from "./estimate.ts";
import { gasLimit, gasWithin } from "./gas-limit.ts";
import { reverted, succeeded, transactionOf } from "./included.ts";
import type { Included } from "./included.ts";
import { packetMessage, updateClient } from "./messages.ts";
import type { ProvenMessage } from "./messages.ts";
import { outcomes } from "./outcomes.ts";
import type { Sender } from "./sender.ts";

/**
 * Submitting the same batch id again continues what the first run began. Throws CLIENT_FROZEN, CLIENT_EXPIRED, INSUFFICIENT_FUNDS,
 * FEE_ABOVE_CAP, TRANSACTION_STUCK, TRANSACTION_REVERTED (of an included transaction with `codespace`, `code` and `log` in its context).
 */
export async function submit(
  context: ChainContext,
  sender: Sender,
  batch: SubmitBatch,
  signal: AbortSignal,
): Promise<SubmitResult> {
  const value = batchEnvelope(context.config.chainId, batch);
  const resumed = await sender.resume(batch.id, signal);
  if (resumed !== undefined && succeeded(resumed)) return outcomeOf(context, batch, resumed, new Map());

  const guessed = await deliver(context, sender, { batch, value, signal });
  if (guessed !== "failed") return guessed;
  // What was guessed about its gas is forgotten: now all of it is simulated.
  const simulated = await deliver(context, sender, { batch, value, signal });
  if (simulated !== "failed") return simulated;
  throw new CausewayError("TRANSACTION_REVERTED", `batch ${batch.id} fails whatever its gas is`, {
    context: { chainId: context.config.chainId, batch: batch.id },
  });
}

interface Delivering {
  readonly batch: SubmitBatch;
  readonly value: Envelope;
  readonly signal: AbortSignal;
}

/** "failed": a transaction that nobody had simulated did. */
async function deliver(
  context: ChainContext,
  sender: Sender,
  { batch, value, signal }: Delivering,
): Promise<SubmitResult | "failed"> {
  const trusted = await context.endpoints.use((endpoint) => readTrusted(context, endpoint, batch.clientId));
  requireActive(trusted);
  const settled = settledBefore(batch.messages, await standingOf(context, batch.messages), trusted.now);
  const content = contentOf(batch, value, trusted, sender.signer.address);
  const open = content.messages.filter(({ message }) => !settled.has(message));
  const isUpdateOnly = open.length === 0;
  // With no message left, updates are brought only when nothing else was asked for.
  if (isUpdateOnly && (value.claims.length > 0 || content.updates.length === 0))
    return { deliveries: deliveriesOf(batch.messages, settled) };

  const sent = open.slice(0, content.countFitting(open));
  const estimate = createEstimate(context, sender.signer, content, signal);
  const mostGas = await mostGasOf(context);
  const isolated = await isolateFitting(sent, gasWithin(mostGas, context.config.gasMultiplier), (some) =>
    estimate.gasOf(some),
  );
  for (const { item } of isolated.refused) estimate.distrust(item);
  await settleRefused(context, isolated.refused, settled);
  const left = [...isolated.left, ...open.slice(sent.length)];
  for (const { message } of left) settled.set(message, { status: "left" });
  const most = left.length === 0 ? {} : { most: isolated.accepted.length };
  if (isolated.accepted.length === 0 && !isUpdateOnly)
    return { deliveries: deliveriesOf(batch.messages, settled), ...most };

  const wanted = gasLimit(isolated.gas, context.config.gasMultiplier);
  const outgoing = {
    batchId: batch.id,
    messages: content.transaction(isolated.accepted),
    gas: wanted > mostGas ? mostGas : wanted,
    isGuess: estimate.isGuess(),
  };
  const included = await sender.send(outgoing, signal).catch((error: unknown) => {
    if (outgoing.isGuess && isCausewayError(error) && error.code === "TRANSACTION_REVERTED") return undefined;
    throw error;
  });
  if (included !== undefined && succeeded(included)) {
    estimate.learn(isolated.accepted, included.gasUsed);
    return { ...(await outcomeOf(context, batch, included, settled)), ...most };
  }
  if (included !== undefined && !outgoing.isGuess) throw reverted(context.config.chainId, included);
  estimate.forget(isolated.accepted);
  return "failed";
}

const TERMS_VALID_MS = 600_000;

/** Governance seldom changes it. */
const mostGasOf = ({ endpoints, dependencies, blockGas: known }: ChainContext): Promise<bigint> =>
  known(String(Math.floor(dependencies.now() / TERMS_VALID_MS)), () => endpoints.use((endpoint) => blockGas(endpoint)));

function contentOf(
  { clientId, messages }: SubmitBatch,
  value: Envelope,
  trusted: TrustedClient,
  signer: string,
): BatchContent {
  const kind = kindOf(trusted.clientType);
  const updates = kind.neededUpdates(trusted.state, value.updates);
  const proofHeight = kind.proofHeight(trusted.state, value.height);
  const client = (message: Any): Any => updateClient(clientId, message, signer);
  const packets = new Map<ProvenMessage, Any>();
  const packet = (proven: ProvenMessage): Any => {
    const known = packets.get(proven) ?? packetMessage(proven, proofHeight, signer);
    packets.set(proven, known);
    return known;
  };
  const shared = [...updates.map((each) => kind.update(each)), ...kind.beforeProofs(value.rootProof)].map(client);
  const sizeOf = (proven: ProvenMessage): number => packet(proven).value.length;
  return {
    clientId,
    updates,
    shared,
    sizeOf,
    countFitting: (some) => countFitting(some.map(sizeOf), sizeOfAll(shared)),
    messages: messages.map((message, index) => ({
      message,
      proof: kind.stateProof(value.claims[index]?.proof ?? new Uint8Array(), value.rootProof),
    })),
    transaction: (some) => [
      ...updates.map((update) => client(kind.update(update))),
      ...(some.length === 0 ? [] : kind.beforeProofs(value.rootProof).map(client)),
      ...some.map(packet),
    ],
  };
}

/** What somebody else delivered in the meantime is no refusal. */
async function settleRefused(
  context: ChainContext,
  refused: readonly { readonly item: ProvenMessage; readonly refusal: { readonly detail: string } }[],
  settled: Map<Message, Delivery>,
): Promise<void> {
  if (refused.length === 0) return;
  const messages = refused.map(({ item }) => item.message);
  const standings = await standingOf(context, messages);
  for (const [index, { item, refusal }] of refused.entries())
    settled.set(
      item.message,
      standings[index] === "done" ? { status: "already" } : { status: "refused", reason: refusal.detail },
    );
}

async function outcomeOf(
  context: ChainContext,
  { messages }: SubmitBatch,
  included: Included,
  settled: ReadonlyMap<Message, Delivery>,
): Promise<SubmitResult> {
  const carried = outcomes(messages, included);
  return {
    transaction: transactionOf(included),
    deliveries: await deliveriesAfter(messages, carried, settled, () => standingOf(context, messages)),
  };
}

const standingOf = (context: ChainContext, messages: readonly Message[]): Promise<Standing[]> =>
  context.endpoints.use((endpoint) => readStanding(endpoint, messages));
