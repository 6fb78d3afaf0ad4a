// Asks the API over the network.
import { createAsk } from "../ask.ts";
import type { Ask } from "../ask.ts";

export const browserAsk = (api: string): Ask =>
  createAsk(async (method, path) => {
    try {
      const response = await fetch(`${api}${path}`, { method, cache: "no-store" });
      const length = response.headers.get("content-length");
      return {
        status: response.status,
        body: method === "HEAD" ? "" : await response.text(),
        length: length === null ? undefined : Number(length),
      };
    } catch {
      return { status: 0, body: "", length: undefined };
    }
  });
