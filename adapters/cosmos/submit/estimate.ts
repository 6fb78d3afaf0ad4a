// The gas of a batch's transaction: what is known of its parts, and a simulation of those of which nothing is.
import type { Any } from "cosmjs-types/google/protobuf/any";
import type { GasPart } from "#adapters/submit/known-gas.ts";
import type { Simulation } from "#adapters/submit/isolate-refused.ts";
import type { ChainContext } from "../context.ts";
import { gasKindOf } from "./gas-kind.ts";
import type { CosmosSigner } from "./local-signer.ts";
import type { ProvenMessage } from "./messages.ts";
import { simulate } from "./simulate.ts";

/** A batch as a transaction of any part of it. */
export interface BatchContent {
  readonly clientId: string;
  /** Those that the light client still needs. */
  readonly updates: readonly Uint8Array[];
  readonly messages: readonly ProvenMessage[];
  /** Before those of packets. */
  readonly shared: readonly Any[];
  sizeOf(proven: ProvenMessage): number;
  /** How many of these, from the first one on, one request has room for. */
  countFitting(some: readonly ProvenMessage[]): number;
  transaction(some: readonly ProvenMessage[]): readonly Any[];
}

export const sizeOfAll = (messages: readonly Any[]): number =>
  messages.reduce((total, { value }) => total + value.length, 0);

export interface Estimate {
  gasOf(some: readonly ProvenMessage[]): Promise<Simulation>;
  /** Whether the last answer rests on more than a simulation of the whole. */
  isGuess(): boolean;
  /** What one with these used. */
  learn(some: readonly ProvenMessage[], used: bigint): void;
  forget(some: readonly ProvenMessage[]): void;
  /** The chain refuses this one: it is simulated from now on, so that it costs nothing again. */
  distrust(proven: ProvenMessage): void;
}

const nameOf = ({ message: { kind, packet } }: ProvenMessage): string =>
  `${kind} ${packet.sourceClient} ${packet.destinationClient} ${packet.sequence}`;

/** The oldest is forgotten. */
const MOST_DISTRUSTED = 10_000;

/** What a transaction takes without messages, as so many bytes of a message. */
const FRAME_BYTES = 1_000;

export function createEstimate(
  context: ChainContext,
  signer: CosmosSigner,
  content: BatchContent,
  signal: AbortSignal,
): Estimate {
  const { knownGas, distrusted } = context;
  const shared: GasPart = { kind: `update ${content.clientId}`, bytes: FRAME_BYTES + sizeOfAll(content.shared) };
  const kindOf = (proven: ProvenMessage): string | undefined =>
    distrusted.has(nameOf(proven)) ? undefined : gasKindOf(proven.message);
  const kinds = new Map(content.messages.map((proven) => [proven, kindOf(proven)]));
  const part = (proven: ProvenMessage): GasPart => ({ kind: kinds.get(proven), bytes: content.sizeOf(proven) });
  const partsOf = (some: readonly ProvenMessage[]): GasPart[] => [shared, ...some.map(part)];
  let isGuess = false;
  // While a message is looked for that the chain refuses, what others of its kind cost says nothing.
  let simulatesAll = false;

  const simulateSome = async (some: readonly ProvenMessage[]): Promise<Simulation> => {
    const simulation = await simulate(context, signer, content.transaction(some), signal);
    if (!simulation.ok) simulatesAll = true;
    else if (knownGas.knows(shared)) knownGas.learn(partsOf(some), simulation.gas);
    return simulation;
  };

  /** By itself, so that what messages cost can be told from it. */
  const learnShared = async (): Promise<void> => {
    if (content.shared.length === 0 || knownGas.knows(shared)) return;
    const alone = await simulate(context, signer, content.shared, signal);
    if (alone.ok) knownGas.learn([shared], alone.gas);
  };

  return {
    async gasOf(some) {
      await learnShared();
      const parts = partsOf(some);
      const whole = knownGas.estimate(parts);
      isGuess = whole !== undefined && some.length > 0 && !simulatesAll;
      if (isGuess && whole !== undefined) return { ok: true, gas: whole };
      const unknown = some.filter((proven) => !knownGas.knows(part(proven)));
      const rest = knownGas.estimate(some.filter((proven) => knownGas.knows(part(proven))).map(part)) ?? 0n;
      isGuess = unknown.length > 0 && unknown.length < some.length && !simulatesAll;
      const simulation = await simulateSome(isGuess ? unknown : some);
      return simulation.ok && isGuess ? { ok: true, gas: simulation.gas + rest } : simulation;
    },
    isGuess: () => isGuess,
    learn: (some, used) => {
      if (knownGas.knows(shared)) knownGas.learn(partsOf(some), used);
    },
    forget: (some) => knownGas.forget(partsOf(some)),
    distrust(proven) {
      distrusted.add(nameOf(proven));
      for (const oldest of distrusted) if (distrusted.size > MOST_DISTRUSTED) distrusted.delete(oldest);
    },
  };
}
