// Whether messages are still to be delivered, by the commitments the router holds.
import { z } from "zod";
import { commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import type { Standing, StandingQuery } from "../target-chain.ts";
import type { ChainContext } from "./context.ts";
import { hexData, quantityHex } from "./rpc/hex.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import { storageSlot } from "./storage-slot.ts";

const word = hexData().refine((value) => value.length <= 66);
const isZero = (value: z.infer<typeof word>): boolean => BigInt(value === "0x" ? 0 : value) === 0n;

/** Which of the paths hold something, at the head or at a height. Same order as asked. */
export async function readPresence(
  { config }: ChainContext,
  endpoint: RpcEndpoint,
  paths: readonly Uint8Array[],
  height?: bigint,
): Promise<boolean[]> {
  const block = height === undefined ? "latest" : quantityHex(height);
  const calls = paths.map((path) => ({
    method: "eth_getStorageAt",
    params: [config.router, storageSlot(path), block],
  }));
  return (await endpoint.callAll(calls, word)).map((value) => !isZero(value));
}

/** A packet was received when its receipt is there, and settled at its source when its commitment is gone. */
export async function readStanding(
  context: ChainContext,
  endpoint: RpcEndpoint,
  queries: readonly StandingQuery[],
): Promise<Standing[]> {
  const paths = queries.map(({ kind, packet }) => (kind === "receive" ? receiptPath(packet) : commitmentPath(packet)));
  const present = await readPresence(context, endpoint, paths);
  return queries.map(({ kind }, index) => (present[index] === (kind === "receive") ? "done" : "open"));
}
