// The proof log for readers: head, checkpoint, entries, evidence, and the hashes that prove them.
import type { FastifyInstance } from "fastify";
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import type { StoredEntry } from "#relayer/proof-log/proof-log.ts";
import type { Served } from "./served.ts";

const index = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,17})$/, "expected a decimal integer")
  .transform((value) => BigInt(value));
const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lowercase hex digits");

const view = ({ index, entry, bytes }: StoredEntry) => ({ index: index.toString(), entry, bytes: bytesToHex(bytes) });

export async function logRoutes(server: FastifyInstance, { engine }: Served): Promise<void> {
  const { log } = engine;

  server.get("/v1/log", async () => {
    const { size, root } = await log.head();
    return { size: size.toString(), root: bytesToHex(root) };
  });

  /** The signed note, as C2SP tools read it. */
  server.get("/v1/log/checkpoint", async (_, reply) => reply.type("text/plain").send((await log.checkpoint()).note));
  server.get("/v1/log/key", async (_, reply) => reply.type("text/plain").send(`${(await log.checkpoint()).key}\n`));

  server.get("/v1/log/entries/:index", async (request, reply) => {
    const wanted = z.object({ index }).parse(request.params).index;
    const entry = await log.entry(wanted);
    return entry === undefined
      ? reply.code(404).send({ code: "NOT_FOUND", message: `the log has no entry ${wanted}` })
      : view(entry);
  });

  server.get("/v1/log/packets/:sourceChain/:sourceClient/:sequence", async (request) => {
    const packet = z
      .object({ sourceChain: z.string(), sourceClient: z.string(), sequence: index })
      .parse(request.params);
    const entries = await log.entriesOf({ ...packet, sequence: packet.sequence.toString() });
    return { entries: entries.map(view) };
  });

  server.get("/v1/log/inclusion/:index", async (request) => {
    const { index: leaf } = z.object({ index }).parse(request.params);
    const { size } = z.strictObject({ size: index }).parse(request.query);
    return { hashes: (await log.inclusion(leaf, size)).map(bytesToHex) };
  });

  server.get("/v1/log/consistency", async (request) => {
    const { from, to } = z.strictObject({ from: index, to: index }).parse(request.query);
    return { hashes: (await log.consistency(from, to)).map(bytesToHex) };
  });

  server.get("/v1/log/blobs/:hash", async (request, reply) => {
    const wanted = z.object({ hash }).parse(request.params).hash;
    const blob = await log.blob(wanted);
    return blob === undefined
      ? reply.code(404).send({ code: "NOT_FOUND", message: `the log keeps no evidence ${wanted}` })
      : reply.type("application/octet-stream").send(Buffer.from(blob));
  });
}
