// What the source does about an update that a light client should not have accepted: it looks for signed evidence against it.
import type { ContradictAnswer, ContradictRequest } from "../misbehaviour.ts";
import type { ChainContext } from "./context.ts";
import { followedState } from "./followed-state.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { beaconUpdate } from "./verify/evidence.ts";

export async function contradict(
  { config, consensus }: ChainContext,
  { trusted, accepted: bytes }: ContradictRequest,
  signal: AbortSignal,
): Promise<ContradictAnswer> {
  const state = followedState(config, trusted);
  const accepted = decodeExactly(beaconUpdate, bytes);
  if (accepted === undefined) return { ok: false, why: "what the light client accepted does not decode as an update" };
  return consensus.own.contradict({ state, accepted, now: trusted.now }, signal);
}
