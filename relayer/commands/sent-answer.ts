// What `send` and `transfer` answer, and their way there: send, and with --wait follow to the end.
import type { ChainApps, Sent } from "#adapters/chain-apps.ts";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Command } from "commander";
import { loadConfig } from "#relayer/config.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import { answer } from "./answer.ts";
import { openApi } from "./api-option.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import { describeResult, requireApi, resultView, waitForPacket } from "./wait-for-packet.ts";

export interface WaitOptions {
  readonly wait?: true;
  readonly api?: string;
}

export async function sendAndAnswer(
  terminal: Terminal,
  command: Command,
  options: WaitOptions & { readonly chain: ChainId },
  send: (apps: ChainApps) => Promise<Sent>,
): Promise<void> {
  const { config: path, json, verbose } = globalOptions(command);
  const config = await loadConfig(path);
  const api = options.wait === true ? openApi(options.api, config) : undefined;
  if (api !== undefined) await requireApi(api);
  const sent = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) =>
    send((await session.chain(options.chain)).apps),
  );
  const view = sentView(options.chain, sent);
  if (api === undefined) {
    answer(
      terminal,
      json,
      view,
      (one) => `${describeSent(one)}\n  follow it with: causeway trace ${one.packet} --follow`,
    );
    return;
  }
  if (!json) terminal.output.write(`${describeSent(view)}\n`);
  const result = await waitForPacket(terminal, api, { id: view.packet, packet: sent.packet });
  answer(terminal, json, { ...view, result: resultView(result) }, () => describeResult(result));
}

const sentView = (sourceChain: ChainId, { packet, transaction, height }: Sent) => ({
  packet: formatPacketId({
    sourceChain,
    sourceClient: packet.sourceClient,
    sequence: packet.sequence.toString(),
  }),
  transaction,
  height,
  /** Unix seconds. */
  timeoutTimestamp: packet.timeoutTimestamp,
});

const describeSent = ({ packet, transaction, height }: ReturnType<typeof sentView>): string =>
  `sent ${packet}\n  in transaction ${transaction} at height ${height}`;
