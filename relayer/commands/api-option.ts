// Which relayer's API a command asks: the one it is told, else the one of the configuration.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Config } from "#relayer/config-schema.ts";
import { createApi } from "#sdk/api/client.ts";
import type { Api } from "#sdk/api/client.ts";

export const API_OPTION = ["--api <url>", "the relayer to ask (default: the configuration's http address)"] as const;

/** What listens on every address is asked on this machine's own. */
const EVERYWHERE: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

/** Throws INVALID_ARGUMENT when neither says. */
export function openApi(url: string | undefined, { http }: Config): Api {
  if (url !== undefined) return createApi({ url });
  if (http.port !== 0) return createApi({ url: `http://${EVERYWHERE[http.host] ?? http.host}:${http.port}` });
  throw new CausewayError("INVALID_ARGUMENT", "the configuration's relayer listens on any free port", {
    hint: "say where it is: --api http://127.0.0.1:<port>, as `causeway relay` logs it",
  });
}
