// Packets, lanes, light clients and chains as JSON.
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import { listChains } from "#relayer/read/chains.ts";
import { listClients } from "#relayer/read/clients.ts";
import { laneHistory, STEP_SECONDS } from "#relayer/read/lane-history.ts";
import { listLanes } from "#relayer/read/lanes.ts";
import { listPackets, readPacket } from "#relayer/read/packets.ts";
import { search } from "#relayer/read/search.ts";
import * as views from "#sdk/api/views.ts";
import { openChainHealth } from "./chain-health.ts";
import { notFound } from "./problem.ts";
import { endId, endParams, packetParams, problems } from "./schemas.ts";
import type { Served } from "./served.ts";

const yes = z
  .enum(["true", "false"])
  .transform((value) => value === "true")
  .optional();
const when = z.iso.datetime({ offset: true }).optional();

export const packetQuery = z.strictObject({
  before: z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/, "expected what an earlier answer gave as `next`")
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  status: z.enum(["sent", "received", "acknowledged", "timedOut"]).optional(),
  pending: yes.describe("neither acknowledged nor timed out"),
  held: yes.describe("one of its deliveries waits for more than time and finality: an error code is standing"),
  chain: z.string().max(64).optional().describe("source or destination"),
  lane: z.string().max(128).optional().describe("`chain/client`, a light client at one of its ends"),
  account: z.string().max(128).optional().describe("sender or receiver of a payload of a standard application"),
  transaction: z.string().max(128).optional().describe("which sent, received or settled it"),
  since: when.describe("seen by this relayer at this time or later"),
  until: when.describe("seen by this relayer before this time"),
});

/** At most so many steps, so that one answer stays small. */
const MOST_STEPS = 1_000;
const DAY_SECONDS = 86_400;

const historyQuery = z
  .strictObject({
    stepSeconds: z.coerce
      .number()
      .int()
      .min(STEP_SECONDS)
      .max(30 * DAY_SECONDS)
      .multipleOf(STEP_SECONDS)
      .default(900),
    since: when.describe("default: a day before the end"),
    until: when.describe("default: now"),
  })
  .transform(({ stepSeconds, since, until }) => {
    const step = (time: number): number => Math.ceil(time / 1000 / stepSeconds) * stepSeconds;
    const end = step(until === undefined ? Date.now() : Date.parse(until));
    return { stepSeconds, since: since === undefined ? end - DAY_SECONDS : step(Date.parse(since)), until: end };
  })
  .refine(({ stepSeconds, since, until }) => (until - since) / stepSeconds <= MOST_STEPS, {
    message: `more than ${MOST_STEPS} steps: ask for longer steps or a shorter time`,
    path: ["stepSeconds"],
  });

export async function relayRoutes(server: FastifyInstance, { engine, chains }: Served): Promise<void> {
  const { pool } = engine;
  const api = server.withTypeProvider<ZodTypeProvider>();
  const health = openChainHealth(chains);

  api.get(
    "/v1/packets",
    {
      schema: {
        summary: "Packets, newest first",
        querystring: packetQuery,
        response: { 200: views.packetList, ...problems },
      },
    },
    async ({ query: { chain, lane, account, transaction, ...filter } }) =>
      listPackets(pool, { ...filter, named: { chain, lane, account, transaction } }),
  );

  api.get(
    "/v1/packets/:sourceChain/:sourceClient/:sequence",
    {
      schema: {
        summary: "One packet: its contents, what the chains said of it, and its deliveries",
        params: packetParams,
        response: { 200: views.packetView, ...problems },
      },
    },
    async ({ params }) => {
      const id = formatPacketId(params);
      const packet = await readPacket(pool, id);
      if (packet === undefined) throw notFound(`no packet ${id} is known here`);
      return packet;
    },
  );

  api.get(
    "/v1/lanes",
    { schema: { summary: "Lanes, and how they are doing", response: { 200: views.laneList, ...problems } } },
    async () => ({ lanes: await listLanes(pool) }),
  );

  api.get(
    "/v1/lanes/:chain/:client",
    { schema: { summary: "One lane", params: endParams, response: { 200: views.laneView, ...problems } } },
    async ({ params }) => {
      const [lane] = await listLanes(pool, [endId(params)]);
      if (lane === undefined) throw notFound(`no lane ${endId(params)} is known here`);
      return lane;
    },
  );

  api.get(
    "/v1/lanes/:chain/:client/history",
    {
      schema: {
        summary: "One lane over time: deliveries, how long they took (to within 9 %), and fees",
        params: endParams,
        querystring: historyQuery,
        response: { 200: views.laneHistory, ...problems },
      },
    },
    async ({ params, query }) => {
      const lane = endId(params);
      if ((await listLanes(pool, [lane])).length === 0) throw notFound(`no lane ${lane} is known here`);
      return laneHistory(pool, { lane, ...query });
    },
  );

  api.get(
    "/v1/clients",
    {
      schema: { summary: "Light clients, and what they trust", response: { 200: views.clientList, ...problems } },
    },
    async () => ({ clients: await listClients(pool) }),
  );

  api.get(
    "/v1/clients/:chain/:client",
    {
      schema: { summary: "One light client", params: endParams, response: { 200: views.clientView, ...problems } },
    },
    async ({ params }) => {
      const [client] = await listClients(pool, [endId(params)]);
      if (client === undefined) throw notFound(`no light client ${endId(params)} is known here`);
      return client;
    },
  );

  api.get(
    "/v1/chains",
    {
      schema: {
        summary: "Chains: how far each was read, and how its endpoints are doing",
        response: { 200: views.chainList, ...problems },
      },
    },
    async () => ({ chains: await listChains(pool, health()) }),
  );

  api.get(
    "/v1/chains/:chain",
    {
      schema: {
        summary: "One chain",
        params: z.object({ chain: z.string() }),
        response: { 200: views.chainView, ...problems },
      },
    },
    async ({ params }) => {
      const [chain] = await listChains(
        pool,
        health().filter(({ chainId }) => chainId === params.chain),
      );
      if (chain === undefined) throw notFound(`chain ${params.chain} is not configured here`);
      return chain;
    },
  );

  api.get(
    "/v1/search",
    {
      schema: {
        summary: "What an id names: a packet, a message, a transaction, a lane, a chain, a log entry, an account",
        description: "An empty list says that nothing of that name is known here, and no more.",
        querystring: z.strictObject({ q: z.string().max(200) }),
        response: { 200: views.searchResult, ...problems },
      },
    },
    async ({ query: { q } }) => search(pool, q),
  );
}
