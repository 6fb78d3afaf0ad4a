// Makes an export in the browser, for static files that have no server to make it.
import type { Ask } from "../ask.ts";
import { pathAndQuery } from "../site.ts";
import { exportFormats, exportPackets } from "../export-packets.ts";

export async function downloadExport(
  link: HTMLElement,
  ask: Ask,
  url: string,
  announce: (text: string) => void,
): Promise<void> {
  const format = exportFormats.find((one) => one === link.dataset["export"]);
  if (format === undefined) return;
  const query = pathAndQuery(url).query;
  query.delete("before");
  try {
    const { type, body } = await exportPackets(ask, query, format);
    const address = URL.createObjectURL(new Blob([body], { type }));
    const save = document.createElement("a");
    save.href = address;
    save.download = `packets.${format}`;
    save.click();
    URL.revokeObjectURL(address);
  } catch (error) {
    announce(`It could not be exported: ${(error as Error).message}`);
  }
}
