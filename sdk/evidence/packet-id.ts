// How people name a packet: `chain/client/sequence`, where it was sent from, e.g. "eip155:1/beacon-0/7".
import { isClientId } from "#adapters/protocol/client-id.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { PacketName } from "./log-entry.ts";

const ID = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})\/([\w-]+)\/([1-9][0-9]{0,19})$/;

export const formatPacketId = ({ sourceChain, sourceClient, sequence }: PacketName): string =>
  `${sourceChain}/${sourceClient}/${sequence}`;

/** Throws INVALID_ARGUMENT. */
export function parsePacketId(id: string): PacketName {
  const [, sourceChain, sourceClient, sequence] = ID.exec(id) ?? [];
  if (sourceChain === undefined || sourceClient === undefined || sequence === undefined || !isClientId(sourceClient))
    throw new CausewayError("INVALID_ARGUMENT", `"${id}" does not name a packet`, {
      hint: "name it by where it was sent: chain/client/sequence, for example eip155:1/beacon-0/7",
    });
  return { sourceChain, sourceClient, sequence };
}
