// What nodes may answer about a light client: canonical state comes out, or an error that says whose fault it is.
import {
  QueryClientStateResponse,
  QueryClientStatusResponse,
  QueryConsensusStatesRequest,
  QueryConsensusStatesResponse,
} from "cosmjs-types/ibc/core/client/v1/query";
import { ClientState as CometClientState } from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { ClientState as WasmClientState } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { afterEach, describe, expect, test } from "vitest";
import { cosmosConfig } from "#adapters/cosmos/config.ts";
import { newCometClient } from "#adapters/cosmos/hosted/comet-client.ts";
import { trustedViews } from "#adapters/rpc/trusted-views.ts";
import { readTrusted } from "#adapters/cosmos/hosted/light-clients.ts";
import { createContext } from "#adapters/cosmos/context.ts";
import { anyOf } from "#adapters/cosmos/submit/messages.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { createPushes } from "#adapters/rpc/pushes.ts";
import { createPool } from "#adapters/rpc/pool.ts";
import { makeMembers, makeState } from "#test/support/comet-evidence.ts";
import { startCometNode } from "#test/support/comet-node.ts";
import type { CometAnswer, CometAnswers, CometNode } from "#test/support/comet-node.ts";

const members = makeMembers("shown", [5n]);
const state = makeState([
  { height: 7n, members },
  { height: 41n, members },
]);
const created = newCometClient(state);
const client = CometClientState.decode(created.clientState.value);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface Shown {
  readonly clientState?: Any;
  readonly status?: string;
  readonly heights?: readonly bigint[];
}

let nodes: CometNode[] = [];
afterEach(async () => {
  for (const node of nodes) await node.close();
  nodes = [];
});

const answer = (bytes: Uint8Array): CometAnswer => ({
  result: { response: { value: Buffer.from(bytes).toString("base64") } },
});

function consensusStates(heights: readonly bigint[]): Uint8Array {
  const shown = heights.map((height) => {
    const held = state.consensusStates.find((each) => each.height === height) ?? state.consensusStates[0];
    const { consensusState } = newCometClient({ ...state, consensusStates: held === undefined ? [] : [held] });
    return { height: { revisionNumber: 1n, revisionHeight: height }, consensusState };
  });
  return QueryConsensusStatesResponse.encode({ consensusStates: shown }).finish();
}

/** The host's own height. */
let shownAt = 100;

async function node({ clientState = created.clientState, status = "Active", heights = [41n, 7n] }: Shown) {
  const answers: CometAnswers = {
    status: () => ({
      result: { node_info: { network: "simd-2" }, sync_info: { latest_block_time: "2026-11-26T20:00:00.123456789Z" } },
    }),
    abci_info: () => ({ result: { response: { last_block_height: String(shownAt) } } }),
    abci_query: ({ path = "", data = "" }) => {
      if (path.endsWith("/ClientState"))
        return answer(
          QueryClientStateResponse.encode({
            clientState,
            proof: new Uint8Array(),
            proofHeight: { revisionNumber: 0n, revisionHeight: 0n },
          }).finish(),
        );
      if (path.endsWith("/ClientStatus")) return answer(QueryClientStatusResponse.encode({ status }).finish());
      const { pagination } = QueryConsensusStatesRequest.decode(new Uint8Array(Buffer.from(data, "hex")));
      const from = Number(new TextDecoder().decode(pagination?.key).split("-")[1]);
      return answer(consensusStates(heights.filter((height) => String(height) <= String(from))));
    },
  };
  const started = await startCometNode("simd-2", answers, `node-${nodes.length}`);
  nodes.push(started);
  return started;
}

const contextOf = (...some: CometNode[]) =>
  createContext({
    config: cosmosConfig.parse({
      family: "cosmos",
      chainId: "cosmos:simd-2",
      endpoints: [{ name: "node", url: "http://127.0.0.1:1" }],
      accountPrefix: "cosmos",
    }),
    dependencies: { logger: silent, transactions: {} as never, readSecret: async () => "", now: () => 0 },
    endpoints: createPool(
      some.map(({ endpoint }) => endpoint),
      { what: "simd-2", logger: silent, now: () => 0 },
    ),
    newBlocks: createPushes([]),
  });

async function read(shown: Shown) {
  const started = await node(shown);
  return readTrusted(contextOf(started), started.endpoint, "07-tendermint-0");
}

const withClient = (changes: Partial<CometClientState>): Any => anyOf(CometClientState, { ...client, ...changes });

describe("a light client on an ibc-go chain", () => {
  test("is canonical state, with its newest consensus states in order, and the chain's clock", async () => {
    expect(await read({})).toEqual({
      clientId: "07-tendermint-0",
      clientType: "cometbft",
      state: encodeTrustedState(state),
      status: "active",
      height: 41n,
      timestamp: 1_700_000_205n,
      expiresAt: 1_700_000_205n + 14n * 86_400n,
      now: 1_795_723_200n,
    });
  });

  test.each([
    ["Frozen", "frozen"],
    ["Expired", "expired"],
  ])("is %s when its chain says so", async (status, expected) => {
    expect(await read({ status })).toMatchObject({ status: expected });
  });

  test.each<[string, Shown]>([
    [
      "its type is another",
      { clientState: { typeUrl: "/ibc.lightclients.solomachine.v3.ClientState", value: new Uint8Array() } },
    ],
    ["its chain does not allow it", { status: "Unauthorized" }],
    ["its status is none", { status: "" }],
    ["it judges proofs by other rules", { clientState: withClient({ proofSpecs: [] }) }],
    [
      "its contract is not ours",
      {
        clientState: anyOf(WasmClientState, {
          data: new Uint8Array(64),
          checksum: new Uint8Array(32),
          latestHeight: { revisionNumber: 0n, revisionHeight: 1n },
        }),
      },
    ],
  ])("is UNSUPPORTED when %s", async (_, shown) => {
    await expect(read(shown)).rejects.toMatchObject({ code: "UNSUPPORTED", context: { clientId: "07-tendermint-0" } });
  });

  test.each<[string, Shown]>([
    ["its state does not decode", { clientState: { ...created.clientState, value: Uint8Array.of(0xff) } }],
    ["it shows no consensus state", { heights: [] }],
    ["two heights have one time", { heights: [41n, 40n, 7n] }],
    ["it trusts for ever", { clientState: withClient({ trustingPeriod: client.unbondingPeriod }) }],
    ["its trust level is no fraction", { clientState: withClient({ trustLevel: { numerator: 1n, denominator: 0n } }) }],
    ["its period is negative", { clientState: withClient({ trustingPeriod: { seconds: -1n, nanos: 0 } }) }],
  ])("is the endpoint's fault when %s", async (_, shown) => {
    await expect(read(shown)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("is read once for each block of its host, and each endpoint shows its own", async () => {
    const [one, other] = [await node({}), await node({ heights: [7n] })];
    const context = contextOf(one, other);
    const readFrom = ({ endpoint }: CometNode) => readTrusted(context, endpoint, "07-tendermint-0");
    const queries = () => one.asked.filter((method) => method === "abci_query").length;
    const first = await readFrom(one);
    const before = queries();
    expect(await readFrom(one)).toEqual(first);
    expect(queries()).toBe(before);
    expect((await readFrom(other)).height).toBe(7n);
    shownAt += 1;
    expect(await readFrom(one)).toEqual(first);
    expect(queries()).toBe(before * 2);
  });

  test("is shown by each endpoint that answers, or the first one's failure is thrown", async () => {
    const [honest, other, broken] = [await node({}), await node({ heights: [7n] }), await node({ heights: [] })];
    const views = (...nodes: CometNode[]) => {
      const context = contextOf(...nodes);
      return trustedViews(context.endpoints, (endpoint) => readTrusted(context, endpoint, "07-tendermint-0"));
    };
    expect((await views(broken, honest, other)).map(({ trusted }) => trusted.height)).toEqual([41n, 7n]);
    await expect(views(broken)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });
});
