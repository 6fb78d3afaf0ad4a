// The development chain's control over HTTP: POST /dev/<command> with a JSON body, for other processes and for curl.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { DevControl } from "./control.ts";

const count = z.int().min(1).max(100_000);

/** Each answers with the chain's status afterwards; /dev/equivocate with the evidence. */
export function controlRoutes(app: FastifyInstance, control: DevControl): void {
  const command = <T>(name: string, schema: z.ZodType<T>, run: (body: T) => unknown): void => {
    app.post(`/dev/${name}`, async (request) => {
      const result = await run(schema.parse(request.body ?? {}));
      return name === "equivocate" ? result : control.status();
    });
  };
  command("mine", z.strictObject({ blocks: count.default(1) }), ({ blocks }) => control.mine(blocks));
  command("mining", z.strictObject({ on: z.boolean() }), ({ on }) => control.setMining(on));
  command("finalize", z.strictObject({ height: count.optional() }), ({ height }) => control.finalize(height));
  command("finality-lag", z.strictObject({ lag: z.union([count, z.literal("manual")]) }), ({ lag }) =>
    control.setFinalityLag(lag),
  );
  command(
    "absentees",
    z.strictObject({ absent: z.union([z.int().nonnegative(), z.array(z.int().nonnegative())]) }),
    ({ absent }) => control.setAbsentees(absent),
  );
  command("advance-time", z.strictObject({ seconds: count }), ({ seconds }) => control.advanceTime(seconds));
  command("rotate", z.strictObject({}), () => control.rotate());
  const fork = z.strictObject({ fork: z.enum(["gloas", "heze"]), epoch: z.int().nonnegative() });
  command("schedule-fork", fork, ({ fork, epoch }) => control.scheduleFork(fork, epoch));
  command("reorg", z.strictObject({ depth: count }), ({ depth }) => control.reorg(depth));
  command("equivocate", z.strictObject({}), () => control.equivocate());
  command("offline", z.strictObject({ offline: z.boolean() }), ({ offline }) =>
    offline ? control.goOffline() : control.goOnline(),
  );
  app.get("/dev/status", () => control.status());
  const none = { code: 404, message: "there is none: POST /dev/equivocate" };
  app.get("/dev/equivocation", (_request, reply) => control.equivocation ?? reply.code(404).send(none));
  // As a beacon node of its own, with this base URL, that serves the other side of the contradiction.
  app.get(
    "/dev/equivocation/eth/v1/beacon/light_client/finality_update",
    (_request, reply) => control.equivocation?.update ?? reply.code(404).send(none),
  );
}
