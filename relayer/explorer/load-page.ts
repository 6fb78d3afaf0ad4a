// Which page a path names.
import type { Ask } from "./ask.ts";
import type { LoadPage, Page, Redirect } from "./page.ts";
import { loadChainList } from "./pages/chain-list.ts";
import { loadClientList } from "./pages/client-list.ts";
import { loadLaneList } from "./pages/lane-list.ts";
import { loadLane } from "./pages/lane.ts";
import { loadLogEntry } from "./pages/log-entry.ts";
import { loadLog } from "./pages/log.ts";
import { loadPacketList } from "./pages/packet-list.ts";
import { loadPacket } from "./pages/packet.ts";
import { notFoundPage, problemPage } from "./pages/problem.ts";
import { loadSearch } from "./pages/search.ts";
import { loadVerify } from "./pages/verify.ts";
import { pathAndQuery } from "./site.ts";

/** Paths of pages; one that ends with a slash takes an id after it. */
const PAGES: ReadonlyMap<string, LoadPage> = new Map([
  ["/", loadPacketList],
  ["/packets/", loadPacket],
  ["/lanes", loadLaneList],
  ["/lanes/", loadLane],
  ["/clients", loadClientList],
  ["/chains", loadChainList],
  ["/log", loadLog],
  ["/log/", loadLogEntry],
  ["/search", loadSearch],
  ["/verify", loadVerify],
]);

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What a path asks for: which page, and the id after it. */
function split(path: string): { readonly load: LoadPage; readonly id: string } | undefined {
  const whole = PAGES.get(path);
  if (whole !== undefined) return path !== "/" && path.endsWith("/") ? undefined : { load: whole, id: "" };
  const [, root = "", rest = ""] = /^(\/[a-z]+\/)(.+)$/s.exec(path) ?? [];
  const [load, id] = [PAGES.get(root), decode(rest)];
  return load === undefined || id === undefined ? undefined : { load, id };
}

export const isPagePath = (url: string): boolean => split(pathAndQuery(url).path) !== undefined;

/** `url`: path and query. Never throws: what went wrong is a page, too, and `failed` hears of it. */
export async function loadPage(
  url: string,
  ask: Ask,
  failed: (error: unknown) => void,
  patience?: number,
): Promise<Page | Redirect> {
  const { path, query } = pathAndQuery(url);
  const page = split(path);
  if (page === undefined) return notFoundPage(path);
  try {
    return await page.load({ ask, id: page.id, query, patience });
  } catch (error) {
    failed(error);
    return problemPage(error);
  }
}
