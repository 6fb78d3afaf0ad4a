// `causeway client resume`: lets a lane go on that stood still because its light client contradicted its chain.
import { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import { openContradiction, recordComparison, resumeLane } from "#relayer/misbehaviour/contradictions.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import { hashOf } from "#relayer/pipeline/4-verify.ts";
import { createRoutes } from "#relayer/routes.ts";
import type { Lane } from "#relayer/routes.ts";
import { answer } from "./answer.ts";
import { formatEnd, parseEnd } from "./end-name.ts";
import { findLane } from "./find-lane.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const clientResumeCommand = (terminal: Terminal): Command =>
  new Command("resume")
    .description("relays over a light client again that contradicted its chain, once it does not any more")
    .argument("<chain/client>", "the light client, by the chain that hosts it")
    .requiredOption("--because <reason>", "what was found out; it goes into the proof log")
    .addHelpText(
      "after",
      `
Compares once more, and refuses while anything contradicts or the light client is not active.

Examples:
  causeway client resume eip155:10/beacon-0 --because "migrated after INC-7" --config relayer.yaml
  causeway client resume eip155:10/beacon-0 --because "our endpoint was on a fork, replaced" --json`,
    )
    .action(async (name: string, { because }: { because: string }, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const end = parseEnd(name);
      if (because.trim() === "" || because.length > 400)
        throw new CausewayError("INVALID_ARGUMENT", "--because: expected a reason of 1 to 400 characters");
      const config = await loadConfig(path);
      const lane = findLane(config, end);
      const resumed = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) => {
        await registerLanes(session.pool, createRoutes(config.routes));
        return resume(session, lane, because, terminal.signal);
      });
      answer(terminal, json, { client: formatEnd(end), resumed }, ({ client }) =>
        resumed ? `${client} is relayed over again` : `${client} was not stopped`,
      );
    });

/** False when the lane was not stopped. Throws CLIENT_CONTRADICTED, CLIENT_FROZEN, CLIENT_EXPIRED. */
async function resume(session: Session, lane: Lane, because: string, signal: AbortSignal): Promise<boolean> {
  const { pool } = session;
  const open = await openContradiction(pool, lane.id);
  if (open === undefined) return false;
  const [source, target, log] = await Promise.all([
    session.chain(lane.source.chain),
    session.chain(lane.target.chain),
    session.log(),
  ]);
  const trusted = await target.target.trusted(lane.target.client);
  if (trusted.status !== "active")
    throw new CausewayError(
      trusted.status === "frozen" ? "CLIENT_FROZEN" : "CLIENT_EXPIRED",
      `${lane.id} is ${trusted.status}: migrate it first`,
      { hint: `causeway client migrate ${lane.id}` },
    );
  const comparison = await source.source.compare(trusted, signal);
  await recordComparison(pool, lane.id, comparison, hashOf(trusted.state));
  const [first] = comparison.contradictions;
  if (first !== undefined)
    throw new CausewayError("CLIENT_CONTRADICTED", `${lane.id} still contradicts its chain: ${first.what}`, {
      context: { height: first.height },
    });
  const unknown = comparison.uncompared.find(({ height }) => height === open.height);
  if (unknown !== undefined)
    throw new CausewayError("CLIENT_CONTRADICTED", `${lane.id} cannot be compared at height ${open.height} any more`, {
      context: { height: open.height, why: unknown.why },
      hint: `have an endpoint of ${lane.source.chain} that serves the height: ${unknown.why}`,
    });
  // The log first: a lane that goes on without a word about why would be worse than a word too many.
  await log.append({ kind: "control", event: "lane resumed by an operator", detail: { lane: lane.id, because } });
  return resumeLane(pool, lane.id, because);
}
