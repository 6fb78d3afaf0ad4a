// What `GET /v1/trace/<id>` answers, as a schema.
import * as z from "zod";
import type { Explanation } from "./explanation.ts";
import { traceFacts } from "./facts.ts";

const explanation = z.object({
  state: z.string(),
  standing: z.enum(["underway", "held", "done", "refunded", "failed", "unknown"]),
  sentence: z.string(),
  next: z.string().nullable(),
  expectedAt: z.number().nullable(),
  advice: z.array(z.object({ who: z.enum(["sender", "receiver", "operator"]), what: z.string() })).readonly(),
  timeline: z
    .array(
      z.object({
        name: z.enum(["sent", "final", "received", "answered", "acknowledged", "timedOut"]),
        status: z.enum(["done", "now", "next", "failed"]),
        chain: z.string(),
        at: z.number().nullable(),
        height: z.string().nullable(),
        transaction: z.string().nullable(),
      }),
    )
    .readonly(),
}) satisfies z.ZodType<Explanation>;

export const traceAnswer = z.object({ facts: traceFacts, explanation });
export type TraceAnswer = z.infer<typeof traceAnswer>;
