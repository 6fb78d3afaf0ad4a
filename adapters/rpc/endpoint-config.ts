// Configuration of the endpoints through which a chain is reached: the same for every family.
import { z } from "zod";

const endpoint = z.strictObject({
  name: z.string().min(1).describe("what status, logs and errors call the endpoint; its URL is never shown"),
  url: z
    .url({ protocol: /^https?$/, error: "expected an http or https URL" })
    .describe("HTTP address, with any API key"),
  operator: z.string().min(1).optional().describe("who runs it, so that people see how independent the endpoints are"),
});

export const endpoints = z
  .array(endpoint)
  .min(1)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "two endpoints have the same name");
