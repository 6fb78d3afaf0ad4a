// The submit stage's target: delivers one verified batch in one transaction and follows it to inclusion.
import type { Any } from "cosmjs-types/google/protobuf/any";
import type { Delivery, Message, Standing, SubmitBatch, SubmitResult } from "#adapters/adapter.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { requireActive } from "#adapters/require-active.ts";
import { batchEnvelope } from "#adapters/submit/batch-envelope.ts";
import { deliveriesAfter, deliveriesOf, settledBefore } from "#adapters/submit/deliveries.ts";
import { isolateFitting, LEFT_FOR_THE_NEXT } from "#adapters/submit/isolate-fitting.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { ChainContext } from "../context.ts";
import { kindOf } from "../hosted/kind-of.ts";
import { readTrusted } from "../hosted/light-clients.ts";
import { readStanding } from "../standing.ts";
import { blockGas, countFitting } from "./block-room.ts";
import { gasLimit, gasWithin } from "./gas-limit.ts";
import { reverted, succeeded, transactionOf } from "./included.ts";
import type { Included } from "./included.ts";
import { packetMessage, updateClient } from "./messages.ts";
import type { ProvenMessage } from "./messages.ts";
import { outcomes } from "./outcomes.ts";
import type { Sender } from "./sender.ts";
import { simulate } from "./simulate.ts";

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
  const mostGas = await context.endpoints.use((endpoint) => blockGas(endpoint, signal));
  const isolated = await isolateFitting(sent, gasWithin(mostGas, context.config.gasMultiplier), (some) =>
    simulate(context, sender.signer, content.transaction(some), signal),
  );
  await settleRefused(context, isolated.refused, settled);
  for (const { message } of [...isolated.left, ...open.slice(sent.length)])
    settled.set(message, { status: "refused", reason: LEFT_FOR_THE_NEXT });
  if (isolated.accepted.length === 0 && !isUpdateOnly) return { deliveries: deliveriesOf(batch.messages, settled) };

  const messages = content.transaction(isolated.accepted);
  const wanted = gasLimit(isolated.gas, context.config.gasMultiplier);
  const gas = wanted > mostGas ? mostGas : wanted;
  const included = await sender.send({ batchId: batch.id, messages, gas }, signal);
  if (succeeded(included)) return outcomeOf(context, batch, included, settled);
  throw reverted(context.config.chainId, included);
}

interface Content {
  /** Those that the light client still needs. */
  readonly updates: readonly Uint8Array[];
  readonly messages: readonly ProvenMessage[];
  /** How many of these, from the first one on, one request has room for. */
  countFitting(some: readonly ProvenMessage[]): number;
  transaction(some: readonly ProvenMessage[]): readonly Any[];
}

function contentOf(
  { clientId, messages }: SubmitBatch,
  value: Envelope,
  trusted: TrustedClient,
  signer: string,
): Content {
  const kind = kindOf(trusted.clientType);
  const updates = kind.neededUpdates(trusted.state, value.updates);
  const proofHeight = kind.proofHeight(trusted.state, value.height);
  const client = (message: Any): Any => updateClient(clientId, message, signer);
  const packet = (proven: ProvenMessage): Any => packetMessage(proven, proofHeight, signer);
  const shared = [...updates.map((each) => kind.update(each)), ...kind.beforeProofs(value.rootProof)].map(client);
  const size = (some: readonly Any[]): number => some.reduce((total, each) => total + each.value.length, 0);
  return {
    updates,
    countFitting: (some) =>
      countFitting(
        some.map((proven) => packet(proven).value.length),
        size(shared),
      ),
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
