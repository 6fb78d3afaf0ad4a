// Whom a packet is from and to, where its payloads are of the standard applications: kept so that people find it by account.
import type { PoolClient } from "pg";
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

/** In place of what was stored for these packets before; by their rows. */
export async function storeAccounts(
  session: PoolClient,
  accounts: ReadonlyMap<bigint, readonly string[]>,
): Promise<void> {
  if (accounts.size === 0) return;
  const rows = [...accounts].flatMap(([id, list]) => list.map((account) => ({ id, account })));
  await session.query(
    `with told as (select packet_id, account from unnest($2::bigint[], $3::text[]) as t (packet_id, account)),
     others as (
       delete from packet_accounts where packet_id = any($1) and (packet_id, account) not in (select packet_id, account from told))
     insert into packet_accounts (packet_id, account) select packet_id, account from told on conflict do nothing`,
    [[...accounts.keys()], rows.map(({ id }) => id), rows.map(({ account }) => account)],
  );
}
