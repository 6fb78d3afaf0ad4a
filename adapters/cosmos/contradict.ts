// What the source does about an update that a light client should not have accepted: it looks for a block of its own that the same validators
// signed against it.
import type { ContradictAnswer, ContradictRequest } from "../misbehaviour.ts";
import { isCausewayError } from "../protocol/error.ts";
import type { ChainContext } from "./context.ts";
import { followedState } from "./followed-state.ts";
import { canonicalUpdate } from "./light-blocks/canonical-update.ts";
import { endpointBlocks } from "./light-blocks/endpoint-blocks.ts";
import { provenBy } from "./light-blocks/proven-by.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { getHeight } from "./rpc/head.ts";
import { cometMisbehaviour, cometUpdate } from "./verify/evidence.ts";
import type { CometUpdate } from "./verify/evidence.ts";
import { verifyMisbehaviour } from "./verify/misbehaviour.ts";
import type { CometState } from "./verify/trusted-state.ts";

/** The report has passed our own verifier. */
export async function contradict(
  context: ChainContext,
  request: ContradictRequest,
  signal: AbortSignal,
): Promise<ContradictAnswer> {
  const { trusted } = request;
  const state = followedState(context.config, trusted);
  const accepted = readAccepted(request.accepted, state);
  if (accepted === undefined) return { ok: false, why: "what the light client accepted does not decode as an update" };
  const why: string[] = [];
  for (const endpoint of context.endpoints.endpoints) {
    const own = await ownUpdate(context, endpoint, { state, now: trusted.now, accepted, signal });
    if (typeof own === "string") {
      why.push(`${endpoint.name}: ${own}`);
      continue;
    }
    // The higher one first, when heights differ.
    const report = cometMisbehaviour.encode({ header1: accepted, header2: own });
    const verdict = verifyMisbehaviour({ trusted: trusted.state, misbehaviour: report, now: trusted.now });
    if (verdict.ok) return { ok: true, report };
    why.push(`${endpoint.name}: its block makes no valid report: ${verdict.reason} at ${verdict.at}`);
  }
  return { ok: false, why: why.join("; ") };
}

/** Other relayers submit more than canonical evidence has. */
function readAccepted(bytes: Uint8Array, state: CometState): CometUpdate | undefined {
  try {
    const { signedHeader, validatorSet, trustedHeight, trustedValidators } = cometUpdate.decode(bytes);
    const { header, commit } = signedHeader ?? {};
    if (header === undefined || commit === undefined || validatorSet === undefined) return undefined;
    const block = { header, commit, validators: validatorSet.validators };
    const step = {
      block,
      trustedHeight: trustedHeight.revisionHeight,
      trustedValidators: trustedValidators?.validators ?? [],
    };
    return canonicalUpdate(step, state);
  } catch {
    return undefined;
  }
}

interface Against {
  readonly state: CometState;
  /** Unix seconds on the clock that will judge the report. */
  readonly now: bigint;
  readonly accepted: CometUpdate;
  readonly signal: AbortSignal;
}

/** The endpoint's block of the accepted height, or its newest one where it has not come so far; or why there is none. */
async function ownUpdate(
  { validatorSets }: ChainContext,
  endpoint: CometEndpoint,
  { state, now, accepted, signal }: Against,
): Promise<CometUpdate | string> {
  const blocks = endpointBlocks(endpoint, validatorSets, signal);
  try {
    const head = await getHeight(endpoint, signal);
    const height = accepted.signedHeader?.header?.height ?? 0n;
    const block = await blocks.at(height < head ? height : head);
    const own = await provenBy(state, block, blocks, now);
    return own ?? `nothing that the light client holds reaches block ${block.header.height}`;
  } catch (error) {
    if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
    return error.message;
  }
}
