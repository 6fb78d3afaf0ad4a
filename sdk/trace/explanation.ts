// What is said of a packet: one sentence on where it stands and why, what comes next and when, and who can do what about it.

export interface Explanation {
  /** A name from the closed list in `states.ts`. */
  readonly state: string;
  /** `underway` waits for nothing but time; `held` for somebody; the others end a packet's life. `unknown` is none of them. */
  readonly standing: "underway" | "held" | "done" | "refunded" | "failed" | "unknown";
  /** Where it stands, and why, in one sentence. */
  readonly sentence: string;
  /** What comes next, in one sentence; null when nothing does. */
  readonly next: string | null;
  /** Unix seconds at which that is expected; null when nobody can say. */
  readonly expectedAt: number | null;
  readonly advice: readonly Advice[];
  readonly timeline: readonly TimelineStep[];
}

export interface Advice {
  readonly who: "sender" | "receiver" | "operator";
  /** In one sentence, with the command where there is one. */
  readonly what: string;
}

export interface TimelineStep {
  readonly name: "sent" | "final" | "received" | "answered" | "acknowledged" | "timedOut";
  readonly status: "done" | "now" | "next" | "failed";
  readonly chain: string;
  /** Unix seconds on that chain, or when it is expected; null when unknown. */
  readonly at: number | null;
  readonly height: string | null;
  readonly transaction: string | null;
}
