// Holds what a CometBFT light client believes against what this chain's own endpoints have: every consensus state that it holds. What was
// found to agree is remembered, so that only news is asked about.
import type { Comparison, Contradiction, Uncompared } from "../misbehaviour.ts";
import type { TrustedClient } from "../trusted-client.ts";
import { createMemory } from "../comparison-memory.ts";
import type { Memory } from "../comparison-memory.ts";
import { isCausewayError } from "../protocol/error.ts";
import type { ChainContext } from "./context.ts";
import { followedState } from "./followed-state.ts";
import { brokenBlock } from "./light-blocks/broken-block.ts";
import { endpointBlocks } from "./light-blocks/endpoint-blocks.ts";
import { refused } from "./light-blocks/advance.ts";
import type { LightBlock } from "./light-blocks/light-block.ts";
import { provenBy } from "./light-blocks/proven-by.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { getHeight } from "./rpc/head.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import type { CometHeader } from "./verify/evidence.ts";
import { headerHash } from "./verify/header-hash.ts";
import { nanoseconds } from "./verify/time.ts";
import type { CometState, ConsensusState } from "./verify/trusted-state.ts";

type Finding = { readonly contradiction: Contradiction } | { readonly uncompared: Uncompared } | undefined;

interface Comparing {
  readonly context: ChainContext;
  readonly memory: Memory;
  readonly client: CometState;
  /** Unix seconds on the clock of the light client's host. */
  readonly now: bigint;
  /** Our endpoints' newest height, and the block there. */
  readonly headHeight: bigint;
  head(): Promise<Told>;
  readonly signal: AbortSignal;
}

export function createCompare(context: ChainContext) {
  const memory = createMemory(context.dependencies.now);
  return async (trusted: TrustedClient, signal: AbortSignal): Promise<Comparison> => {
    const client = followedState(context.config, trusted);
    const headHeight = await context.endpoints.use((endpoint) => getHeight(endpoint, signal));
    // Most of the time nobody needs the block.
    let head: Promise<Told> | undefined;
    const comparing: Comparing = {
      context,
      memory,
      client,
      now: trusted.now,
      headHeight,
      head: () => (head ??= newestBlock(context, client, signal)),
      signal,
    };
    const findings: Finding[] = [];
    for (const held of client.consensusStates) findings.push(await consensusState(comparing, held));
    return {
      contradictions: findings.flatMap((found) => (found && "contradiction" in found ? [found.contradiction] : [])),
      uncompared: findings.flatMap((found) => (found && "uncompared" in found ? [found.uncompared] : [])),
    };
  };
}

/** Signed by the validators that it names. */
async function blockOf(
  { validatorSets, signedHeaders }: ChainContext,
  endpoint: CometEndpoint,
  { client, height, signal }: { readonly client: CometState; readonly height: bigint; readonly signal: AbortSignal },
): Promise<LightBlock> {
  const block = await endpointBlocks(endpoint, validatorSets, signal).at(height);
  const hash = toHex(headerHash(block.header));
  if (signedHeaders.has(hash)) return block;
  const reason = brokenBlock(block, client);
  if (reason !== undefined) throw refused(endpoint.name, reason);
  signedHeaders.add(hash);
  return block;
}

const newestBlock = (context: ChainContext, client: CometState, signal: AbortSignal): Promise<Told> =>
  context.endpoints.use(async (endpoint) => {
    const height = await getHeight(endpoint, signal);
    return { endpoint, block: await blockOf(context, endpoint, { client, height, signal }) };
  });

const believed = ({ height, timestamp, appHash, nextValidatorsHash }: ConsensusState): string =>
  `${height} at ${timestamp} ns: app hash ${appHash}, next validators ${nextValidatorsHash}`;

const stateOf = ({ height, time, appHash, nextValidatorsHash }: CometHeader): ConsensusState => ({
  height,
  timestamp: nanoseconds(time),
  appHash: toHex(appHash),
  nextValidatorsHash: toHex(nextValidatorsHash),
});

const saysOf = ({ header }: LightBlock): string => believed(stateOf(header));

async function consensusState(comparing: Comparing, held: ConsensusState): Promise<Finding> {
  const { memory, headHeight } = comparing;
  const { height } = held;
  const belief = believed(held);
  if (memory.isAgreed(belief)) return undefined;
  if (height > headHeight) return ahead(comparing, held);
  const unserved = memory.unserved(belief);
  if (unserved !== undefined) return { uncompared: { height, because: "unserved", why: unserved } };
  const { told, silent } = await askEveryone(comparing, height);
  const others = told.filter(({ block }) => saysOf(block) !== belief);
  const [other] = others;
  if (told.length > 0 && other === undefined) {
    memory.agree(belief, silent.length === 0);
    return undefined;
  }
  // A block that the light client itself would believe needs nobody's word: its validators signed another one.
  for (const { endpoint, block } of others)
    if (await isProven(comparing, { endpoint, block })) return differing(held, block, "proven");
  if (other !== undefined && others.length === told.length && silent.length === 0)
    return differing(held, other.block, "told");
  const shows = told.map(({ endpoint, block }) => `${endpoint.name} has ${saysOf(block)}`);
  const why = [
    ...(told.length === 0 ? [`no endpoint serves block ${height}`] : ["not everybody agrees"]),
    ...shows,
    ...silent,
  ].join("; ");
  memory.miss(belief, why);
  return { uncompared: { height, because: "unserved", why } };
}

/** Times grow with heights: a higher block that is not later than ours is none of our chain, if ours is one that the light client would believe. */
async function ahead(comparing: Comparing, held: ConsensusState): Promise<Finding> {
  const head = await comparing.head();
  const { height, time } = head.block.header;
  if (held.timestamp <= nanoseconds(time) && (await isProven(comparing, head)))
    return differing(held, head.block, "proven");
  return { uncompared: { height: held.height, because: "ahead", why: `our endpoints are at height ${height}` } };
}

const differing = (held: ConsensusState, block: LightBlock, basis: Contradiction["basis"]): Finding => ({
  contradiction: { height: held.height, what: `it believes ${believed(held)}; the chain's is ${saysOf(block)}`, basis },
});

interface Told {
  readonly endpoint: CometEndpoint;
  readonly block: LightBlock;
}

async function askEveryone(
  { context, client, signal }: Comparing,
  height: bigint,
): Promise<{ told: Told[]; silent: string[] }> {
  const { endpoints } = context;
  const told: Told[] = [];
  const silent: string[] = [];
  await Promise.all(
    endpoints.endpoints.map(async (endpoint) => {
      try {
        told.push({ endpoint, block: await blockOf(context, endpoint, { client, height, signal }) });
      } catch (error) {
        if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
        silent.push(error.message);
        // History that is not kept is nobody's fault.
        if (error.code !== "RPC_STALE") endpoints.blame(endpoint, error);
      }
    }),
  );
  return { told, silent };
}

async function isProven({ context, client, now, signal }: Comparing, { endpoint, block }: Told): Promise<boolean> {
  try {
    const blocks = endpointBlocks(endpoint, context.validatorSets, signal);
    return (await provenBy(client, block, blocks, now)) !== undefined;
  } catch (error) {
    if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
    return false;
  }
}
