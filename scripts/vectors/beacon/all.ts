// Every beacon vector, in a fixed order.
import { acceptedUpdates } from "./accepted-updates.ts";
import { aliasVectors } from "./aliases.ts";
import { bindingVectors } from "./bindings.ts";
import { laneVectors } from "./lane.ts";
import { misbehaviourVectors } from "./misbehaviour.ts";
import { refusedUpdates } from "./refused-updates.ts";
import { replayVectors } from "./replays.ts";
import { stateVectors } from "./states.ts";
import { trieVectors } from "./tries.ts";
import type { Vector } from "../vector.ts";

export const beaconVectors = async (): Promise<Vector[]> => [
  ...acceptedUpdates(),
  ...refusedUpdates(),
  ...aliasVectors(),
  ...(await stateVectors()),
  ...trieVectors(),
  ...(await replayVectors()),
  ...(await laneVectors()),
  ...misbehaviourVectors(),
  ...bindingVectors(),
];

/** A vector's file: its content as it is committed. */
export const vectorFile = (vector: Vector): { readonly name: string; readonly content: string } => ({
  name: `${vector.name}.json`,
  content: `${JSON.stringify(vector, null, 2)}\n`,
});
