// The beacon node's REST API over a development chain: the standard paths that light clients and relayers use.
import Fastify from "fastify";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { BeaconBlock } from "./beacon-block.ts";
import { eventRoutes } from "./beacon-events.ts";
import type { DevControl } from "./control.ts";
import { configSpec } from "./config-spec.ts";
import { controlRoutes } from "./control-routes.ts";
import { headerJson, hex } from "./light-client-data.ts";
import type { Versioned } from "./light-client-data.ts";
import { LightClientServer } from "./light-client-server.ts";
import { forkVersion } from "./network.ts";

export interface BeaconApi {
  readonly url: string;
  close(): Promise<void>;
}

/** MAX_REQUEST_LIGHT_CLIENT_UPDATES of consensus-specs altair light-client/p2p-interface.md. */
const MAX_UPDATES = 128;

const root = z.string().regex(/^0x[0-9a-f]{64}$/);
const wholeNumber = z
  .string()
  .regex(/^[0-9]{1,15}$/)
  .transform(Number);
const blockId = z.union([z.enum(["head", "finalized", "genesis"]), root, wholeNumber]);
const range = z.object({ start_period: wholeNumber, count: wholeNumber });

const failure = (reply: FastifyReply, code: number, message: string): FastifyReply =>
  reply.code(code).send({ code, message });

const versioned = (reply: FastifyReply, found: Versioned | undefined): FastifyReply =>
  found === undefined
    ? failure(reply, 404, "light client data is not available")
    : reply.header("Eth-Consensus-Version", found.version).send(found);

/** Serves on 127.0.0.1; port 0 picks a free one. */
export async function startBeaconApi(control: DevControl, port: number): Promise<BeaconApi> {
  const { chain } = control;
  const lightClient = new LightClientServer(chain);
  const app = Fastify({ forceCloseConnections: true });

  const find = (id: z.infer<typeof blockId>): BeaconBlock | undefined => {
    if (id === "head") return chain.head;
    if (id === "finalized") return chain.head.finalized;
    if (id === "genesis") return chain.at(0);
    return typeof id === "number" ? chain.bySlot(id) : chain.byRoot(id.slice(2));
  };

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError) return failure(reply, 400, z.prettifyError(error));
    if (isCausewayError(error)) {
      const code = { INVALID_ARGUMENT: 400, RPC_UNREACHABLE: 503 }[error.code as string] ?? 500;
      return reply.code(code).send({ ...error.toJSON(), code, error: error.code });
    }
    return failure(reply, 500, error instanceof Error ? error.message : "unknown error");
  });
  app.addHook("onRequest", async (request) => {
    if (!request.url.startsWith("/eth/")) return;
    if (control.offline) throw new CausewayError("RPC_UNREACHABLE", "the beacon node is offline");
    await control.sync();
  });

  app.get("/eth/v1/node/health", (_request, reply) => reply.send());
  app.get("/eth/v1/node/version", () => ({ data: { version: "causeway-dev-beacon" } }));
  app.get("/eth/v1/beacon/genesis", () => ({
    data: {
      genesis_time: chain.network.genesisTime.toString(),
      genesis_validators_root: hex(chain.network.genesisValidatorsRoot),
      genesis_fork_version: hex(forkVersion(chain.network, "genesis")),
    },
  }));
  app.get("/eth/v1/config/spec", () => ({ data: configSpec(chain.network) }));
  app.get<{ Params: { id: string } }>("/eth/v1/beacon/headers/:id", (request, reply) => {
    const block = find(blockId.parse(request.params.id));
    if (block === undefined) return failure(reply, 404, "no such block");
    return reply.send({
      execution_optimistic: false,
      finalized: Number(block.execution.number) <= chain.finalizedHeight,
      data: {
        root: hex(block.root),
        canonical: true,
        header: { message: headerJson(block.header), signature: hex(new Uint8Array(96)) },
      },
    });
  });
  app.get<{ Params: { root: string } }>("/eth/v1/beacon/light_client/bootstrap/:root", (request, reply) =>
    versioned(reply, lightClient.bootstrap(root.parse(request.params.root).slice(2))),
  );
  app.get("/eth/v1/beacon/light_client/updates", (request) => {
    const { start_period: start, count } = range.parse(request.query);
    return lightClient.updates(start, Math.min(count, MAX_UPDATES));
  });
  app.get("/eth/v1/beacon/light_client/finality_update", (_request, reply) =>
    versioned(reply, lightClient.finalityUpdate()),
  );
  app.get("/eth/v1/beacon/light_client/optimistic_update", (_request, reply) =>
    versioned(reply, lightClient.optimisticUpdate()),
  );
  eventRoutes(app, control, lightClient);
  controlRoutes(app, control);

  const url = await app.listen({ host: "127.0.0.1", port }).catch((cause: unknown) => {
    throw new CausewayError("INVALID_ARGUMENT", `the beacon API cannot listen on port ${port}`, {
      cause,
      hint: "another program has the port: stop it, or choose another",
    });
  });
  return { url, close: () => app.close() };
}
