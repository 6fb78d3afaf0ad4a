// Packets, lanes, light clients and chains as JSON.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { listChains, listClients, listLanes, listPackets, readPacket } from "#relayer/read.ts";
import type { Served } from "./served.ts";

const packetQuery = z.strictObject({
  before: z
    .string()
    .regex(/^[1-9][0-9]{0,17}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  pending: z.enum(["true", "false"]).optional(),
  chain: z.string().max(64).optional(),
});

export async function relayRoutes(server: FastifyInstance, { engine, chains }: Served): Promise<void> {
  const { pool } = engine;

  server.get("/v1/packets", async (request) => {
    const { pending, ...filter } = packetQuery.parse(request.query);
    return listPackets(pool, { ...filter, pending: pending === undefined ? undefined : pending === "true" });
  });

  /** The id is `sourceChain/sourceClient/sequence`, with its slashes as they are or escaped. */
  server.get<{ Params: { "*": string } }>("/v1/packets/*", async (request, reply) => {
    const id = request.params["*"];
    const packet = await readPacket(pool, id);
    return packet ?? reply.code(404).send({ code: "NOT_FOUND", message: `no packet ${id}` });
  });

  server.get("/v1/lanes", async () => ({ lanes: await listLanes(pool) }));
  server.get("/v1/clients", async () => ({ clients: await listClients(pool) }));
  server.get("/v1/chains", async () => ({
    chains: await listChains(
      pool,
      chains.map(({ chainId }) => chainId),
    ),
  }));
}
