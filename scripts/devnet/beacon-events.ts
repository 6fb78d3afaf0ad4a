// What a beacon node pushes, over a development chain (beacon-APIs apis/eventstream): server-sent events of the topics that are asked for.
import type { FastifyInstance } from "fastify";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import type { BeaconBlock } from "./beacon-block.ts";
import type { DevControl } from "./control.ts";
import { hex } from "./light-client-data.ts";
import type { LightClientServer } from "./light-client-server.ts";
import { epochOf } from "./network.ts";

const topic = z.enum([
  "block",
  "finalized_checkpoint",
  "light_client_finality_update",
  "light_client_optimistic_update",
]);
type Topic = z.infer<typeof topic>;
const several = z.array(topic).min(1);
const query = z.object({ topics: z.union([topic.transform((only) => [only]), several]) });

/** Whoever has not read so many bytes is not waited for. */
const MOST_UNREAD = 1024 * 1024;

interface Listener {
  readonly topics: readonly Topic[];
  readonly response: ServerResponse;
}

/** `GET /eth/v1/events`. Several blocks that are made in one go are told as the newest of them. */
export function eventRoutes(app: FastifyInstance, control: DevControl, lightClient: LightClientServer): void {
  const { chain } = control;
  const listeners = new Set<Listener>();
  let told: BeaconBlock = chain.head;

  /** Made only when somebody wants it: signing takes its time. */
  const tell = (about: Topic, make: () => object | undefined): void => {
    const wanting = [...listeners].filter(({ topics }) => topics.includes(about));
    const data = wanting.length === 0 ? undefined : make();
    if (data === undefined) return;
    for (const { response } of wanting) {
      response.write(`event: ${about}\ndata: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength > MOST_UNREAD) response.destroy();
    }
  };

  const stop = control.onChange(() => {
    if (control.offline) for (const { response } of listeners) response.destroy();
    const { head } = chain;
    const { finalized } = head;
    const before = told;
    told = head;
    if (before === head) return;
    const optimistic = { execution_optimistic: false } as const;
    tell("block", () => ({ slot: head.slot.toString(), block: hex(head.root), ...optimistic }));
    tell("light_client_optimistic_update", () => lightClient.optimisticUpdate());
    if (finalized === undefined || before.finalized === finalized) return;
    tell("finalized_checkpoint", () => ({
      block: hex(finalized.root),
      state: hex(finalized.header.stateRoot),
      epoch: epochOf(chain.network, finalized.slot).toString(),
      ...optimistic,
    }));
    tell("light_client_finality_update", () => lightClient.finalityUpdate());
  });
  app.addHook("onClose", async () => stop());

  app.get("/eth/v1/events", (request, reply) => {
    const { topics } = query.parse(request.query);
    reply.hijack();
    const response = reply.raw;
    response.on("error", () => undefined);
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    // A comment, so that the head leaves at once.
    response.write(":\n\n");
    const listener = { topics, response };
    listeners.add(listener);
    response.on("close", () => listeners.delete(listener));
  });
}
