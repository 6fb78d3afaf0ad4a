// What only a chain's governance may do: proposed with the deposit it wants, voted for with the signer's own stake, and waited for. All there
// is to know is on the chain: whoever was stopped in between goes on by calling again.
import { setTimeout as delay } from "node:timers/promises";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { bech32 } from "@scure/base";
import type { Coin } from "cosmjs-types/cosmos/base/v1beta1/coin";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { ProposalStatus, VoteOption } from "cosmjs-types/cosmos/gov/v1/gov";
import type { Proposal } from "cosmjs-types/cosmos/gov/v1/gov";
import {
  QueryParamsRequest,
  QueryParamsResponse,
  QueryProposalRequest,
  QueryProposalResponse,
  QueryProposalsRequest,
  QueryProposalsResponse,
} from "cosmjs-types/cosmos/gov/v1/query";
import { MsgSubmitProposal, MsgVote } from "cosmjs-types/cosmos/gov/v1/tx";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "./context.ts";
import { clock } from "./rpc/clock.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { query } from "./rpc/query.ts";
import { attributeOf } from "./submit/included.ts";
import { anyOf } from "./submit/messages.ts";
import { sendMessages } from "./submit/send-messages.ts";
import type { Sender } from "./submit/sender.ts";

export interface GovernanceAct {
  readonly title: string;
  readonly summary: string;
  readonly message: Any;
  /** Whether another proposal's message does the same. */
  isSame(message: Any): boolean;
  isDone(endpoint: CometEndpoint): Promise<boolean>;
}

/** The account in whose name governance acts (Cosmos SDK x/auth NewModuleAddress). */
export const governanceAddress = (accountPrefix: string): string =>
  bech32.encode(accountPrefix, bech32.toWords(sha256(utf8ToBytes("gov")).subarray(0, 20)), 90);

const { PROPOSAL_STATUS_DEPOSIT_PERIOD: DEPOSIT, PROPOSAL_STATUS_VOTING_PERIOD: VOTING } = ProposalStatus;
const { PROPOSAL_STATUS_REJECTED: REJECTED, PROPOSAL_STATUS_FAILED: FAILED } = ProposalStatus;

const MOST_PROPOSALS = 50n;

/** Proposals of one message that are neither decided nor given up, newest first. */
export async function openProposals(endpoint: CometEndpoint): Promise<Proposal[]> {
  const found: Proposal[] = [];
  for (const proposalStatus of [VOTING, DEPOSIT]) {
    const pagination = { limit: MOST_PROPOSALS, reverse: true };
    const request = QueryProposalsRequest.fromPartial({ proposalStatus, pagination });
    const types = [QueryProposalsRequest, QueryProposalsResponse] as const;
    const { proposals } = await query(endpoint, "/cosmos.gov.v1.Query/Proposals", types, request);
    found.push(...proposals.filter(({ messages }) => messages.length === 1));
  }
  return found;
}

const readProposal = async (endpoint: CometEndpoint, proposalId: bigint): Promise<Proposal | undefined> => {
  const types = [QueryProposalRequest, QueryProposalResponse] as const;
  return (await query(endpoint, "/cosmos.gov.v1.Query/Proposal", types, { proposalId })).proposal;
};

/** What a proposal has to be given before it is voted on. */
export async function readDeposit({ endpoints }: ChainContext): Promise<Coin[]> {
  const types = [QueryParamsRequest, QueryParamsResponse] as const;
  const request = { paramsType: "deposit" };
  const { params } = await endpoints.use((endpoint) => query(endpoint, "/cosmos.gov.v1.Query/Params", types, request));
  return params?.minDeposit ?? [];
}

async function submitProposal(context: ChainContext, sender: Sender, act: GovernanceAct): Promise<bigint> {
  const message = MsgSubmitProposal.fromPartial({
    messages: [act.message],
    initialDeposit: await readDeposit(context),
    proposer: sender.signer.address,
    title: act.title,
    summary: act.summary,
  });
  const messages = [anyOf(MsgSubmitProposal, message)];
  const included = await sendMessages(context, sender, { what: "submit proposal", messages });
  const id = attributeOf(included, "submit_proposal", "proposal_id") ?? "";
  if (/^\d{1,19}$/.test(id)) return BigInt(id);
  throw new CausewayError("RPC_BAD_ANSWER", `transaction ${included.id} made a proposal without naming it`);
}

/** Returns the id of the open proposal that does the same, or of a new one. */
export async function propose(context: ChainContext, sender: Sender, act: GovernanceAct): Promise<bigint> {
  const { config, dependencies, endpoints } = context;
  const open = await endpoints.use((endpoint) => openProposals(endpoint));
  const same = open.find(({ messages: [message] }) => message !== undefined && act.isSame(message))?.id;
  const id = same ?? (await submitProposal(context, sender, act));
  dependencies.logger.info(
    { chainId: config.chainId, proposal: id, title: act.title },
    same === undefined ? "proposed to governance" : "proposed to governance before",
  );
  return id;
}

/** Votes yes with the signer's own stake; undefined when nothing is voted on. */
export async function vote(context: ChainContext, sender: Sender, proposalId: bigint): Promise<string | undefined> {
  const proposal = await context.endpoints.use((endpoint) => readProposal(endpoint, proposalId));
  if (proposal?.status !== VOTING) return undefined;
  const voter = sender.signer.address;
  const message = MsgVote.fromPartial({ proposalId, voter, option: VoteOption.VOTE_OPTION_YES });
  const { id } = await sendMessages(context, sender, { what: "vote", messages: [anyOf(MsgVote, message)] });
  const fields = { chainId: context.config.chainId, proposal: proposalId, voter };
  context.dependencies.logger.info(fields, "voted yes with the signer's own stake, waiting for the outcome");
  return id;
}

/**
 * Waits for a proposal's outcome, for as long as a submission is followed at most. Returns why it is not done yet, undefined when it is. Throws
 * TRANSACTION_REVERTED when it was rejected or failed.
 */
export async function awaitOutcome(
  { config, dependencies, endpoints }: ChainContext,
  id: bigint,
  act: Pick<GovernanceAct, "isDone">,
): Promise<string | undefined> {
  const bound = config.confirmationTimeoutSeconds;
  const deadline = dependencies.now() + bound * 1_000;
  while (dependencies.now() < deadline) {
    if (await endpoints.use((endpoint) => act.isDone(endpoint))) return undefined;
    const proposal = await endpoints.use((endpoint) => readProposal(endpoint, id));
    if (proposal?.status === REJECTED || proposal?.status === FAILED) throw defeated(config.chainId, proposal);
    if (proposal?.status === DEPOSIT) return "still lacks its deposit";
    if (proposal?.status === VOTING) {
      const left = endOf(proposal) - (await endpoints.use((endpoint) => clock(endpoint)));
      if (left > BigInt(Math.ceil(bound))) return `is voted on for another ${left} s`;
    }
    await delay(config.pollMilliseconds);
  }
  return "is not carried out yet";
}

/** Unix seconds at which its deposit or its vote is over. */
export const endOf = ({ votingEndTime, depositEndTime }: Proposal): bigint =>
  votingEndTime?.seconds ?? depositEndTime?.seconds ?? 0n;

const defeated = (chainId: string, { id, status, failedReason }: Proposal): CausewayError =>
  new CausewayError(
    "TRANSACTION_REVERTED",
    `proposal ${id} of ${chainId} ${status === FAILED ? `passed and failed: ${failedReason.slice(0, 300)}` : "was rejected"}`,
    { context: { chainId, proposal: id } },
  );

export const undecided = ({ config }: ChainContext, id: bigint, why: string): CausewayError =>
  new CausewayError("NOT_AUTHORIZED", `governance of ${config.chainId} has to decide: proposal ${id} ${why}`, {
    hint: `have proposal ${id} pass (who has stake votes yes), then run the same command again: it goes on from there`,
    context: { chainId: config.chainId, proposal: id },
  });

/**
 * Done when it returns. Throws NOT_AUTHORIZED, with the proposal's id in its context, when the vote takes longer than a submission is followed;
 * TRANSACTION_REVERTED when the proposal was rejected or failed.
 */
export async function enact(context: ChainContext, sender: Sender, act: GovernanceAct): Promise<void> {
  if (await context.endpoints.use((endpoint) => act.isDone(endpoint))) return;
  const id = await propose(context, sender, act);
  await vote(context, sender, id);
  const why = await awaitOutcome(context, id, act);
  if (why !== undefined) throw undecided(context, id, why);
}
