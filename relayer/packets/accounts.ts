// Whom a packet is from and to, where its payloads are of the standard applications: kept so that people find it by account.
import type { Pool, PoolClient } from "pg";
import { decodeMessageData, MESSAGE_PORT } from "#adapters/protocol/message-data.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { ABI_ENCODING, decodeTransferData, TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";

/** Longer ones are no account of any chain; an index entry has to stay small. */
const LONGEST = 128;

/** Senders and receivers, in lower case, each once; none for a payload of another application. */
export function accountsOf({ payloads }: Packet): string[] {
  const accounts = payloads.flatMap(({ sourcePort, encoding, value }) => {
    if (encoding !== ABI_ENCODING) return [];
    const data =
      sourcePort === TRANSFER_PORT
        ? decodeTransferData(value)
        : sourcePort === MESSAGE_PORT
          ? decodeMessageData(value)
          : undefined;
    return data === undefined ? [] : [data.sender, data.receiver];
  });
  // Postgres keeps no zero character in a text.
  const kept = accounts.filter((account) => account !== "" && account.length <= LONGEST && !account.includes("\0"));
  return [...new Set(kept.map((account) => account.toLowerCase()))];
}

/** In place of what was stored for the packet before. */
export async function storeAccounts(
  session: Pool | PoolClient,
  packet: bigint,
  accounts: readonly string[],
): Promise<void> {
  await session.query(
    `with others as (delete from packet_accounts where packet_id = $1 and account <> all($2::text[]))
     insert into packet_accounts (packet_id, account) select $1, account from unnest($2::text[]) as a (account)
     on conflict do nothing`,
    [packet, accounts],
  );
}
