// What `send` and `transfer` answer.
import type { ChainId, Sent } from "#adapters/adapter.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import { answer } from "./answer.ts";
import type { Terminal } from "./terminal.ts";

export function answerSent(terminal: Terminal, json: boolean, sourceChain: ChainId, sent: Sent): void {
  const { packet, transaction, height } = sent;
  const name = { sourceChain, sourceClient: packet.sourceClient, sequence: packet.sequence.toString() };
  const value = {
    packet: formatPacketId(name),
    transaction,
    height,
    /** Unix seconds. */
    timeoutTimestamp: packet.timeoutTimestamp,
  };
  answer(
    terminal,
    json,
    value,
    ({ packet, transaction, height }) =>
      `sent ${packet}\n  in transaction ${transaction} at height ${height}\n  follow it with: causeway status ${packet}`,
  );
}
