// Gives packets that were stored by an earlier version their message ids and accounts.
import type { Pool } from "pg";
import { messageId } from "#adapters/protocol/message-id.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { accountsOf, storeAccounts } from "./accounts.ts";

const CHUNK = 200;

/** Harmless when several processes do it at once; ends early when the signal aborts, and the next start goes on. */
export async function namePackets(pool: Pool, signal: AbortSignal): Promise<void> {
  for (let after = 0n; !signal.aborted;) {
    const { rows } = await pool.query<{ id: bigint; source_chain: string; bytes: Buffer }>(
      `select id, source_chain, bytes from packets where message_id is null and bytes is not null and id > $1
       order by id limit ${CHUNK}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    const named = rows.flatMap(({ id, source_chain, bytes }) => {
      const packet = decodePacket(new Uint8Array(bytes));
      return packet === undefined
        ? []
        : [{ id, messageId: messageId(source_chain, packet), accounts: accountsOf(packet) }];
    });
    await transaction(pool, async (session) => {
      await session.query(
        `update packets p set message_id = t.message_id from unnest($1::bigint[], $2::text[]) as t (id, message_id)
         where p.id = t.id and p.message_id is null`,
        [named.map(({ id }) => id), named.map((one) => one.messageId)],
      );
      await storeAccounts(session, new Map(named.map(({ id, accounts }) => [id, accounts])));
    });
  }
}
