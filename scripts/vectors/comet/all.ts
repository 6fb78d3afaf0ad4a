// Every comet vector, in a fixed order.
import { acceptedUpdates } from "./accepted-updates.ts";
import { malformedUpdates } from "./malformed-updates.ts";
import { misbehaviourVectors } from "./misbehaviour.ts";
import { withPacked } from "./packed.ts";
import { proofVectors } from "./proofs.ts";
import { refusedUpdates } from "./refused-updates.ts";
import { shapeVectors } from "./shapes.ts";
import { stateVectors } from "./states.ts";
import type { Vector } from "../vector.ts";

export const cometVectors = (): Vector[] =>
  [
    ...acceptedUpdates(),
    ...refusedUpdates(),
    ...malformedUpdates(),
    ...proofVectors(),
    ...shapeVectors(),
    ...stateVectors(),
    ...misbehaviourVectors(),
  ].map(withPacked);

/** A vector's file: its content as it is committed. */
export const vectorFile = (vector: Vector): { readonly name: string; readonly content: string } => ({
  name: `${vector.name}.json`,
  content: `${JSON.stringify(vector, null, 2)}\n`,
});
