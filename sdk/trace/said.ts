// What a rule says: an explanation without what follows from its state and from the packet's events.
import type { Advice } from "./explanation.ts";
import type { State } from "./states.ts";

export interface Said {
  readonly state: State;
  readonly sentence: string;
  readonly next: string | null;
  /** Unix seconds. */
  readonly expectedAt: number | null;
  readonly advice: readonly Advice[];
}

export const sender = (what: string): Advice => ({ who: "sender", what });
export const receiver = (what: string): Advice => ({ who: "receiver", what });
export const operator = (what: string): Advice => ({ who: "operator", what });
