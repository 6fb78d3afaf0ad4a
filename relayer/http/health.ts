// Is the process alive, can it work, and what do its numbers say.
import type { FastifyInstance } from "fastify";
import { listAlarms } from "#relayer/read/clients.ts";
import type { Served } from "./served.ts";

const CHECK_TIMEOUT_MS = 3_000;

async function check(work: Promise<unknown>): Promise<string> {
  const timeout = new Promise<string>((resolve) => setTimeout(resolve, CHECK_TIMEOUT_MS, "no answer").unref());
  return Promise.race([
    work.then(
      () => "ok",
      (error: Error) => error.message,
    ),
    timeout,
  ]);
}

export async function healthRoutes(server: FastifyInstance, { engine, chains, metrics }: Served): Promise<void> {
  server.get("/healthz", async () => ({ status: "ok" }));

  /** Ready: the database and the queue answer, every chain has an endpoint that does, and no light client is unusable. */
  server.get("/readyz", async (_, reply) => {
    const results = await Promise.all([
      check(engine.pool.query("select 1")),
      check(engine.queue.counts()),
      ...chains.map(async (chain) =>
        check(
          chain.health().then(({ endpoints }) => {
            const problems = endpoints.flatMap(({ name, ok, problem }) =>
              ok ? [] : [`${name}: ${problem ?? "not ok"}`],
            );
            return problems.length === endpoints.length
              ? Promise.reject(new TypeError(problems.join("; ")))
              : undefined;
          }),
        ),
      ),
    ]);
    const names = ["database", "queue", ...chains.map(({ chainId }) => chainId)];
    const alarms = await listAlarms(engine.pool).catch(() => ({}));
    const checks = {
      ...Object.fromEntries(names.map((name, index) => [name, results[index] ?? "no answer"])),
      ...alarms,
    };
    const ready = Object.values(checks).every((result) => result === "ok");
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready", checks });
  });

  server.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.render()));
}
