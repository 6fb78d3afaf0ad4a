// Packets as comma-separated values (RFC 4180) for spreadsheets.
import type { PacketSummary } from "#sdk/api/views.ts";

const COLUMNS = [
  "id",
  "messageId",
  "sourceChain",
  "sourceClient",
  "sequence",
  "destinationChain",
  "destinationClient",
  "timeoutTimestamp",
  "status",
  "errorCode",
  "createdAt",
] as const satisfies readonly (keyof PacketSummary)[];

/** A spreadsheet takes what begins like this for a formula, and carries it out. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | null): string {
  if (value === null) return "";
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const packetsCsv = (packets: readonly PacketSummary[]): string =>
  [COLUMNS.join(","), ...packets.map((packet) => COLUMNS.map((name) => cell(packet[name])).join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
