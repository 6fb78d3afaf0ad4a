// `causeway client update`: brings a light client to the newest finalized height, now.
import { randomUUID } from "node:crypto";
import { Command } from "commander";
import { bytesToHex } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import { brokenBinding } from "#adapters/protocol/binding.ts";
import type { SubmitResult } from "#adapters/adapter.ts";
import { loadConfig } from "#relayer/config.ts";
import type { Lane } from "#relayer/routes.ts";
import { answer } from "./answer.ts";
import { formatEnd, parseEnd } from "./end-name.ts";
import { findLane } from "./find-lane.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const clientUpdateCommand = (terminal: Terminal): Command =>
  new Command("update")
    .description("brings a light client to its chain's newest finalized height (a running relayer does so in time)")
    .argument("<chain/client>", "the light client, by the chain that hosts it")
    .addHelpText(
      "after",
      `
Examples:
  causeway client update eip155:10/beacon-0 --config relayer.yaml`,
    )
    .action(async (name: string, _: object, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const end = parseEnd(name);
      const config = await loadConfig(path);
      const lane = findLane(config, end);
      const result = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), (session) =>
        updateClient(session, lane, terminal.signal),
      );
      answer(terminal, json, result, ({ client, from, to, transaction }) =>
        from === to
          ? `${client} is at ${to} already`
          : `${client}: ${from} → ${to}, in transaction ${transaction ?? "-"}`,
      );
    });

interface Updated {
  readonly client: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly transaction: string | undefined;
}

async function updateClient(session: Session, lane: Lane, signal: AbortSignal): Promise<Updated> {
  const [source, target, log] = await Promise.all([
    session.chain(lane.source.chain),
    session.chain(lane.target.chain),
    session.log(),
  ]);
  const { client: clientId } = lane.target;
  const trusted = await target.target.trusted(clientId);
  const updated = (to: bigint, result?: SubmitResult): Updated => ({
    client: formatEnd(lane.target),
    from: trusted.height,
    to,
    transaction: result?.transaction?.id,
  });
  const { finalizedHeight } = await source.health();
  if (finalizedHeight <= trusted.height) return updated(trusted.height);

  const request = { targetChain: lane.target.chain, trusted, minHeight: finalizedHeight, claims: [] };
  const envelope = await source.source.prove(request, signal);
  const about = {
    batchId: `client-update-${randomUUID()}`,
    sourceChain: lane.source.chain,
    targetChain: lane.target.chain,
    clientId,
    messages: [],
    envelope: bytesToHex(sha256(envelope)),
  };
  const verdict =
    brokenBinding(envelope, { ...about, claims: [] }) ??
    source.verify({ trusted: trusted.state, envelope, now: trusted.now });
  await log.append(
    {
      kind: "verdict",
      ...about,
      family: source.family,
      trusted: bytesToHex(sha256(trusted.state)),
      now: trusted.now.toString(),
      verdict: verdict.ok
        ? { ok: true, height: verdict.height.toString(), timestamp: verdict.timestamp.toString() }
        : { ok: false, reason: verdict.reason, at: verdict.at },
    },
    [envelope, trusted.state],
  );
  if (!verdict.ok) throw new CausewayError("EVIDENCE_REFUSED", `${verdict.reason} at ${verdict.at}`);
  await log.append({ kind: "intent", ...about });
  const result = await target.target.submit({ id: about.batchId, clientId, envelope, messages: [] }, signal);
  const { transaction } = result;
  await log.append({
    kind: "outcome",
    ...about,
    ...(transaction === undefined
      ? {}
      : { transaction: { id: transaction.id, height: `${transaction.height}`, fee: `${transaction.fee}` } }),
    deliveries: [],
  });
  return updated(verdict.height, result);
}
