// What only a chain's governance may do: proposed with the deposit it wants, voted for with the signer's own stake, and waited for. All there
// is to know is on the chain: whoever was stopped in between goes on by calling again.
import { setTimeout as delay } from "node:timers/promises";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { bech32 } from "@scure/base";
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

async function findOpen(endpoint: CometEndpoint, act: GovernanceAct): Promise<bigint | undefined> {
  for (const proposalStatus of [VOTING, DEPOSIT]) {
    const request = QueryProposalsRequest.fromPartial({
      proposalStatus,
      pagination: { limit: MOST_PROPOSALS, reverse: true },
    });
    const types = [QueryProposalsRequest, QueryProposalsResponse] as const;
    const { proposals } = await query(endpoint, "/cosmos.gov.v1.Query/Proposals", types, request);
    const found = proposals.find(({ messages: [only, ...more] }) => only && more.length === 0 && act.isSame(only));
    if (found !== undefined) return found.id;
  }
  return undefined;
}

async function submitProposal(context: ChainContext, sender: Sender, act: GovernanceAct): Promise<bigint> {
  const { params } = await context.endpoints.use((endpoint) => {
    const types = [QueryParamsRequest, QueryParamsResponse] as const;
    return query(endpoint, "/cosmos.gov.v1.Query/Params", types, { paramsType: "deposit" });
  });
  const message = MsgSubmitProposal.fromPartial({
    messages: [act.message],
    initialDeposit: params?.minDeposit ?? [],
    proposer: sender.signer.address,
    title: act.title,
    summary: act.summary,
  });
  const included = await sendMessages(context, sender, {
    what: "submit proposal",
    messages: [anyOf(MsgSubmitProposal, message)],
  });
  const id = attributeOf(included, "submit_proposal", "proposal_id") ?? "";
  if (/^\d{1,19}$/.test(id)) return BigInt(id);
  throw new CausewayError("RPC_BAD_ANSWER", `transaction ${included.id} made a proposal without naming it`);
}

const readProposal = async (endpoint: CometEndpoint, proposalId: bigint): Promise<Proposal | undefined> =>
  (
    await query(endpoint, "/cosmos.gov.v1.Query/Proposal", [QueryProposalRequest, QueryProposalResponse], {
      proposalId,
    })
  ).proposal;

const waits = ({ config }: ChainContext, id: bigint, why: string): CausewayError =>
  new CausewayError("NOT_AUTHORIZED", `governance of ${config.chainId} has to decide: proposal ${id} ${why}`, {
    hint: `have proposal ${id} pass (who has stake votes yes), then run the same command again: it goes on from there`,
    context: { chainId: config.chainId, proposal: id },
  });

/**
 * Done when it returns. Throws NOT_AUTHORIZED, with the proposal's id in its context, when the vote takes longer than a submission is followed;
 * TRANSACTION_REVERTED when the proposal was rejected or failed.
 */
export async function enact(context: ChainContext, sender: Sender, act: GovernanceAct): Promise<void> {
  const { config, dependencies, endpoints } = context;
  const fields = { chainId: config.chainId, title: act.title };
  const { logger, now } = dependencies;
  if (await endpoints.use((endpoint) => act.isDone(endpoint))) return;
  const open = await endpoints.use((endpoint) => findOpen(endpoint, act));
  const id = open ?? (await submitProposal(context, sender, act));
  logger.info(
    { ...fields, proposal: id },
    open === undefined ? "proposed to governance" : "already proposed to governance",
  );

  const bound = config.confirmationTimeoutSeconds;
  const deadline = now() + bound * 1_000;
  let hasVoted = false;
  while (now() < deadline) {
    if (await endpoints.use((endpoint) => act.isDone(endpoint))) return;
    const proposal = await endpoints.use((endpoint) => readProposal(endpoint, id));
    if (proposal?.status === REJECTED || proposal?.status === FAILED)
      throw new CausewayError(
        "TRANSACTION_REVERTED",
        `proposal ${id} of ${config.chainId} was ${proposal.status === FAILED ? `carried out and failed: ${proposal.failedReason.slice(0, 300)}` : "rejected"}`,
        { context: { chainId: config.chainId, proposal: id } },
      );
    if (proposal?.status === DEPOSIT) throw waits(context, id, "still lacks its deposit");
    if (proposal?.status === VOTING) {
      if (!hasVoted) await vote(context, sender, id);
      hasVoted = true;
      const end = proposal.votingEndTime?.seconds ?? 0n;
      const left = end - (await endpoints.use((endpoint) => clock(endpoint)));
      if (left > BigInt(Math.ceil(bound))) throw waits(context, id, `is voted on for another ${left} s`);
    }
    await delay(config.pollMilliseconds);
  }
  throw waits(context, id, "is not carried out yet");
}

async function vote(context: ChainContext, sender: Sender, proposalId: bigint): Promise<void> {
  const voter = sender.signer.address;
  const message = MsgVote.fromPartial({ proposalId, voter, option: VoteOption.VOTE_OPTION_YES });
  await sendMessages(context, sender, { what: "vote", messages: [anyOf(MsgVote, message)] });
  const fields = { chainId: context.config.chainId, proposal: proposalId, voter };
  context.dependencies.logger.info(fields, "voted yes with the signer's own stake, waiting for the outcome");
}
