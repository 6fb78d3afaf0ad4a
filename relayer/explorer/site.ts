// Where a page is shown, and when: by the relayer itself, or by static files elsewhere that ask its API.

export interface Site {
  /** Where a page of the explorer is; `path` begins with a slash. */
  href(path: string): string;
  /** In front of the API's paths: empty on the relayer itself. */
  readonly api: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** `url` begins with a slash. */
export function pathAndQuery(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const [path = "/", query = ""] = url.split(/\?(.*)/s, 2);
  return { path, query: new URLSearchParams(query) };
}

/** A page's or an answer's path from ids that have slashes of their own; whatever is in them stays in its segment. */
export const pathOf = (root: string, id: string): string =>
  `${root}/${id
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll("%3A", ":"))
    .join("/")}`;
