// Everything a filter names, up to a bound, in one file.
import { packetList } from "#sdk/api/views.ts";
import type { PacketSummary } from "#sdk/api/views.ts";
import type { Ask } from "./ask.ts";
import { packetsCsv } from "./packets-csv.ts";

export const MOST_EXPORTED = 5_000;
const PAGE = 200;

export const exportFormats = ["csv", "json"] as const;
export type ExportFormat = (typeof exportFormats)[number];

async function collect(ask: Ask, query: URLSearchParams): Promise<PacketSummary[]> {
  const found: PacketSummary[] = [];
  const page = new URLSearchParams([...query].filter(([, value]) => value !== ""));
  page.set("limit", String(PAGE));
  for (;;) {
    const { packets, next } = await ask.json(`/v1/packets?${page}`, packetList);
    found.push(...packets);
    if (next === null || found.length >= MOST_EXPORTED) return found.slice(0, MOST_EXPORTED);
    page.set("before", next);
  }
}

export async function exportPackets(
  ask: Ask,
  query: URLSearchParams,
  format: ExportFormat,
): Promise<{ readonly type: string; readonly body: string }> {
  const packets = await collect(ask, query);
  return format === "csv"
    ? { type: "text/csv; charset=utf-8", body: packetsCsv(packets) }
    : { type: "application/json; charset=utf-8", body: `${JSON.stringify({ packets })}\n` };
}
