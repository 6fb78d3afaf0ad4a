// The API described by the schemas it is served by: OpenAPI 3.1 at /v1/openapi.json.
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";

const DESCRIPTION = `What a relayer knows and proved. Integers wider than 53 bits are decimal strings, bytes are hexadecimal, times ISO 8601.
Reading takes no token where the relayer is public; else a viewer's, for evidence and log entries an auditor's. Acts take an operator's.`;

/** Before any route that is to be described. */
export async function describeApi(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Causeway relayer", version: "1", description: DESCRIPTION },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    },
    transform(document) {
      const { schema, url, route } = document;
      if ((schema as { summary?: string } | undefined)?.summary === undefined) {
        if (url.startsWith("/v1/")) throw new TypeError(`${url} is not described`);
        // For people or for the HTTP protocol: pages, preflight requests.
        return { schema: { hide: true }, url };
      }
      const access = route.config?.access ?? "viewer";
      const described = jsonSchemaTransform(document);
      return {
        url: described.url,
        schema: {
          ...described.schema,
          // An empty requirement beside the token: it depends on the relayer whether one is needed.
          security: access === "anybody" ? [] : access === "operator" ? [{ token: [] }] : [{}, { token: [] }],
        },
      };
    },
  });
}

export async function openapiRoute(server: FastifyInstance): Promise<void> {
  server.get(
    "/v1/openapi.json",
    { config: { access: "anybody" }, schema: { summary: "This description" } },
    async (_, reply) => reply.type("application/json; charset=utf-8").send(JSON.stringify(server.swagger())),
  );
}
