// A scheduled migration as people need it: what would take over, whether our own endpoints agree with it, and from when on.
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { ScheduledMigration } from "#adapters/migration.ts";
import type { TrustedFact } from "#adapters/trusted-client.ts";
import type { OpenedChain } from "#relayer/engine.ts";
import { isoTime } from "./iso-time.ts";

export interface MigrationView {
  readonly client: string;
  readonly operation: string;
  readonly scheduledBy: string;
  /** ISO 8601. */
  readonly executableAt: string;
  readonly expiresAt: string;
  /** Where the new light client lives. */
  readonly address: string;
  readonly ready: boolean;
  /** Why it must not take over; null when our own endpoints agree with all that could be compared. */
  readonly problem: string | null;
  /** What it trusts. */
  readonly facts: readonly TrustedFact[];
}

/** `source` is the chain that the light client follows; `now` Unix seconds on the chain that hosts it. */
export async function viewMigration(
  source: OpenedChain,
  client: string,
  migration: ScheduledMigration,
  { now, signal }: { readonly now: bigint; readonly signal: AbortSignal },
): Promise<MigrationView> {
  const { id, scheduledBy, executableAt, expiresAt, address, replacement } = migration;
  return {
    client,
    operation: id,
    scheduledBy,
    executableAt: isoTime(executableAt),
    expiresAt: isoTime(expiresAt),
    address,
    ready: executableAt <= now,
    problem: await problemOf(source, migration, signal),
    facts: replacement === undefined ? [] : await source.source.describe(replacement.state),
  };
}

async function problemOf(
  source: OpenedChain,
  { replacement, address }: ScheduledMigration,
  signal: AbortSignal,
): Promise<string | null> {
  if (replacement === undefined) return `${address} is no light client that we can read`;
  if (replacement.status !== "active") return `the new light client is ${replacement.status} itself`;
  try {
    const { contradictions, uncompared } = await source.source.compare(replacement, signal);
    const [first] = contradictions;
    if (first !== undefined) return `it contradicts our endpoints at height ${first.height}: ${first.what}`;
    return uncompared[0] === undefined ? null : `not compared at height ${uncompared[0].height}: ${uncompared[0].why}`;
  } catch (error) {
    if (isCausewayError(error)) return `not compared: ${error.message}`;
    throw error;
  }
}

export function describeFacts(facts: readonly TrustedFact[]): string[] {
  const width = Math.max(...facts.map(({ name }) => name.length), 0);
  return facts.map(
    ({ name, value, compareWith }) =>
      `    ${name.padEnd(width)}  ${value}\n    ${"".padEnd(width)}    (${compareWith})`,
  );
}

export const describeMigration = (view: MigrationView): string =>
  [
    `operation ${view.operation}: ${view.address} would take over ${view.client}`,
    `  scheduled by ${view.scheduledBy}`,
    `  executable from ${view.executableAt}${view.ready ? " (now)" : ""}, expires ${view.expiresAt}`,
    view.problem === null
      ? "  our own endpoints agree with what it trusts; compare it with sources of your own:"
      : `  PROBLEM ${view.problem}`,
    ...describeFacts(view.facts),
  ].join("\n");
