// The prove stage's source: from what the target's light client trusts now, the updates and state proofs for a batch at one
// height. Everything an endpoint gives is judged by our own verifier first; the next endpoint is tried when it is refused.
import type { ProveRequest } from "../source-chain.ts";
import type { Claim } from "../protocol/claim.ts";
import { envelope, ENVELOPE_VERSION } from "../protocol/envelope.ts";
import { CausewayError, isCausewayError } from "../protocol/error.ts";
import type { Reason } from "../protocol/reason.ts";
import { requireActive } from "../require-active.ts";
import type { ChainContext } from "./context.ts";
import { followedState } from "./followed-state.ts";
import { advance, refused } from "./light-blocks/advance.ts";
import type { Advanced, Budget } from "./light-blocks/advance.ts";
import { endpointBlocks } from "./light-blocks/endpoint-blocks.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { getHeight } from "./rpc/head.ts";
import { getStoreProofs } from "./rpc/store-proof.ts";
import type { StoreProof } from "./rpc/store-proof.ts";
import { latestOf } from "./verify/status.ts";
import { toSeconds } from "./verify/time.ts";
import { encodeTrustedState } from "./verify/trusted-state.ts";
import type { CometState } from "./verify/trusted-state.ts";
import { verifyComet } from "./verify/verify.ts";

/** Reasons that tell the truth about the chain, so that another endpoint would say the same: the verify stage reports them. */
const NOT_THE_ENDPOINTS_FAULT: ReadonlySet<Reason> = new Set([
  "VALUE_ABSENT",
  "VALUE_PRESENT",
  "VALUE_MISMATCH",
] satisfies Reason[]);

/** What goes well into one transaction: on an EVM chain 9 million gas of signatures, elsewhere a third of a block's usual bytes. */
const BUDGET: Budget = { signatures: 120, bytes: 400_000 };
/** Beside a batch of messages. */
const HALF_BUDGET: Budget = { signatures: BUDGET.signatures / 2, bytes: BUDGET.bytes / 2 };

/** The state after a block is in the header of the next one, and nodes prove none of before the second block. */
const FIRST_PROVABLE = 3n;

/**
 * Without claims the evidence may end below `minHeight`, when one transaction cannot carry it all. Throws CLIENT_BEHIND when there are claims,
 * NOT_FINAL_YET, CLIENT_FROZEN, CLIENT_EXPIRED, UNSUPPORTED, and the last endpoint's failure when none gave evidence that verifies.
 */
export async function prove(context: ChainContext, request: ProveRequest, signal: AbortSignal): Promise<Uint8Array> {
  const state = activeState(context, request);
  const proveBy = request.claims.length === 0 ? updatesOnly : withClaims;
  // An endpoint that is a block behind is not to blame, and not the last one asked.
  const { answer } = await context.endpoints.consult(
    async (endpoint) => {
      try {
        return await proveBy(context, { ...request, state, endpoint, signal });
      } catch (error) {
        if (isCausewayError(error) && error.code === "NOT_FINAL_YET") return error;
        throw error;
      }
    },
    (given) => !isCausewayError(given),
  );
  if (isCausewayError(answer)) throw answer;
  return answer;
}

interface Proving extends ProveRequest {
  readonly state: CometState;
  readonly endpoint: CometEndpoint;
  readonly signal: AbortSignal;
}

function activeState({ config }: ChainContext, { trusted }: ProveRequest): CometState {
  const state = followedState(config, trusted);
  requireActive(trusted);
  return state;
}

const notFinal = ({ config }: ChainContext, head: bigint, height: bigint): CausewayError =>
  new CausewayError("NOT_FINAL_YET", `${config.chainId} is at height ${head}, waiting for ${height}`, { height });

const timestampOf = (state: CometState): bigint => toSeconds(latestOf(state).timestamp);

const reaches = (state: CometState, height: bigint, { minTimestamp = 0n }: ProveRequest): boolean =>
  latestOf(state).height >= height && timestampOf(state) >= minTimestamp;

async function updatesOnly(context: ChainContext, proving: Proving): Promise<Uint8Array> {
  const { state, minHeight } = proving;
  const head = await getHeight(proving.endpoint, proving.signal);
  const isCurrent = head <= latestOf(state).height;
  if (!isCurrent && head >= minHeight) return encode(context, proving, await advanceTo(context, proving, head, BUDGET));
  // A client that is asked to be brought up to date, and is: nothing is missing.
  if (isCurrent && reaches(state, minHeight, proving)) return encode(context, proving, unchanged(state));
  throw notFinal(context, head, head >= minHeight ? head + 1n : minHeight);
}

async function withClaims(context: ChainContext, proving: Proving): Promise<Uint8Array> {
  const { state, minHeight } = proving;
  const height = minHeight + 1n > FIRST_PROVABLE ? minHeight + 1n : FIRST_PROVABLE;
  const soon = reaches(state, height, proving) ? await withoutUpdate(context, proving) : undefined;
  if (soon !== undefined) return soon;
  const head = await getHeight(proving.endpoint, proving.signal);
  if (head < height || head <= latestOf(state).height)
    throw notFinal(context, head, head < height ? height : head + 1n);
  // The proofs do not depend on how the light client gets there.
  const [advanced, proofs] = await Promise.all([
    advanceTo(context, proving, head, HALF_BUDGET),
    readProofs(proving, head - 1n),
  ]);
  if (!advanced.isComplete) throw tooFarBehind(context, proving, advanced);
  if (!reaches(advanced.state, height, proving)) throw notFinal(context, head, head + 1n);
  return claimsEnvelope(context, proving, advanced, proofs);
}

/** Undefined when the endpoint does not have the state of the trusted height any more: then a newer one has to be trusted first. */
async function withoutUpdate(context: ChainContext, proving: Proving): Promise<Uint8Array | undefined> {
  try {
    const { state } = proving;
    const proofs = await readProofs(proving, latestOf(state).height - 1n);
    return await claimsEnvelope(context, proving, unchanged(state), proofs);
  } catch (error) {
    if (!isCausewayError(error) || error.code !== "RPC_STALE") throw error;
    const { clientId, height } = proving.trusted;
    context.dependencies.logger.debug({ clientId, height }, "nothing can be proven under the trusted height");
    return undefined;
  }
}

const unchanged = (state: CometState): Advanced => ({ updates: [], hashes: [], state, isComplete: true });

async function advanceTo(
  { validatorSets, signedHeaders }: ChainContext,
  { state, trusted, endpoint, signal }: Proving,
  target: bigint,
  budget: Budget,
): Promise<Advanced> {
  const blocks = endpointBlocks(endpoint, validatorSets, signal);
  const advanced = await advance({ state, now: trusted.now, target, budget }, blocks);
  for (const hash of advanced.hashes) signedHeaders.add(hash);
  return advanced;
}

const tooFarBehind = ({ config }: ChainContext, request: ProveRequest, { updates, state }: Advanced): CausewayError => {
  const { clientId, height } = request.trusted;
  return new CausewayError(
    "CLIENT_BEHIND",
    `${request.targetChain}/${clientId} is too far behind ${config.chainId} for one transaction: ${updates.length} updates lead from height ${height} to ${latestOf(state).height} only`,
    { context: { clientId, height, chainId: config.chainId } },
  );
};

/** Of the state after block `height`. */
const readProofs = ({ endpoint, claims, signal }: Proving, height: bigint): Promise<StoreProof[]> =>
  getStoreProofs(endpoint, { paths: claims.map(({ path }) => path), height }, signal);

/** At the newest height of the advanced state. Throws EVIDENCE_REFUSED when our own verifier refuses the endpoint's proofs. */
async function claimsEnvelope(
  context: ChainContext,
  proving: Proving,
  advanced: Advanced,
  proofs: readonly StoreProof[],
): Promise<Uint8Array> {
  const { endpoint, trusted } = proving;
  const bytes = encode(context, proving, { ...advanced, updates: [] }, proofs);
  const { judge = verifyComet } = context.dependencies;
  const verdict = await judge({ trusted: encodeTrustedState(advanced.state), envelope: bytes, now: trusted.now });
  if (!verdict.ok && !NOT_THE_ENDPOINTS_FAULT.has(verdict.reason)) throw refused(endpoint.name, verdict.reason);
  return advanced.updates.length === 0 ? bytes : encode(context, proving, advanced, proofs);
}

const NOTHING = new Uint8Array();

const encode = (
  { config }: ChainContext,
  { targetChain, trusted, claims }: ProveRequest,
  { updates, state }: Advanced,
  proofs: readonly StoreProof[] = [],
): Uint8Array =>
  envelope.encode({
    version: ENVELOPE_VERSION,
    sourceChain: config.chainId,
    targetChain,
    clientId: trusted.clientId,
    updates: [...updates],
    height: latestOf(state).height,
    rootProof: proofs[0]?.root ?? NOTHING,
    claims: claims.map((claim, index) => encodeClaim(claim, proofs[index]?.claim ?? NOTHING)),
  });

const encodeClaim = (claim: Claim, proof: Uint8Array) => ({
  membership: claim.kind === "membership" ? 1n : 0n,
  path: claim.path,
  value: claim.kind === "membership" ? claim.value : NOTHING,
  proof,
});
