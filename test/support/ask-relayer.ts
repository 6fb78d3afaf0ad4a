// Waits for what a relayer's API says: a question costs a hundredth of a `causeway status`.
import { z } from "zod";
import { expect } from "vitest";

/** Milliseconds. */
const PATIENCE = { timeout: 300_000, interval: 100 };

const packetView = z.object({ deliveries: z.array(z.object({ leg: z.string(), status: z.string() })) });

/** Undefined for what the relayer does not know, and while it does not answer. */
async function ask(api: string, path: string): Promise<unknown> {
  const response = await fetch(`${api}/v1/${path}`).catch(() => undefined);
  return response?.ok === true ? response.json() : undefined;
}

async function statusOf(api: string, packet: string, leg: string): Promise<string> {
  const answer = await ask(api, `packets/${packet}`);
  if (answer === undefined) return "unknown";
  return packetView.parse(answer).deliveries.find((delivery) => delivery.leg === leg)?.status ?? "none";
}

/** Resolves when the leg of the packet has this status; `api` is where the relayer answers, or will. */
export const legBecomes = (api: string, packet: string, leg: "receive" | "acknowledge", status: string) =>
  expect.poll(() => statusOf(api, packet, leg), PATIENCE).toBe(status);

/** Resolves when the light client `chain/client` is like `expected`. */
export const clientBecomes = (api: string, client: string, expected: object) =>
  expect.poll(() => ask(api, `clients/${client}`), PATIENCE).toMatchObject(expected);
