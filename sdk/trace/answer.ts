// What `GET /v1/trace/<id>` answers, as a schema: the facts beside the explanation that was made of them.
import type { z } from "zod";
import { traceView } from "../api/trace-view.ts";
import { traceFacts } from "./facts.ts";

export const traceAnswer = traceView.extend({ facts: traceFacts });
export type TraceAnswer = z.infer<typeof traceAnswer>;
