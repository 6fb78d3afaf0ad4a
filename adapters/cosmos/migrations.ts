// Recovering a light client: on an ibc-go chain governance gives a frozen or expired one the state of another, in one step when its proposal
// passes. Until then everybody sees what is coming, and its proposer can take it back.
import type { Proposal } from "cosmjs-types/cosmos/gov/v1/gov";
import { MsgCancelProposal } from "cosmjs-types/cosmos/gov/v1/tx";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { MsgRecoverClient } from "cosmjs-types/ibc/core/client/v1/tx";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { ClientMigrations, ScheduledMigration } from "../migration.ts";
import type { NewClient, TrustedClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { createClient } from "./create-client.ts";
import {
  awaitOutcome,
  endOf,
  governanceAddress,
  openProposals,
  propose,
  readDeposit,
  undecided,
  vote,
} from "./governance.ts";
import type { GovernanceAct } from "./governance.ts";
import { readTrusted } from "./hosted/light-clients.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { anyOf } from "./submit/messages.ts";
import { sendMessages } from "./submit/send-messages.ts";
import type { Sender } from "./submit/sender.ts";
import { decodeTrustedState, encodeTrustedState } from "./verify/trusted-state.ts";

interface Recovery {
  readonly subject: string;
  readonly substitute: string;
}

/** Undefined for a message that does something else. */
export function recoveryIn({ typeUrl, value }: Any): Recovery | undefined {
  if (typeUrl !== MsgRecoverClient.typeUrl) return undefined;
  try {
    const { subjectClientId: subject, substituteClientId: substitute } = MsgRecoverClient.decode(value);
    return { subject, substitute };
  } catch {
    return undefined;
  }
}

/** ibc-go takes a substitute only when it differs in nothing but height, chain id and trusting period. */
export function substituteFor({ clientType, state }: TrustedClient, replacement: NewClient): NewClient {
  const [old, fresh] = [decodeTrustedState(state), decodeTrustedState(replacement.state)];
  if (clientType !== "cometbft" || old === undefined || fresh === undefined) return replacement;
  const { trustLevelNumerator, trustLevelDenominator, unbondingPeriod, maxClockDrift } = old;
  const same = { ...fresh, trustLevelNumerator, trustLevelDenominator, unbondingPeriod, maxClockDrift };
  return { clientType, state: encodeTrustedState(same) };
}

export function createMigrations(context: ChainContext, sender: () => Promise<Sender>): ClientMigrations {
  const { config, endpoints } = context;
  const trusted = (clientId: string): Promise<TrustedClient> =>
    endpoints.use((endpoint) => readTrusted(context, endpoint, clientId));

  const actOf = ({ subject, substitute }: Recovery): GovernanceAct => ({
    title: `Recover light client ${subject}`,
    summary: `Gives ${subject}, which is frozen or expired, the state of ${substitute}.`,
    message: anyOf(MsgRecoverClient, {
      subjectClientId: subject,
      substituteClientId: substitute,
      signer: governanceAddress(config.accountPrefix),
    }),
    isSame(message) {
      const other = recoveryIn(message);
      return other?.subject === subject && other.substitute === substitute;
    },
    isDone: async (endpoint) => (await readTrusted(context, endpoint, subject)).status === "active",
  });

  /** Throws INVALID_ARGUMENT for what governance could not recover with it. */
  const createSubstitute = async (clientId: string, replacement: NewClient): Promise<string> => {
    const subject = await trusted(clientId);
    if (subject.status === "active")
      throw new CausewayError(
        "INVALID_ARGUMENT",
        `light client ${clientId} is active: a chain of ibc-go recovers no such`,
        {
          hint: "create another light client, and a route over it",
          context: { chainId: config.chainId, clientId },
        },
      );
    if (subject.clientType !== replacement.clientType)
      throw new CausewayError(
        "INVALID_ARGUMENT",
        `light client ${clientId} is of type ${subject.clientType}, another of type ${replacement.clientType} cannot replace it`,
      );
    return createClient(context, await sender(), substituteFor(subject, replacement));
  };

  const scheduled = (clientId: string): Promise<ScheduledMigration[]> =>
    endpoints.use(async (endpoint) => {
      await readTrusted(context, endpoint, clientId);
      const found: ScheduledMigration[] = [];
      for (const proposal of (await openProposals(endpoint)).toReversed()) {
        const recovery = proposal.messages[0] && recoveryIn(proposal.messages[0]);
        if (recovery?.subject === clientId) found.push(await migrationOf(context, endpoint, proposal, recovery));
      }
      return found;
    });

  return {
    scheduled,
    async schedule(clientId, replacement) {
      const substitute = await createSubstitute(clientId, replacement);
      const act = actOf({ subject: clientId, substitute });
      const from = await sender();
      const id = await propose(context, from, act);
      await vote(context, from, id);
      const why = await awaitOutcome(context, id, act);
      if (why === undefined) return { now: true };
      const migration = (await scheduled(clientId)).find((each) => each.id === id.toString());
      if (migration !== undefined) return { now: false, migration };
      throw undecided(context, id, why);
    },
    async prepare(clientId, replacement) {
      const address = await createSubstitute(clientId, replacement);
      const { title, summary } = actOf({ subject: clientId, substitute: address });
      const to = governanceAddress(config.accountPrefix);
      const message = {
        "@type": MsgRecoverClient.typeUrl,
        subject_client_id: clientId,
        substitute_client_id: address,
        signer: to,
      };
      const deposit = (await readDeposit(context)).map(({ amount, denom }) => `${amount}${denom}`).join(",");
      return {
        to,
        schedule: JSON.stringify({ messages: [message], deposit, title, summary }),
        execute: "nothing: a proposal that passes is carried out at once",
        replacement: await trusted(address),
        address,
      };
    },
    async execute({ id, clientId, address }) {
      const transaction = await vote(context, await sender(), BigInt(id));
      const why = await awaitOutcome(context, BigInt(id), actOf({ subject: clientId, substitute: address }));
      if (why !== undefined || transaction === undefined)
        throw undecided(context, BigInt(id), why ?? "was decided before");
      return { transaction };
    },
    async cancel({ id, scheduledBy }) {
      const from = await sender();
      const proposer = from.signer.address;
      if (proposer !== scheduledBy)
        throw new CausewayError("NOT_AUTHORIZED", `${scheduledBy} proposed it, ${proposer} cannot take it back`, {
          hint: `run this with the key of ${scheduledBy}, or have proposal ${id} of ${config.chainId} voted down`,
          context: { chainId: config.chainId, proposal: id },
        });
      const message = anyOf(MsgCancelProposal, { proposalId: BigInt(id), proposer });
      const included = await sendMessages(context, from, { what: "cancel proposal", messages: [message] });
      return { transaction: included.id };
    },
  };
}

async function migrationOf(
  context: ChainContext,
  endpoint: CometEndpoint,
  proposal: Proposal,
  { subject, substitute }: Recovery,
): Promise<ScheduledMigration> {
  const end = endOf(proposal);
  return {
    id: proposal.id.toString(),
    clientId: subject,
    scheduledBy: proposal.proposer,
    executableAt: end,
    expiresAt: end,
    replacement: await substituteOf(context, endpoint, substitute),
    address: substitute,
  };
}

/** Undefined when it is nothing that we can read. */
async function substituteOf(
  context: ChainContext,
  endpoint: CometEndpoint,
  clientId: string,
): Promise<TrustedClient | undefined> {
  try {
    return await readTrusted(context, endpoint, clientId);
  } catch (error) {
    if (isCausewayError(error) && (error.code === "UNSUPPORTED" || error.code === "CLIENT_NOT_FOUND")) return undefined;
    throw error;
  }
}
