// Writes a command's answer: one JSON object with --json, else the text made from it.
import type { Terminal } from "./terminal.ts";

const jsonValue = (_: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

export function answer<T extends object>(
  terminal: Terminal,
  json: boolean,
  value: T,
  describe: (value: T) => string,
): void {
  terminal.output.write(`${json ? JSON.stringify(value, jsonValue) : describe(value)}\n`);
}
