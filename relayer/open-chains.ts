// Opens the configured chains, each through its family.
import type { AdapterDependencies, Chain } from "#adapters/adapter.ts";
import type { ChainId } from "#adapters/chain-id.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Verdict, VerifyInput } from "#adapters/protocol/verdict.ts";
import type { ChainConfig } from "./config-schema.ts";
import type { OpenedChain } from "./engine.ts";
import type { Family } from "./family.ts";
import { openOrWait } from "./late-chain.ts";

export interface Chains {
  /** Throws INVALID_CONFIG for a chain that is not configured. */
  get(id: ChainId): OpenedChain;
  readonly all: readonly OpenedChain[];
  close(): Promise<void>;
}

/** Judges evidence about a chain of the family, here or beside the event loop. */
export type Judge = (family: Pick<Family, "family" | "verify">, input: VerifyInput) => Promise<Verdict>;

const judgeHere: Judge = async ({ verify }, input) => verify(input);

export interface OpenOptions {
  readonly judge?: Judge | undefined;
  /** A chain that does not answer is opened later, until this aborts; absent: it is an error like any other. */
  readonly whileRunning?: AbortSignal | undefined;
}

/**
 * All at once; when one cannot be opened the others are closed again, and its error is thrown. With `whileRunning` only when nothing
 * helps against it, or when none of the chains answers.
 */
export async function openChains(
  configs: readonly ChainConfig[],
  families: readonly Family[],
  dependencies: AdapterDependencies,
  { judge = judgeHere, whileRunning }: OpenOptions = {},
): Promise<Chains> {
  const problems: CausewayError[] = [];
  const opening = configs.map(async (config): Promise<OpenedChain> => {
    const family = families.find((candidate) => candidate.family === config.family);
    if (family === undefined) throw new CausewayError("INVALID_CONFIG", `unknown chain family ${config.family}`);
    const { chainId } = config;
    const verify = (input: VerifyInput): Promise<Verdict> => judge(family, input);
    const open = (): Promise<Chain> => family.open(config, { ...dependencies, judge: verify });
    const { chain, problem } =
      whileRunning === undefined
        ? { chain: await open() }
        : await openOrWait({ chainId, open, logger: dependencies.logger, signal: whileRunning });
    if (problem !== undefined) problems.push(problem);
    return {
      family: family.family,
      verify,
      verifyMisbehaviour: family.verifyMisbehaviour,
      chainId: chain.chainId,
      source: chain.source,
      target: chain.target,
      admin: chain.admin,
      apps: chain.apps,
      lookup: chain.lookup,
      health: () => chain.health(),
      close: () => chain.close(),
    };
  });
  const results = await Promise.allSettled(opening);
  const all = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(all.map((chain) => chain.close()));
  };
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined || problems.length === configs.length) {
    await close();
    throw failed === undefined ? problems[0] : failed.reason;
  }
  const byId = new Map(all.map((chain) => [chain.chainId, chain]));
  return {
    all,
    close,
    get(id) {
      const chain = byId.get(id);
      if (chain === undefined) throw new CausewayError("INVALID_CONFIG", `chain ${id} is not configured`);
      return chain;
    },
  };
}
