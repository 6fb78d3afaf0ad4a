import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createCometEndpoint } from "#adapters/cosmos/rpc/comet-endpoint.ts";
import { getHeight } from "#adapters/cosmos/rpc/head.ts";
import { queryState } from "#adapters/cosmos/rpc/query.ts";
import { getStoreProofs } from "#adapters/cosmos/rpc/store-proof.ts";
import { getValidators } from "#adapters/cosmos/rpc/validators.ts";
import { startCometNode } from "#test/support/comet-node.ts";
import type { CometAnswer, CometAnswers, CometNode } from "#test/support/comet-node.ts";

let node: CometNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

async function endpoint(answers: CometAnswers) {
  node = await startCometNode("simd-1", answers);
  return node.endpoint;
}

const anything = { method: "health", params: {} };
const query = (response: object): CometAnswers => ({ abci_query: () => ({ result: { response } }) });

describe("comet endpoint", () => {
  test("asks for the chain once, and for its height as often as wanted", async () => {
    const asked = await endpoint({ abci_info: () => ({ result: { response: { last_block_height: "42" } } }) });
    expect([await getHeight(asked), await getHeight(asked)]).toEqual([42n, 42n]);
    expect(await asked.chainId()).toBe("simd-1");
    expect(node?.asked).toEqual(["status", "abci_info", "abci_info"]);
  });

  test("WRONG_CHAIN_ID for another chain, before anything else is asked", async () => {
    const asked = await endpoint({ status: () => ({ result: { node_info: { network: "simd-2" } } }) });
    await expect(getHeight(asked)).rejects.toMatchObject({ code: "WRONG_CHAIN_ID" });
    expect(node?.asked).toEqual(["status"]);
  });

  test.each([
    "height 5 is not available, lowest height is 90",
    "height 95 must be less than or equal to the current blockchain height 94",
    "min height 90 can't be greater than max height 5",
    "could not find results for height #5",
    "node is not persisting finalize block responses",
  ])("RPC_STALE: %s", async (error) => {
    const asked = await endpoint({ health: () => ({ error }) });
    await expect(asked.call(anything, z.unknown())).rejects.toMatchObject({
      code: "RPC_STALE",
      context: { said: error },
    });
  });

  test.each<[string, CometAnswer]>([
    ["a refusal in other words", { error: "no such height, ask somebody else" }],
    ["an answer of another shape", { result: { response: { last_block_height: {} } } }],
    ["no answer", { result: null }],
  ])("RPC_BAD_ANSWER: %s", async (_, answer) => {
    const asked = await endpoint({ abci_info: () => answer });
    await expect(getHeight(asked)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("RPC_UNREACHABLE, and the address with its key is not in the error", async () => {
    const asked = await endpoint({});
    await node?.close();
    const error: unknown = await asked.chainId().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "RPC_UNREACHABLE" });
    expect(JSON.stringify(error)).not.toContain("key-123");
    node = undefined;
  });

  test("CANCELLED when the caller has no more use for it", async () => {
    const asked = await endpoint({ abci_info: () => ({ result: {} }) });
    await asked.chainId();
    await expect(getHeight(asked, AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("a chain whose id CAIP-2 hashes is recognised, and tells its own id", async () => {
    node = await startCometNode("evmos_9001-2", {});
    const { url } = node;
    const hashed = { name: "a", url, chainId: "cosmos:hashed-95094315a9d6cf2a", timeoutSeconds: 5 };
    expect(await createCometEndpoint(hashed).chainId()).toBe("evmos_9001-2");
    const other = createCometEndpoint({ ...hashed, chainId: "cosmos:hashed-f1c44eb4def16ba0" });
    await expect(other.chainId()).rejects.toMatchObject({ code: "WRONG_CHAIN_ID" });
  });
});

describe("queries of state", () => {
  const data = Uint8Array.of(1);
  const path = "store/ibc/key";

  test("a pruned state is RPC_STALE, although nodes call it a success", async () => {
    const asked = await endpoint(query({ code: 0, log: "version does not exist", height: "7" }));
    await expect(queryState(asked, { path, data, height: 7n })).rejects.toMatchObject({ code: "RPC_STALE" });
  });

  test("an answer about another height is none", async () => {
    const asked = await endpoint(query({ code: 0, height: "8", value: "AQ==" }));
    await expect(queryState(asked, { path, data, height: 7n })).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("the chain's own refusal is told with its code", async () => {
    const asked = await endpoint(query({ code: 5, codespace: "client", log: "light client not found" }));
    await expect(queryState(asked, { path, data })).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
      context: { said: "light client not found", code: 5, codespace: "client" },
    });
  });

  const iavl = { type: "ics23:iavl", key: "AQ==", data: "AQ==" };
  test.each([
    ["none", undefined],
    ["no ops", { ops: [] }],
    ["one op", { ops: [iavl] }],
    ["ops of another tree", { ops: [iavl, { ...iavl, type: "ics23:smt" }] }],
    [
      "something that is not base64",
      {
        ops: [
          { ...iavl, data: "?" },
          { ...iavl, type: "ics23:simple" },
        ],
      },
    ],
  ])("a proof that is none is RPC_BAD_ANSWER: %s", async (_, proofOps) => {
    const asked = await endpoint(query({ code: 0, height: "7", value: "AQ==", proofOps }));
    await expect(getStoreProofs(asked, { paths: [data], height: 7n })).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
    });
  });
});

describe("many calls at once", () => {
  const heights = Array.from({ length: 23 }, (_, index) => String(index));
  const requests = heights.map((height) => ({ method: "block_results", params: { height } }));
  const answers: CometAnswers = { block_results: ({ height = "" }) => ({ result: height }) };

  test("go in few requests, and are answered in order", async () => {
    const asked = await endpoint(answers);
    expect(await asked.callAll(requests, z.string())).toEqual(heights);
    expect(node?.requests).toBe(1 + 3);
  });

  test.each(["refuses", "hangsUp"] as const)(
    "go one by one to a node that %s lists, which is tried once",
    async (how) => {
      const asked = await endpoint(answers);
      node?.refuseLists(how);
      expect(await asked.callAll(requests, z.string())).toEqual(heights);
      expect(await asked.callAll(requests.slice(0, 10), z.string())).toEqual(heights.slice(0, 10));
      expect(node?.requests).toBeGreaterThanOrEqual(1 + 23 + 10);
      // A list over a kept connection that ends is sent once more over a new one.
      expect(node?.requests).toBeLessThanOrEqual(1 + 2 * 3 + 23 + 10);
    },
  );

  test.each<[string, string, CometAnswer]>([
    ["RPC_STALE", "a refusal", { error: "height 5 is not available, lowest height is 90" }],
    ["RPC_BAD_ANSWER", "an answer of another shape", { result: 5 }],
  ])("fail with the first that fails: %s for %s", async (code, _, bad) => {
    const asked = await endpoint({ block_results: ({ height = "" }) => (height === "5" ? bad : { result: height }) });
    await expect(asked.callAll(requests, z.string())).rejects.toMatchObject({ code });
  });

  test("of nothing are nothing", async () => {
    const asked = await endpoint(answers);
    expect(await asked.callAll([], z.string())).toEqual([]);
    expect(node?.requests).toBe(0);
  });
});

describe("validators", () => {
  const ed25519 = { type: "tendermint/PubKeyEd25519", value: Buffer.alloc(32, 7).toString("base64") };
  const one = { address: "AA".repeat(20), pub_key: ed25519, voting_power: "10", proposer_priority: "-10" };
  const page = (validators: object[], total: number): CometAnswer => ({
    result: { block_height: "5", validators, count: `${validators.length}`, total: `${total}` },
  });

  test("all pages, in their order", async () => {
    const asked = await endpoint({
      validators: ({ page: number }) =>
        page(
          Array.from({ length: number === "3" ? 1 : 100 }, () => ({ ...one, voting_power: `${number}` })),
          201,
        ),
    });
    const validators = await getValidators(asked, 5n);
    expect(validators.map(({ votingPower }) => votingPower)).toEqual([
      ...Array<bigint>(100).fill(1n),
      ...Array<bigint>(100).fill(2n),
      3n,
    ]);
  });

  test.each([
    ["pages without end", () => page([], 5)],
    ["more validators than a chain can have", () => page([one], 1_000_000)],
  ])("RPC_BAD_ANSWER for %s", async (_, validators) => {
    await expect(getValidators(await endpoint({ validators }), 5n)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test.each([
    ["PubKeyBls12_381", { type: "cometbft/PubKeyBls12_381", value: "AA==" }],
    ["secp256k1", { type: "tendermint/PubKeySecp256k1", value: Buffer.alloc(33, 2).toString("base64") }],
  ])("UNSUPPORTED for a key that nobody here verifies, with its type: %s", async (type, key) => {
    const asked = await endpoint({ validators: () => page([{ ...one, pub_key: key }], 1) });
    await expect(getValidators(asked, 5n)).rejects.toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringContaining(type) as string,
    });
  });
});
