// `causeway client migrate`: recovers a frozen or expired light client. The first run creates another one and schedules it to take
// over; after the delay the same command executes that.
import { Command } from "commander";
import type { PreparedMigration, ScheduledMigration } from "#adapters/migration.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { NewClient, TrustedClient, TrustedFact } from "#adapters/trusted-client.ts";
import { loadConfig } from "#relayer/config.ts";
import type { OpenedChain } from "#relayer/engine.ts";
import { answer } from "./answer.ts";
import { parseDuration } from "./duration.ts";
import { formatEnd, parseEnd } from "./end-name.ts";
import { findLane } from "./find-lane.ts";
import { globalOptions } from "./global-options.ts";
import { describeFacts, describeMigration, viewMigration } from "./migration-view.ts";
import type { MigrationView } from "./migration-view.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";

interface Options {
  readonly trustingPeriod?: string;
  readonly operation?: string;
  readonly active?: true;
  readonly cancel?: true;
  readonly prepare?: true;
}

interface Migrated {
  readonly client: string;
  readonly status: "unchanged" | "prepared" | "scheduled" | "migrated" | "cancelled";
  readonly migration: MigrationView | null;
  readonly transaction: string | null;
  /** What a client admin that is a contract has to call itself. */
  readonly calls?: Pick<PreparedMigration, "to" | "schedule" | "execute" | "address"> & {
    readonly facts: readonly TrustedFact[];
  };
}

export const clientMigrateCommand = (terminal: Terminal): Command =>
  new Command("migrate")
    .description(
      "recovers a frozen or expired light client: schedules another one to take over, and after the delay executes that",
    )
    .argument("<chain/client>", "the light client, by the chain that hosts it")
    .option("--trusting-period <duration>", "of the new light client (default: that of the old one)")
    .option("--active", "also replace a light client that is active")
    .option("--operation <id>", "which of several scheduled migrations to go on with, or to cancel")
    .option("--prepare", "create the new light client only, and show the calls for a client admin that is a contract")
    .option("--cancel", "cancel what is scheduled; a guardian may, too")
    .addHelpText(
      "after",
      `
The signer of the hosting chain has to be a client admin. Run it again at any time: it says what it waits for, and executes
once the delay is over. The runbook: docs/runbooks/recover-light-client.md

Examples:
  causeway client migrate eip155:10/beacon-0 --config admin.yaml
  causeway client migrate eip155:10/beacon-0 --trusting-period 14d --json
  causeway client migrate eip155:10/beacon-0 --prepare --json
  causeway client migrate eip155:10/beacon-0 --cancel --config guardian.yaml`,
    )
    .action(async (name: string, options: Options, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const trustingPeriod =
        options.trustingPeriod === undefined ? undefined : BigInt(parseDuration(options.trustingPeriod));
      const end = parseEnd(name);
      const config = await loadConfig(path);
      const lane = findLane(config, end);
      const migrated = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) => {
        const [source, target, log] = await Promise.all([
          session.chain(lane.source.chain),
          session.chain(lane.target.chain),
          session.log(),
        ]);
        const result = await migrate({ source, target, client: end.client, options, trustingPeriod }, terminal.signal);
        if (result.status !== "unchanged" && (result.transaction !== null || result.isNew))
          await log.append({
            kind: "control",
            event: `light client migration ${result.status}`,
            detail: {
              lane: lane.id,
              operation: result.migration?.operation ?? "",
              address: result.migration?.address ?? result.calls?.address ?? "",
              transaction: result.transaction ?? "",
            },
          });
        return result;
      });
      const { isNew: _isNew, ...shown } = migrated;
      answer(terminal, json, shown, describe);
    });

interface Request {
  /** The chain that the light client follows. */
  readonly source: OpenedChain;
  /** The chain that hosts it. */
  readonly target: OpenedChain;
  readonly client: string;
  readonly options: Options;
  /** Seconds. */
  readonly trustingPeriod: bigint | undefined;
}

async function migrate(request: Request, signal: AbortSignal): Promise<Migrated & { readonly isNew: boolean }> {
  const { source, target, client, options } = request;
  const { migrations } = target.admin;
  const name = formatEnd({ chain: target.chainId, client });
  const old = await target.target.trusted(client);
  const known = choose(await migrations.scheduled(client), options, name);
  const view = (migration: ScheduledMigration): Promise<MigrationView> =>
    viewMigration(source, name, migration, { now: old.now, signal });
  const result = (
    status: Migrated["status"],
    migration: MigrationView | null,
    { transaction = null, isNew = false }: { transaction?: string | null; isNew?: boolean } = {},
  ) => ({ client: name, status, migration, transaction, isNew });

  if (options.cancel === true) {
    if (known === undefined) throw new CausewayError("INVALID_ARGUMENT", `nothing is scheduled for ${name}`);
    const shown = await view(known);
    return result("cancelled", shown, await migrations.cancel(known));
  }
  if (known === undefined) {
    if (old.status === "active" && options.active !== true) return result("unchanged", null);
    if (options.prepare === true) {
      const { replacement, ...calls } = await migrations.prepare(client, await freshClient(request, old));
      const facts = await source.source.describe(replacement.state);
      return { ...result("prepared", null, { isNew: true }), calls: { ...calls, facts } };
    }
    const scheduling = await migrations.schedule(client, await freshClient(request, old));
    if (scheduling.now) return result("migrated", null, { isNew: true });
    return result("scheduled", await view(scheduling.migration), { isNew: true });
  }
  const shown = await view(known);
  if (!shown.ready) return result("scheduled", shown);
  if (shown.problem !== null)
    throw new CausewayError("CLIENT_CONTRADICTED", `${name} is not given to ${known.address}: ${shown.problem}`, {
      hint: `if that lasts, cancel it and schedule another: causeway client migrate ${name} --cancel --operation ${known.id}`,
      context: { operation: known.id },
    });
  return result("migrated", shown, await migrations.execute(known));
}

function choose(
  scheduled: readonly ScheduledMigration[],
  { operation }: Options,
  name: string,
): ScheduledMigration | undefined {
  const ids = scheduled.map(({ id }) => id);
  if (operation !== undefined) {
    const found = scheduled.find(({ id }) => id === operation);
    if (found !== undefined) return found;
    throw new CausewayError("INVALID_ARGUMENT", `operation ${operation} is not scheduled for ${name}`, {
      hint: `scheduled are: ${ids.join(", ") || "none"}`,
    });
  }
  if (scheduled.length < 2) return scheduled[0];
  throw new CausewayError("INVALID_ARGUMENT", `several migrations of ${name} are scheduled`, {
    hint: `look at them with \`causeway client scheduled ${name}\`, then name one with --operation: ${ids.join(", ")}`,
  });
}

async function freshClient({ source, trustingPeriod }: Request, old: TrustedClient): Promise<NewClient> {
  return source.admin.bootstrap({ trustingPeriod: trustingPeriod ?? old.expiresAt - old.timestamp });
}

function describe({ client, status, migration, transaction, calls }: Migrated): string {
  const shown = migration === null ? "" : `\n${describeMigration(migration)}`;
  switch (status) {
    case "unchanged":
      return `${client} is active and nothing is scheduled: nothing was done (--active replaces it nevertheless)`;
    case "prepared":
      return [
        `${client}: a new light client is at ${calls?.address}; nothing is scheduled yet. It trusts:`,
        ...describeFacts(calls?.facts ?? []),
        `the client admin calls ${calls?.to}, now with`,
        `  ${calls?.schedule}`,
        "and after its delay with",
        `  ${calls?.execute}`,
      ].join("\n");
    case "scheduled":
      return `${client}: a new light client is scheduled to take over; run this again from ${migration?.executableAt}${shown}`;
    case "cancelled":
      return `${client}: cancelled in ${transaction}${shown}`;
    case "migrated":
      return (
        `${client}: the new light client has taken over${transaction === null ? "" : ` in ${transaction}`}` +
        `\nif its lane was stopped: causeway client resume ${client} --because "…"${shown}`
      );
  }
}
