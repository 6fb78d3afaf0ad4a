// Is the process alive, can it work, and what do its numbers say.
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { listAlarms } from "#relayer/read/clients.ts";
import { listPauses } from "#relayer/read/lanes.ts";
import { problems } from "./schemas.ts";
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

const readiness = z.object({
  status: z.enum(["ready", "not ready"]),
  /** What was looked at, with `ok` or what is wrong. */
  checks: z.record(z.string(), z.string()),
  /** Lanes that an operator paused, with the reason: wanted, and therefore no problem. */
  paused: z.record(z.string(), z.string()),
});

export async function healthRoutes(server: FastifyInstance, { engine, chains, metrics }: Served): Promise<void> {
  const api = server.withTypeProvider<ZodTypeProvider>();
  // For those who watch the process, which have no token and ask again and again.
  const config = { access: "anybody", rateLimit: false } as const;

  api.get(
    "/healthz",
    { config, schema: { summary: "The process is alive", response: { 200: z.object({ status: z.literal("ok") }) } } },
    async () => ({ status: "ok" as const }),
  );

  api.get(
    "/readyz",
    {
      config,
      schema: {
        summary:
          "The database and the queue answer, every chain has an endpoint that does, and no light client is unusable",
        response: { 200: readiness, 503: readiness, ...problems },
      },
    },
    async (_, reply) => {
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
      const paused = await listPauses(engine.pool).catch(() => ({}));
      const checks = {
        ...Object.fromEntries(names.map((name, index) => [name, results[index] ?? "no answer"])),
        ...alarms,
      };
      const ready = Object.values(checks).every((result) => result === "ok");
      return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready", checks, paused });
    },
  );

  server.get(
    "/metrics",
    { schema: { summary: "Figures in Prometheus's text format" }, config: { rateLimit: false } },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.render()),
  );
}
