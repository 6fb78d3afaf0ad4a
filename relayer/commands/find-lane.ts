// Finds the configured lane that ends at a light client.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Config } from "#relayer/config-schema.ts";
import { createRoutes } from "#relayer/routes.ts";
import type { End, Lane } from "#relayer/routes.ts";
import { formatEnd } from "./end-name.ts";

/** Throws INVALID_ARGUMENT. */
export function findLane(config: Config, end: End): Lane {
  const { lanes } = createRoutes(config.routes);
  const lane = lanes.find(({ target }) => formatEnd(target) === formatEnd(end));
  if (lane !== undefined) return lane;
  throw new CausewayError("INVALID_ARGUMENT", `no configured route ends at ${formatEnd(end)}`, {
    hint: `configured are: ${lanes.map(({ target }) => formatEnd(target)).join(", ") || "none"}`,
  });
}
