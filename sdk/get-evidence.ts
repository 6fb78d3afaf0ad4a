// Fetches what proves a packet's life.
import type { Api } from "./api/client.ts";
import { packetPath } from "./api/reads.ts";
import type { PacketParameters } from "./api/reads.ts";

/**
 * The packet's audit bundle, as a file: envelopes, log entries with their inclusion proofs, and the signed checkpoint. It proves nothing until
 * `verifyEvidence` has judged it. Throws what the client throws; NOT_FOUND before anything was proven.
 */
export const getEvidence = (api: Api, { id, signal }: PacketParameters): Promise<Uint8Array> =>
  api.readBytes(`/v1/packets/${packetPath(id)}/bundle`, { signal });
