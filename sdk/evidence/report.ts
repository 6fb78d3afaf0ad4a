// What an audit found: every check that was made, in order, and whether it holds.

export interface AuditCheck {
  /** What was checked, e.g. "entry 12: in the log" or "receive: proof". */
  readonly name: string;
  readonly ok: boolean;
  /** What was established, or the reason why not. */
  readonly detail: string;
}

export interface AuditReport {
  /** Every check holds. */
  readonly ok: boolean;
  /** `chain/client/sequence`; absent when the file is no bundle. */
  readonly packet: string | undefined;
  /** `acknowledged` and `timedOut`: the packet's life is over. */
  readonly state: "refused" | "underway" | "received" | "acknowledged" | "timedOut";
  readonly checks: readonly AuditCheck[];
  /** What holds, and what this bundle cannot show. */
  readonly notes: readonly string[];
}

/** Collects checks in the order they are made. */
export function createChecks(): {
  readonly all: AuditCheck[];
  /** Records one check; `problem` undefined means that it holds. Returns whether it does. */
  check(name: string, problem: string | undefined, established: string): boolean;
} {
  const all: AuditCheck[] = [];
  return {
    all,
    check(name, problem, established) {
      all.push({ name, ok: problem === undefined, detail: problem ?? established });
      return problem === undefined;
    },
  };
}

export type Checks = ReturnType<typeof createChecks>;
