// The explorer's routes: pages that need no script, the files that make them livelier, exports, and the operator's forms.
import formbody from "@fastify/formbody";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { html } from "./html.ts";
import { z } from "zod";
import type { Served } from "#relayer/http/served.ts";
import { ApiProblem } from "./ask.ts";
import { assetPaths, explorerAssets } from "./assets.ts";
import { untrustedText } from "./components/untrusted-text.ts";
import { pageDocument } from "./document.ts";
import { exportFormats, exportPackets } from "./export-packets.ts";
import { injectAsk } from "./inject-ask.ts";
import { isPagePath, loadPage } from "./load-page.ts";
import { acts, apiCallOf, saidOf } from "./operate.ts";
import type { Page } from "./page.ts";
import { problemPage } from "./pages/problem.ts";
import { securityHeaders } from "./security-headers.ts";
import { pathAndQuery, pathOf } from "./site.ts";
import type { Site } from "./site.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";
/** Anybody may ask for a page: what is in it, the API decides. */
const OPEN = { access: "anybody" } as const;
/** Pages come at once; what chains say of a packet comes when it does. */
const PATIENCE_MS = 150;
/** Of the operator's forms: ids and tokens are short. */
const FORM_BYTES = 4_096;

const form = z.strictObject({
  act: z.enum(acts),
  id: z.string().min(1).max(512),
  token: z.string().min(1).max(512),
  because: z.string().min(1).max(256).optional(),
});

const siteNow = (): Site => ({ href: (path) => path, api: "", now: Date.now() });

async function show(reply: FastifyReply, page: Page, query = ""): Promise<FastifyReply> {
  const { names } = await explorerAssets();
  const status = page.status ?? 200;
  if (status === 401) reply.header("www-authenticate", 'Basic realm="Causeway: any name, and a token as the password"');
  return reply
    .code(status)
    .headers(securityHeaders)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(pageDocument(page, siteNow(), assetPaths("/assets/", names), query));
}

const donePage = (title: string, said: string, back: string): Page => ({
  title,
  section: "",
  twin: null,
  watches: null,
  live: (site) =>
    html`<h1>${title}</h1>
      <p class="lead">${untrustedText(said)}</p>
      <p><a href=${site.href(back)}>Back</a></p>`,
});

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export async function explorerRoutes(server: FastifyInstance, { engine }: Served): Promise<void> {
  // Within these routes only: people get pages, and what went wrong with the API itself is in its answers.
  server.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const status = error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    if (status >= 500) engine.logger.error({ path: request.url, error: error.message }, "a page could not be made");
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return show(
      reply,
      problemPage(status < 500 ? new ApiProblem({ status, code: error.code ?? "INVALID_ARGUMENT", message }) : error),
    );
  });
  await server.register(formbody, { bodyLimit: FORM_BYTES });

  server.get<{ Params: { name: string } }>("/assets/:name", { config: OPEN }, async (request, reply) => {
    const found = (await explorerAssets()).files.get(request.params.name);
    if (found === undefined) return reply.callNotFound();
    return reply
      .headers(securityHeaders)
      .header("cache-control", IMMUTABLE)
      .type(found.type)
      .send(Buffer.from(found.bytes));
  });

  for (const format of exportFormats)
    server.get(`/packets.${format}`, { config: OPEN }, async (request, reply) => {
      const { query } = pathAndQuery(request.url);
      try {
        const { type, body } = await exportPackets(injectAsk(server, request), query, format);
        return await reply
          .headers(securityHeaders)
          .header("cache-control", "no-store")
          .header("content-disposition", `attachment; filename="packets.${format}"`)
          .type(type)
          .send(body);
      } catch (error) {
        return show(reply, problemPage(error));
      }
    });

  server.post("/operate", { config: OPEN, bodyLimit: FORM_BYTES }, async (request, reply) => {
    const { act, id, token, because } = form.parse(request.body);
    const { path, body } = apiCallOf(act, id, because);
    const answer = await server.inject({
      method: "POST",
      url: path,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      payload: JSON.stringify(body),
      remoteAddress: request.ip,
    });
    const { done, said } = saidOf(act, answer.statusCode, parsed(answer.body));
    const page = donePage(done ? "Done" : "Not done", said, pathOf(act === "retry" ? "/packets" : "/lanes", id));
    // A browser that is told 401 would ask for a password: the form is the place for the token.
    return show(reply, { ...page, status: answer.statusCode === 401 ? 403 : answer.statusCode });
  });

  // Programs that mistype a path are told so in their own language.
  server.get("/*", { config: OPEN }, async (request, reply) => {
    const { url, headers } = request;
    const isForPeople = headers.accept?.includes("text/html") === true && !url.startsWith("/v1/");
    if (!isForPeople && !isPagePath(url)) return reply.callNotFound();
    const failed = (error: unknown): void => {
      if (error instanceof ApiProblem && error.status < 500) return;
      engine.logger.warn({ path: url, error: String(error) }, "a page could not be made");
    };
    const page = await loadPage(url, injectAsk(server, request), failed, PATIENCE_MS);
    if ("to" in page) return reply.headers(securityHeaders).redirect(page.to, 303);
    return show(reply, page, pathAndQuery(url).query.get("q") ?? "");
  });
}
