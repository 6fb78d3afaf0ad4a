// What a page is: the same whether the relayer renders it, a browser renders it again, or static files do.
import type { VNode } from "preact";
import type { Ask } from "./ask.ts";
import type { Site } from "./site.ts";

export interface Page {
  readonly title: string;
  /** Which entry of the navigation it belongs to, by path. */
  readonly section: string;
  /** The API's path with the same content; null where there is none. */
  readonly twin: string | null;
  /** What it says when it is no ordinary answer. */
  readonly status?: number;
  /** What visitors type into, above the rest: it is not rendered again, so that nothing typed is lost. */
  readonly form?: (site: Site) => VNode;
  /** What changes: rendered again when something happened. */
  live(site: Site): VNode;
  /** What stays as it is however often the rest is rendered again: forms, and the verifier. */
  readonly fixed?: (site: Site) => VNode | null;
  /** Which changes concern it; null for none. */
  readonly watches: Watches | null;
}

export interface Watches {
  /** One packet's or lane's id; everything when absent. */
  readonly packet?: string;
  readonly lane?: string;
}

export interface Redirect {
  readonly to: string;
}

export interface PageRequest {
  readonly ask: Ask;
  /** What the path's pattern left open, decoded. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** Milliseconds to wait for what chains have to be asked for; for as long as it takes when absent. */
  readonly patience?: number | undefined;
}

export type LoadPage = (request: PageRequest) => Promise<Page | Redirect>;
