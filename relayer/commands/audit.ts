// `causeway audit`: one packet's evidence in a file, its judgement anywhere, and the health of the whole log.
import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { verifierOf } from "#adapters/verifiers.ts";
import { exportBundle } from "#relayer/audit/export-bundle.ts";
import { parsePacketId } from "#sdk/evidence/packet-id.ts";
import type { AuditReport } from "#sdk/evidence/report.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";
import { loadConfig } from "#relayer/config.ts";
import { answer } from "./answer.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const auditCommand = (terminal: Terminal): Command =>
  new Command("audit")
    .description("evidence: take it out of the log, and judge it again without network or database")
    .addCommand(exportCommand(terminal))
    .addCommand(verifyCommand(terminal))
    .addCommand(checkCommand(terminal))
    .addHelpText(
      "after",
      `
Examples:
  causeway audit export eip155:1/beacon-0/7
  causeway audit verify eip155-1-beacon-0-7.audit.json`,
    );

const exportCommand = (terminal: Terminal): Command =>
  new Command("export")
    .description("writes one packet's audit bundle: packet, evidence, log entries with their proofs, signed checkpoint")
    .argument("<packet>", "chain/client/sequence, where it was sent from")
    .option("--out <file>", "where to write it (default: <packet>.audit.json)")
    .addHelpText(
      "after",
      `
Examples:
  causeway audit export eip155:1/beacon-0/7 --config relayer.yaml
  causeway audit export eip155:1/beacon-0/7 --out evidence.json`,
    )
    .action(async (packet: string, options: { out?: string }, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const name = parsePacketId(packet);
      const config = await loadConfig(path);
      const bundle = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) =>
        exportBundle(session.pool, await session.log(), name),
      );
      const file = options.out ?? `${packet.replaceAll(/[:/]/g, "-")}.audit.json`;
      await writeFile(file, bundle).catch((cause: Error) => {
        throw new CausewayError("INVALID_ARGUMENT", `${file} cannot be written: ${cause.message}`, { cause });
      });
      answer(
        terminal,
        json,
        { packet, file, bytes: bundle.length },
        ({ file, bytes }) => `wrote ${file} (${bytes} bytes)\n  judge it with: causeway audit verify ${file}`,
      );
    });

const verifyCommand = (terminal: Terminal): Command =>
  new Command("verify")
    .description("judges an audit bundle again from the file alone; exit code 0 only if every check holds")
    .argument("<bundle>", "file made by `causeway audit export`")
    .option("--log-key <key>", "the log's verifier key, as you know it from elsewhere (name+id+base64)")
    .addHelpText(
      "after",
      `
Needs no configuration, no network and no database.

Examples:
  causeway audit verify eip155-1-beacon-0-7.audit.json
  causeway audit verify evidence.json --log-key "$(cat log.key.pub)" --json`,
    )
    .action(async (file: string, options: { logKey?: string }, command: Command) => {
      const bytes = await readFile(file).catch((cause: Error) => {
        throw new CausewayError("INVALID_ARGUMENT", `${file} cannot be read: ${cause.message}`, { cause });
      });
      const report = verifyBundle(bytes, {
        verifierOf,
        logKey: options.logKey?.trim(),
      });
      answer(terminal, globalOptions(command).json, report, describeReport);
      terminal.exitCode = report.ok ? 0 : 1;
    });

function describeReport({ ok, packet, state, checks, notes }: AuditReport): string {
  const life = {
    refused: "",
    underway: "underway",
    received: "received",
    acknowledged: "acknowledged",
    timedOut: "timed out",
  };
  return [
    ...checks.map((check) => `${check.ok ? "ok  " : "FAIL"} ${check.name}: ${check.detail}`),
    ...notes.map((note) => `note ${note}`),
    "",
    ok ? `every check holds: packet ${packet} is ${life[state]}` : "NOT PROVEN: see the checks marked FAIL",
  ].join("\n");
}

const checkCommand = (terminal: Terminal): Command =>
  new Command("check")
    .description("recomputes the whole proof log of this relayer; exit code 0 only if it is intact")
    .addHelpText("after", "\nExamples:\n  causeway audit check --config relayer.yaml")
    .action(async (_: object, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const config = await loadConfig(path);
      const { size, root, problems } = await withSession(
        config,
        openLogger(terminal, verbose ? "debug" : "warn"),
        async (session) => (await session.log()).check(),
      );
      answer(terminal, json, { size, root: Buffer.from(root).toString("hex"), problems }, (log) =>
        log.problems.length === 0
          ? `the log is intact: ${log.size} entries, root ${log.root}`
          : [`the log is DAMAGED, ${log.size} entries:`, ...log.problems].join("\n  "),
      );
      terminal.exitCode = problems.length === 0 ? 0 : 1;
    });
