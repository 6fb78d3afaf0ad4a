import { QueryParamsResponse } from "cosmjs-types/cosmos/staking/v1beta1/query";
import { afterEach, describe, expect, test } from "vitest";
import { describeTrusted } from "#adapters/cosmos/describe.ts";
import { bootstrap } from "#adapters/cosmos/light-blocks/bootstrap.ts";
import { toUpperHex } from "#adapters/cosmos/rpc/block.ts";
import { headerHash } from "#adapters/cosmos/verify/header-hash.ts";
import { decodeTrustedState, encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { makeCometChain } from "#test/support/comet-chain.ts";
import type { CometChain } from "#test/support/comet-chain.ts";
import { openComet } from "#test/support/comet-context.ts";
import type { CometBench } from "#test/support/comet-context.ts";
import { makeMembers } from "#test/support/comet-evidence.ts";
import type { CometAnswer, CometAnswers } from "#test/support/comet-node.ts";

const DAY = 86_400n;
const UNBONDING = 21n * DAY;
const members = makeMembers("bootstrap", [10n, 10n, 10n]);
const membersAt = () => members;

/** With a staking module that has validators' stakes unbond for so long. */
function staking({ answers }: CometChain, seconds = UNBONDING): CometAnswers {
  const params = { unbondingTime: { seconds, nanos: 0 } };
  const value = Buffer.from(QueryParamsResponse.encode(QueryParamsResponse.fromPartial({ params })).finish());
  const abci_query = (): CometAnswer => ({ result: { response: { code: 0, value: value.toString("base64") } } });
  return { ...answers, abci_query };
}

const chain = makeCometChain({ height: 20n, membersAt });
const honest = staking(chain);
const behind = staking(makeCometChain({ height: 15n, membersAt }));
const fork = staking(
  makeCometChain({ height: 20n, membersAt, headerAt: () => ({ appHash: new Uint8Array(32).fill(7) }) }),
);

let bench: CometBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

async function begin(answers: readonly CometAnswers[], trustingPeriod = 14n * DAY) {
  bench = await openComet(answers);
  return bootstrap(bench.context, { trustingPeriod });
}

describe("bootstrap", () => {
  test("begins with the newest header, the chain's own unbonding period, and a trust level of a third", async () => {
    const state = await begin([honest]);
    expect(state).toEqual({
      ...chain.trusting(20n),
      trustingPeriod: 14n * DAY * 1_000_000_000n,
      unbondingPeriod: UNBONDING * 1_000_000_000n,
      maxClockDrift: 60_000_000_000n,
    });
    expect(decodeTrustedState(encodeTrustedState(state))).toEqual(state);
  });

  test("with several endpoints: at the newest height that all of them have", async () => {
    const { consensusStates } = await begin([honest, behind]);
    expect(consensusStates.map(({ height }) => height)).toEqual([15n]);
  });

  test.each([
    ["as long as the unbonding period", UNBONDING],
    ["longer", UNBONDING + 1n],
    ["nothing", 0n],
  ])("INVALID_ARGUMENT for a trusting period that is %s", async (_, period) => {
    await expect(begin([honest], period)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  const unsigned = (params: Readonly<Record<string, string>>): CometAnswer => {
    const text = JSON.stringify(honest["commit"]?.(params));
    return JSON.parse(text.replaceAll(/"signature":"[^"]*"/g, `"signature":"${"A".repeat(86)}=="`)) as CometAnswer;
  };
  test.each<[string, readonly CometAnswers[]]>([
    ["endpoints disagree about the header", [honest, fork]],
    ["nobody signed the header", [{ ...honest, commit: unsigned }]],
    ["the chain does not tell its unbonding period", [staking(chain, 0n)]],
  ])("RPC_BAD_ANSWER when %s", async (_, answers) => {
    await expect(begin(answers)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("an endpoint that cannot be asked has not agreed", async () => {
    const silent = { ...honest, abci_info: () => ({ error: "come back tomorrow" }) };
    await expect(begin([honest, silent])).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });
});

describe("describe", () => {
  const blockOf = async (answers: CometAnswers) => {
    bench = await openComet([answers]);
    const facts = await describeTrusted(bench.context, encodeTrustedState(chain.trusting(20n)));
    return new Map(facts.map(({ name, value }) => [name, value]));
  };
  const hash = toUpperHex(headerHash(chain.block(20n).header));

  test("says the chain, the height and the hash that people find elsewhere", async () => {
    const facts = await blockOf(honest);
    expect([facts.get("chain"), facts.get("height"), facts.get("block")]).toEqual(["cosmos:causeway-1", "20", hash]);
  });

  test("says when our endpoints have another block, or none", async () => {
    expect((await blockOf(fork)).get("block")).toMatch(/^NOT [0-9A-F]{64}, /);
    await bench?.close();
    expect((await blockOf(behind)).get("block")).toMatch(/^unknown: /);
  });
});
