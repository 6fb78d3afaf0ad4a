// An error as people and programs want it: what happened, and what to do.
import { isCausewayError } from "#adapters/protocol/error.ts";

const indent = (text: string): string => text.replaceAll("\n", "\n  ");

export function describeError(error: unknown, json: boolean): string {
  if (isCausewayError(error))
    return json
      ? `${JSON.stringify({ error: error.toJSON() })}\n`
      : `error ${error.code}\n  ${indent(error.message)}\n  → ${indent(error.hint)}\n`;
  // Whatever is no CausewayError is a mistake of ours: its stack tells where.
  const message = error instanceof Error ? error.message : String(error);
  if (json) return `${JSON.stringify({ error: { code: "INTERNAL", message } })}\n`;
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  return `error INTERNAL\n  ${indent(stack)}\n  → this is a bug: please report it with the lines above\n`;
}
