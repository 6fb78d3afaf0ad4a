// The light client at one end of a packet's way, as its chain shows it; as it was last read where the chain does not answer.
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { End } from "#relayer/routes.ts";
import type { ClientView } from "#sdk/api/views.ts";
import type { ClientFacts } from "#sdk/trace/facts.ts";
import type { Asking } from "./asking.ts";

export async function readLightClient(
  asking: Asking,
  { chain, client }: End,
  follows: string,
  lastRead: ClientView | undefined,
): Promise<ClientFacts | null> {
  const place = { chain, client, follows, unknownFork: null };
  const trusted = await asking.ask(chain, "light client", async ({ target }) => {
    try {
      return await target.trusted(client);
    } catch (error) {
      if (isCausewayError(error) && error.code === "CLIENT_NOT_FOUND") return "missing";
      throw error;
    }
  });
  if (trusted === "missing") return { ...place, status: "missing", height: "0", timestamp: 0, expiresAt: 0 };
  if (trusted !== undefined)
    return {
      ...place,
      status: trusted.status,
      height: trusted.height.toString(),
      timestamp: Number(trusted.timestamp),
      expiresAt: Number(trusted.expiresAt),
      unknownFork: await unknownFork(asking, chain, follows, trusted),
    };
  const status = lastRead?.status;
  if (status !== "active" && status !== "frozen" && status !== "expired") return null;
  const { height, timestamp, expiresAt } = lastRead ?? {};
  return {
    ...place,
    status,
    height: height ?? "0",
    timestamp: Number(timestamp ?? 0),
    expiresAt: Number(expiresAt ?? 0),
  };
}

/** Null when there is none, and when the followed chain does not say. */
async function unknownFork(
  asking: Asking,
  targetChain: string,
  follows: string,
  trusted: TrustedClient,
): Promise<ClientFacts["unknownFork"]> {
  const [fork] =
    (await asking.ask(follows, "light client", ({ source }) => source.forksAhead({ targetChain, trusted }))) ?? [];
  return fork === undefined ? null : { name: fork.name, beginsAt: Number(fork.beginsAt), hasBegun: fork.hasBegun };
}
