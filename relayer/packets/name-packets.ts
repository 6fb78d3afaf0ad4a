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
    await transaction(pool, async (session) => {
      for (const { id, source_chain, bytes } of rows) {
        const packet = decodePacket(new Uint8Array(bytes));
        if (packet === undefined) continue;
        await session.query("update packets set message_id = $2 where id = $1 and message_id is null", [
          id,
          messageId(source_chain, packet),
        ]);
        await storeAccounts(session, id, accountsOf(packet));
      }
    });
  }
}
