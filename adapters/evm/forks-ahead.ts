// Forks of this chain that a light client of it does not know, in words an operator can act on.
import type { MissingFork } from "../chain-admin.ts";
import type { ForkAhead, HostedClient } from "../source-chain.ts";
import { CausewayError } from "../protocol/error.ts";
import { forkBehind } from "./consensus/fork-behind.ts";
import type { UnknownFork } from "./consensus/unknown-forks.ts";
import type { ChainContext } from "./context.ts";
import { followedState } from "./followed-state.ts";
import { encodeFork } from "./verify/trusted-state.ts";
import type { BeaconState, Fork } from "./verify/trusted-state.ts";

const indices = (row: Fork): string =>
  `${row.finalizedRootGindex}/${row.nextSyncCommitteeGindex}/${row.executionBlockHashGindex}`;

const describeRow = (row: Fork): string => `epoch ${row.epoch}, version ${row.version}, indices ${indices(row)}`;

function hintOf({ remedy }: UnknownFork, client: string): string {
  switch (remedy.kind) {
    case "add":
      return (
        `add its row (${describeRow(remedy.row)}) with \`causeway client add-fork ${client}\`, ` +
        "as an admin; the row counts only after the admin's delay"
      );
    case "update software":
      return "this version of Causeway does not know what the fork changes for light clients: update it first";
    default:
      return (
        `rows never change: put another light client behind the client id with \`causeway client migrate ${client} --active\`, ` +
        "as a client admin; that takes its delay, too"
      );
  }
}

/** Dates end long before epochs do, and an endpoint can say any epoch. */
const LAST_DATE = 8_640_000_000_000n;

const timeOf = (unixSeconds: bigint): string =>
  unixSeconds > LAST_DATE ? "after all dates" : new Date(Number(unixSeconds) * 1000).toISOString();

function forkAhead({ config }: ChainContext, { targetChain, trusted }: HostedClient, fork: UnknownFork): ForkAhead {
  const { beginsAt, hasBegun, epoch, version } = fork;
  const client = `${targetChain}/${trusted.clientId}`;
  const which = `epoch ${epoch}, version ${version}, ${timeOf(beginsAt)}`;
  const problem =
    fork.name === undefined
      ? `${client} expects a fork that ${config.chainId} does not have: ${which}`
      : `${client} does not know fork ${fork.name} of ${config.chainId}, which ${hasBegun ? "has begun" : "is to begin"}: ${which}`;
  return { name: fork.name ?? version, beginsAt, hasBegun, problem, hint: hintOf(fork, client) };
}

function forkError(context: ChainContext, client: HostedClient, fork: UnknownFork): CausewayError {
  const { problem, hint, name } = forkAhead(context, client, fork);
  const { epoch, version } = fork;
  return new CausewayError("FORK_UNKNOWN", problem, {
    hint,
    context: { clientId: client.trusted.clientId, chainId: context.config.chainId, fork: name, epoch, version },
  });
}

/** By the first endpoint that answers: enough for a warning. */
export async function forksAhead(context: ChainContext, client: HostedClient): Promise<ForkAhead[]> {
  const unknown = await context.consensus.unknownForks(followedState(context.config, client.trusted), {
    everyone: false,
  });
  return unknown.map((fork) => forkAhead(context, client, fork));
}

/** FORK_UNKNOWN when no evidence verifies because the chain is under a fork that the light client does not know. */
export async function forkErrorBehind(
  error: unknown,
  context: ChainContext,
  client: HostedClient,
  state: BeaconState,
): Promise<CausewayError | undefined> {
  const fork = await forkBehind(error, () => context.consensus.unknownForks(state, { everyone: false }));
  return fork && forkError(context, client, fork);
}

/** Throws FORK_UNKNOWN for a fork that a row cannot help with, RPC_BAD_ANSWER when endpoints disagree. */
export async function missingForks(context: ChainContext, client: HostedClient): Promise<MissingFork[]> {
  const unknown = await context.consensus.unknownForks(followedState(context.config, client.trusted), {
    everyone: true,
  });
  return unknown.map((fork) => {
    const { remedy, name } = fork;
    if (remedy.kind !== "add") throw forkError(context, client, fork);
    return { name: name ?? fork.version, description: describeRow(remedy.row), fork: encodeFork(remedy.row) };
  });
}
