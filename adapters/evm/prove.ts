// The prove stage's source: from what the target's light client trusts now, the updates and state proofs for a batch at one
// height. Everything an endpoint gives is judged by our own verifier first; the next endpoint is tried when it is refused.
import type { ProveRequest } from "../source-chain.ts";
import type { Claim } from "../protocol/claim.ts";
import { envelope, ENVELOPE_VERSION } from "../protocol/envelope.ts";
import { CausewayError, isCausewayError } from "../protocol/error.ts";
import type { Reason } from "../protocol/reason.ts";
import { refused } from "./consensus/advance.ts";
import type { Advanced } from "./consensus/advance.ts";
import { requireActive } from "../require-active.ts";
import type { ChainContext } from "./context.ts";
import { followedState } from "./followed-state.ts";
import { forkErrorBehind } from "./forks-ahead.ts";
import { olderBlock } from "./older-block.ts";
import type { OlderBlock } from "./older-block.ts";
import { getHeader } from "./rpc/block-header.ts";
import { fromHex } from "./rpc/hex.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import { getStateProof } from "./rpc/state-proof.ts";
import { storageSlot } from "./storage-slot.ts";
import { rootProof, storageProof } from "./verify/evidence.ts";
import { encodeTrustedState } from "./verify/trusted-state.ts";
import type { BeaconState } from "./verify/trusted-state.ts";
import { verifyBeacon } from "./verify/verify.ts";

/** Reasons that tell the truth about the chain, so that another endpoint would say the same: the verify stage reports them. */
const NOT_THE_ENDPOINTS_FAULT: ReadonlySet<Reason> = new Set([
  "VALUE_ABSENT",
  "VALUE_PRESENT",
  "VALUE_MISMATCH",
] satisfies Reason[]);

/**
 * What goes well into one transaction: 15 updates without absentees, 3.8 million gas and 40 KB; with the fewest participants 3, of 25 KB each.
 * Beside a batch of messages half of it.
 */
const MOST_WORK = 600;

/**
 * Without claims the evidence may end below `minHeight`, when one transaction cannot carry it all. Throws CLIENT_BEHIND when there are claims,
 * NOT_FINAL_YET, CLIENT_FROZEN, CLIENT_EXPIRED, FORK_UNKNOWN, and the last endpoint's failure when none gave evidence that verifies.
 */
export async function prove(context: ChainContext, request: ProveRequest, signal: AbortSignal): Promise<Uint8Array> {
  const state = activeState(context, request);
  if (request.claims.length > 0 && reaches(request, state)) {
    const envelope =
      (await withoutUpdate(context, request, () => claimsEnvelope(context, request, current(state), signal))) ??
      (await withoutUpdate(context, request, () => olderEnvelope(context, request, state, signal)));
    if (envelope !== undefined) return envelope;
  }
  const advanced = await advanceTo(context, request, state, signal);
  if (request.claims.length === 0) return encode(context, request, advanced);
  if (!advanced.isComplete) throw tooFarBehind(context, request, advanced);
  return claimsEnvelope(context, request, advanced, signal);
}

function activeState(context: ChainContext, request: ProveRequest): BeaconState {
  const { trusted } = request;
  const state = followedState(context.config, trusted);
  requireActive(trusted);
  return state;
}

const tooFarBehind = (
  { config }: ChainContext,
  { targetChain, trusted }: ProveRequest,
  { updates, state }: Advanced,
): CausewayError =>
  new CausewayError(
    "CLIENT_BEHIND",
    `${targetChain}/${trusted.clientId} is too far behind ${config.chainId} for one transaction: ${updates.length} updates lead from height ${trusted.height} to ${state.latestHeight} only`,
    { context: { clientId: trusted.clientId, height: trusted.height, chainId: config.chainId } },
  );

const reaches = (request: ProveRequest, state: BeaconState): boolean =>
  state.latestHeight >= request.minHeight && state.latestTimestamp >= (request.minTimestamp ?? 0n);

const current = (state: BeaconState): Advanced => ({ updates: [], state, isComplete: true });

/** Undefined when no endpoint serves the trusted height any more, or an older one: then a newer one has to be trusted first. */
async function withoutUpdate(
  context: ChainContext,
  request: ProveRequest,
  prove: () => Promise<Uint8Array | undefined>,
): Promise<Uint8Array | undefined> {
  try {
    return await prove();
  } catch (error) {
    if (!isCausewayError(error) || error.code.startsWith("CLIENT_") || error.code === "CANCELLED") throw error;
    context.dependencies.logger.debug(
      { clientId: request.trusted.clientId, height: request.trusted.height, code: error.code },
      "nothing can be proven under the trusted height",
    );
    return undefined;
  }
}

async function advanceTo(
  context: ChainContext,
  request: ProveRequest,
  state: BeaconState,
  signal: AbortSignal,
): Promise<Advanced> {
  const { minHeight, minTimestamp = 0n, trusted, claims } = request;
  const mostWork = claims.length === 0 ? MOST_WORK : MOST_WORK / 2;
  try {
    return await context.consensus.advance({ state, now: trusted.now, minHeight, minTimestamp, mostWork }, signal);
  } catch (error) {
    // A client that is asked to be brought up to date, and is: nothing is missing.
    const isCurrent = isCausewayError(error) && error.code === "NOT_FINAL_YET" && reaches(request, state);
    if (isCurrent && claims.length === 0) return current(state);
    throw (await forkErrorBehind(error, context, request, state)) ?? error;
  }
}

async function claimsEnvelope(
  context: ChainContext,
  request: ProveRequest,
  advanced: Advanced,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { execution } = context;
  return execution.use(async (endpoint) => {
    const proofs = await readProofs(context, request, endpoint, { height: advanced.state.latestHeight }, signal);
    const bytes = encode(context, request, { ...advanced, updates: [] }, proofs);
    await requireVerified(context, request, advanced.state, bytes, endpoint);
    return advanced.updates.length === 0 ? bytes : encode(context, request, advanced, proofs);
  });
}

/** Undefined when every endpoint's newest block is of no use. */
async function olderEnvelope(
  context: ChainContext,
  request: ProveRequest,
  state: BeaconState,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { answer } = await context.execution.consult(
    async (endpoint) => {
      const block = await olderBlock(context, request, state, endpoint, signal);
      if (block === undefined) return undefined;
      const bytes = encode(
        context,
        request,
        current(state),
        await readProofs(context, request, endpoint, block, signal),
      );
      await requireVerified(context, request, state, bytes, endpoint);
      return bytes;
    },
    (bytes) => bytes !== undefined,
  );
  return answer;
}

/** Throws EVIDENCE_REFUSED when the endpoint gave proofs that our own verifier refuses. */
async function requireVerified(
  { dependencies: { judge = verifyBeacon } }: ChainContext,
  request: ProveRequest,
  state: BeaconState,
  bytes: Uint8Array,
  { name }: RpcEndpoint,
): Promise<void> {
  const verdict = await judge({ trusted: encodeTrustedState(state), envelope: bytes, now: request.trusted.now });
  if (!verdict.ok && !NOT_THE_ENDPOINTS_FAULT.has(verdict.reason)) throw refused(name, verdict.reason);
}

interface Proofs {
  readonly height: bigint;
  readonly root: Uint8Array;
  readonly claims: readonly Uint8Array[];
}

async function readProofs(
  { config }: ChainContext,
  { claims }: ProveRequest,
  endpoint: RpcEndpoint,
  { height, ancestry }: Partial<OlderBlock> & { readonly height: bigint },
  signal: AbortSignal,
): Promise<Proofs> {
  const slots = claims.map(({ path }) => storageSlot(path));
  const [header, proof] = await Promise.all([
    getHeader(endpoint, height, signal),
    getStateProof(endpoint, { address: config.router, slots, height }, signal),
  ]);
  const { timestamp, stateRoot } = header;
  return {
    height,
    root: rootProof.encode({
      height,
      timestamp,
      stateRoot: fromHex(stateRoot),
      accountProof: proof.accountProof,
      ancestry: ancestry === undefined ? [] : [ancestry],
    }),
    claims: proof.storageProofs.map((nodes) => storageProof.encode(nodes)),
  };
}

const NOTHING = new Uint8Array();

function encode({ config }: ChainContext, request: ProveRequest, advanced: Advanced, proofs?: Proofs): Uint8Array {
  return envelope.encode({
    version: ENVELOPE_VERSION,
    sourceChain: config.chainId,
    targetChain: request.targetChain,
    clientId: request.trusted.clientId,
    updates: [...advanced.updates],
    height: proofs?.height ?? advanced.state.latestHeight,
    rootProof: proofs?.root ?? NOTHING,
    claims: request.claims.map((claim, index) => encodeClaim(claim, proofs?.claims[index] ?? NOTHING)),
  });
}

const encodeClaim = (claim: Claim, proof: Uint8Array) => ({
  membership: claim.kind === "membership" ? 1n : 0n,
  path: claim.path,
  value: claim.kind === "membership" ? claim.value : NOTHING,
  proof,
});
