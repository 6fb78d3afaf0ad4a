// Handing signed transactions to nodes, and what a node's check says.
import { z } from "zod";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { StoredTransaction } from "#adapters/transaction-store.ts";
import type { ChainContext } from "../context.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";

/**
 * `taken`: in the node's mempool, or in a block; `later`: not now, as its mempool is full or it knows of another sequence; `refused`: it will
 * not take these bytes.
 */
export type Broadcast =
  | { readonly status: "taken" }
  | { readonly status: "later"; readonly why: string; readonly isMismatch: boolean }
  | { readonly status: "refused"; readonly codespace: string; readonly code: number; readonly log: string };

/** Cosmos SDK types/errors, codespace "sdk". */
export const SDK = {
  insufficientFunds: 5,
  outOfGas: 11,
  insufficientFee: 13,
  inMempool: 19,
  mempoolFull: 20,
  tooLarge: 21,
  timeoutHeight: 30,
  wrongSequence: 32,
} as const;

const LATER: ReadonlySet<number> = new Set([SDK.mempoolFull, SDK.wrongSequence]);

const checkResult = z.object({
  code: z.int().default(0),
  codespace: z.string().optional(),
  log: z.string().optional(),
});

export type CheckResult = z.infer<typeof checkResult>;

export function judgeCheck({ code, codespace = "", log = "" }: CheckResult): Broadcast {
  const isSdk = codespace === "sdk";
  if (code === 0 || (isSdk && code === SDK.inMempool)) return { status: "taken" };
  if (isSdk && LATER.has(code)) return { status: "later", why: log, isMismatch: code === SDK.wrongSequence };
  return { status: "refused", codespace, code, log };
}

/** CometBFT mempool/errors.go, as JSON-RPC errors have them: before the application sees the transaction. Undefined for other failures. */
export function judgeRefusal(said: string): Broadcast | undefined {
  if (said.includes("tx already exists in cache")) return { status: "taken" };
  if (said.includes("mempool is full")) return { status: "later", why: said, isMismatch: false };
  if (/tx too large/i.test(said)) return { status: "refused", codespace: "sdk", code: SDK.tooLarge, log: said };
  return undefined;
}

async function broadcastTo(endpoint: CometEndpoint, raw: Uint8Array): Promise<Broadcast> {
  try {
    const params = { tx: Buffer.from(raw).toString("base64") };
    return judgeCheck(await endpoint.call({ method: "broadcast_tx_sync", params }, checkResult));
  } catch (error) {
    const said = isCausewayError(error) ? error.context["said"] : undefined;
    const judged = typeof said === "string" ? judgeRefusal(said) : undefined;
    if (judged === undefined) throw error;
    return judged;
  }
}

/** Asks one endpoint after the other until one takes it; the first one's answer stands when none does. */
export async function broadcast({ endpoints }: ChainContext, { raw }: StoredTransaction): Promise<Broadcast> {
  const { answer } = await endpoints.consult(
    (endpoint) => broadcastTo(endpoint, raw),
    ({ status }) => status === "taken",
  );
  return answer;
}

/** Again and to everybody, in case whoever had it dropped it. */
export async function broadcastToAll({ endpoints }: ChainContext, { raw }: StoredTransaction): Promise<void> {
  await Promise.allSettled(endpoints.endpoints.map((endpoint) => broadcastTo(endpoint, raw)));
}

export const hashOf = ({ id }: StoredTransaction): Uint8Array => hexToBytes(id);
