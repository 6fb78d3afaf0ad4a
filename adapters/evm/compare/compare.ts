// Holds what a beacon light client believes against what this chain's own endpoints finalized: every consensus state in its
// ring, its newest height, and its committees. What was found to agree is remembered, so that only news is asked about.
import type { Comparison, Contradiction, Uncompared } from "#adapters/misbehaviour.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { Verified } from "../consensus/consensus.ts";
import type { ChainContext } from "../context.ts";
import { followedState } from "../followed-state.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import { fromHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { consensusWord, storedWord, wordHeight } from "../verify/consensus-state.ts";
import { NO_ROOT } from "../verify/trusted-state.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import { blockAt } from "./block-at.ts";
import { createMemory } from "../../comparison-memory.ts";
import type { Memory } from "../../comparison-memory.ts";

type Finding = { readonly contradiction: Contradiction } | { readonly uncompared: Uncompared } | undefined;

interface Comparing {
  readonly context: ChainContext;
  readonly memory: Memory;
  readonly client: BeaconState;
  readonly own: Verified;
  readonly signal: AbortSignal;
}

export function createCompare(context: ChainContext) {
  const memory = createMemory(context.dependencies.now);
  return async (trusted: TrustedClient, signal: AbortSignal): Promise<Comparison> => {
    const client = followedState(context.config, trusted);
    const own = await context.consensus.own.verified(signal);
    const comparing = { context, memory, client, own, signal };
    const findings: Finding[] = [newestHeight(comparing)];
    for (const word of client.ring) if (word !== NO_ROOT) findings.push(await consensusState(comparing, word));
    findings.push(await committee(comparing, client.period, client.committeeRoot));
    findings.push(await committee(comparing, client.period + 1n, client.nextCommitteeRoot));
    return {
      contradictions: findings.flatMap((found) => (found && "contradiction" in found ? [found.contradiction] : [])),
      uncompared: findings.flatMap((found) => (found && "uncompared" in found ? [found.uncompared] : [])),
    };
  };
}

/** Heights grow with slots: a slot that is final by our own proof cannot hold a height that is not. */
function newestHeight({ client, own: { state } }: Comparing): Finding {
  const { latestHeight: height, latestSlot: slot } = client;
  if (height <= state.latestHeight || slot > state.latestSlot) return undefined;
  const what =
    `it believes height ${height} to be final in slot ${slot}, ` +
    `the chain is final up to slot ${state.latestSlot} with height ${state.latestHeight}`;
  return { contradiction: { height, what, basis: "proven" } };
}

/** One word of the ring. */
async function consensusState({ context, memory, own, signal }: Comparing, word: Hex): Promise<Finding> {
  const height = wordHeight(word);
  if (memory.isAgreed(word)) return undefined;
  if (height > own.head.number)
    return { uncompared: { height, because: "ahead", why: `our endpoints are final up to height ${own.head.number}` } };
  const mine = storedWord(own.state, height);
  if (mine !== undefined && wordHeight(mine) === height) {
    if (mine !== word) return differing(height, word, `our own light client verified ${mine}`, "proven");
    memory.agree(word, true);
    return undefined;
  }
  const unserved = memory.unserved(word);
  if (unserved !== undefined) return { uncompared: { height, because: "unserved", why: unserved } };
  const isBelieved = (header: BlockHeader): boolean => wordOf(header) === word;
  const answer = await blockAt(context, { height, head: own.head, isBelieved }, signal);
  if (answer.kind === "contradicted") {
    const { header, basis } = answer;
    const block = `block ${header.hash} with state root ${header.stateRoot} (${wordOf(header)})`;
    return differing(height, word, `the chain's is ${block}`, basis);
  }
  if (answer.kind === "agreed") {
    memory.agree(word, answer.firmly);
    return undefined;
  }
  memory.miss(word, answer.why);
  return { uncompared: { height, because: "unserved", why: answer.why } };
}

const differing = (height: bigint, word: Hex, instead: string, basis: Contradiction["basis"]): Finding => ({
  contradiction: { height, what: `it believes the consensus state ${word}, ${instead}`, basis },
});

const wordOf = ({ number: height, timestamp, stateRoot }: BlockHeader): Hex =>
  consensusWord({ height, timestamp, stateRoot: fromHex(stateRoot) });

/** Whoever signs next decides everything that follows: a forged committee needs no forged block. */
async function committee(comparing: Comparing, period: bigint, root: Hex): Promise<Finding> {
  const { context, memory, client, own, signal } = comparing;
  const known = `period ${period}: ${root}`;
  const height = client.latestHeight;
  if (root === NO_ROOT || memory.isAgreed(known)) return undefined;
  if (period > own.state.period + 1n)
    return {
      uncompared: { height, because: "ahead", why: `our endpoints are in sync committee period ${own.state.period}` },
    };
  const unserved = memory.unserved(known);
  if (unserved !== undefined) return { uncompared: { height, because: "unserved", why: unserved } };
  const { basis, roots, silent } = await context.consensus.own.committeeRoots(period, signal);
  const [other] = roots;
  if (roots.includes(root)) {
    memory.agree(known, basis === "proven");
    return undefined;
  }
  if (other !== undefined && silent === 0) {
    const what = `it believes the sync committee ${root} for period ${period}, the chain's is ${other}`;
    return { contradiction: { height, what, basis } };
  }
  const why = `${silent} endpoints do not tell the sync committee of period ${period}${other === undefined ? "" : `, another says ${other}`}`;
  // The next committee is told as soon as a block of the period is final.
  if (period > own.state.period) return { uncompared: { height, because: "ahead", why } };
  memory.miss(known, why);
  return { uncompared: { height, because: "unserved", why } };
}
