// The proof log for readers: head, checkpoint, entries, evidence, and the hashes that prove them.
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { exportBundle } from "#relayer/audit/export-bundle.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import type { StoredEntry } from "#relayer/proof-log/proof-log.ts";
import * as views from "#sdk/api/views.ts";
import { notFound } from "./problem.ts";
import { packetParams, problems } from "./schemas.ts";
import type { Served } from "./served.ts";

const index = z.string().regex(/^(0|[1-9][0-9]{0,17})$/, "expected a decimal integer");
const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lowercase hex digits");
const text = { 200: { content: { "text/plain": { schema: z.string() } } }, ...problems } as const;

const view = ({ index, entry, bytes }: StoredEntry): views.LogEntryView => ({
  index: index.toString(),
  entry,
  bytes: bytesToHex(bytes),
});

const entryQuery = z.strictObject({
  before: index.optional().describe("entries with a smaller index; from an earlier answer's `next`"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** What is in it is judged by `causeway audit verify`, not described here. */
const bundleFile = z.record(z.string(), z.unknown());

/** Evidence never changes: whoever has it may keep it. */
const FOR_EVER = "public, max-age=31536000, immutable";

export async function logRoutes(server: FastifyInstance, { engine, config }: Served): Promise<void> {
  const { log } = engine;
  const api = server.withTypeProvider<ZodTypeProvider>();
  const auditor = { access: "auditor" } as const;
  const file = (reply: FastifyReply, type: string, bytes: string | Buffer): FastifyReply =>
    reply.type(type).send(bytes);

  api.get(
    "/v1/log",
    { schema: { summary: "The proof log's size and root", response: { 200: views.logHead, ...problems } } },
    async () => {
      const { size, root } = await log.head();
      return { size: size.toString(), root: bytesToHex(root) };
    },
  );

  api.get(
    "/v1/log/checkpoint",
    { schema: { summary: "The newest signed checkpoint: a C2SP signed note", response: text } },
    async (_, reply) => file(reply, "text/plain; charset=utf-8", (await log.checkpoint()).note),
  );

  api.get(
    "/v1/log/key",
    { schema: { summary: "The log's verifier key, as this relayer has it", response: text } },
    async (_, reply) => file(reply, "text/plain; charset=utf-8", `${(await log.checkpoint()).key}\n`),
  );

  api.get(
    "/v1/log/entries",
    {
      config: auditor,
      schema: {
        summary: "Entries of the proof log, newest first",
        querystring: entryQuery,
        response: { 200: views.logEntryPage, ...problems },
      },
    },
    async ({ query: { before, limit } }) => {
      const { size } = await log.head();
      const end = before === undefined || BigInt(before) > size ? size : BigInt(before);
      const start = end > BigInt(limit) ? end - BigInt(limit) : 0n;
      const entries = await log.entries(start, end);
      return { entries: entries.map(view).reverse(), next: start === 0n ? null : start.toString() };
    },
  );

  api.get(
    "/v1/log/entries/:index",
    {
      config: auditor,
      schema: {
        summary: "One entry of the proof log",
        params: z.object({ index }),
        response: { 200: views.logEntryView, ...problems },
      },
    },
    async ({ params }) => {
      const entry = await log.entry(BigInt(params.index));
      if (entry === undefined) throw notFound(`the log has no entry ${params.index}`);
      return view(entry);
    },
  );

  api.get(
    "/v1/log/packets/:sourceChain/:sourceClient/:sequence",
    {
      config: auditor,
      schema: {
        summary: "Everything that was logged about one packet, oldest first",
        params: packetParams,
        response: { 200: views.logEntryList, ...problems },
      },
    },
    async ({ params }) => ({ entries: (await log.entriesOf(params)).map(view) }),
  );

  api.get(
    "/v1/packets/:sourceChain/:sourceClient/:sequence/bundle",
    {
      config: auditor,
      schema: {
        summary: "One packet's audit bundle: evidence and log entries in one file, to be judged offline",
        params: packetParams,
        response: { 200: { content: { "application/json": { schema: bundleFile } } }, ...problems },
      },
    },
    async ({ params }, reply) => {
      const id = formatPacketId(params);
      const bundle = await exportBundle(engine.pool, log, params).catch((error: unknown) => {
        // A packet that is not known, or about which nothing is logged yet.
        if (isCausewayError(error) && error.code === "INVALID_ARGUMENT") throw notFound(error.message);
        throw error;
      });
      const name = `${id.replaceAll(/[^\w.-]/g, "-")}.audit.json`;
      const answer: FastifyReply = reply;
      answer.header("content-disposition", `attachment; filename="${name}"`);
      return file(answer, "application/json; charset=utf-8", Buffer.from(bundle));
    },
  );

  api.get(
    "/v1/log/inclusion/:index",
    {
      schema: {
        summary: "Hashes that prove an entry to be in the tree of `size` entries",
        params: z.object({ index }),
        querystring: z.strictObject({ size: index }),
        response: { 200: views.logProof, ...problems },
      },
    },
    async ({ params, query }) => ({
      hashes: (await log.inclusion(BigInt(params.index), BigInt(query.size))).map(bytesToHex),
    }),
  );

  api.get(
    "/v1/log/consistency",
    {
      schema: {
        summary: "Hashes that prove the tree of `to` entries to extend the tree of `from` entries",
        querystring: z.strictObject({ from: index, to: index }),
        response: { 200: views.logProof, ...problems },
      },
    },
    async ({ query: { from, to } }) => ({ hashes: (await log.consistency(BigInt(from), BigInt(to))).map(bytesToHex) }),
  );

  api.get(
    "/v1/log/blobs/:hash",
    {
      config: auditor,
      schema: {
        summary: "Evidence by its SHA-256",
        params: z.object({ hash }),
        response: { 200: { content: { "application/octet-stream": { schema: z.string() } } }, ...problems },
      },
    },
    async ({ params }, reply) => {
      const blob = await log.blob(params.hash);
      if (blob === undefined) throw notFound(`the log keeps no evidence ${params.hash}`);
      const answer: FastifyReply = reply;
      if (config.http.public) answer.header("cache-control", FOR_EVER);
      return file(answer, "application/octet-stream", Buffer.from(blob));
    },
  );
}
