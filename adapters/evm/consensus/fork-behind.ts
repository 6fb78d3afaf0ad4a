// Tells evidence that is bad from evidence under rules that are not known yet.
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { UnknownFork } from "./unknown-forks.ts";

/** How evidence under unknown rules looks: refused, or in a form that cannot be read. */
const UNREADABLE: ReadonlySet<ErrorCode> = new Set(["EVIDENCE_REFUSED", "RPC_BAD_ANSWER"] satisfies ErrorCode[]);

export const isUnreadable = (error: unknown): boolean => isCausewayError(error) && UNREADABLE.has(error.code);

/**
 * The fork that a failure comes from: the chain is under it, and the light client does not know it. Asked only when no endpoint gave
 * evidence that verifies, so that nobody can hold up good evidence by inventing a fork.
 */
export async function forkBehind(
  error: unknown,
  unknownForks: () => Promise<readonly UnknownFork[]>,
): Promise<UnknownFork | undefined> {
  if (!isUnreadable(error)) return undefined;
  const unknown = await unknownForks().catch(() => []);
  return unknown.find(({ hasBegun }) => hasBegun);
}
