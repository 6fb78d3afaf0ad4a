// A chain's way to say that it knows nothing of that name.
import { isCausewayError } from "#adapters/protocol/error.ts";

/** Cosmos SDK types/errors: ErrKeyNotFound, which NotFound of a gRPC query becomes. */
const KEY_NOT_FOUND = 22;

/** Of what `query` throws. */
export const isNotFound = (error: unknown): boolean =>
  isCausewayError(error) && error.context["codespace"] === "sdk" && error.context["code"] === KEY_NOT_FOUND;
