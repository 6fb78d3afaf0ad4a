// What a block did: the events in it, in the order in which they are counted (those of its transactions, then those of the block itself), and
// how its transactions ended. A block of many packets has megabytes of events, nearly all of them nobody's business: only those of wanted
// types are looked into.
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";

const attributes = z.array(z.object({ key: z.string(), value: z.string().nullish() })).nullish();

const blockResults = z.object({
  height: z.string(),
  txs_results: z
    .array(
      z.object({
        code: z.int().default(0),
        codespace: z.string().optional(),
        log: z.string().optional(),
        data: z.string().nullish(),
        gas_used: z
          .string()
          .regex(/^\d{1,19}$/)
          .optional(),
        events: z.unknown().optional(),
      }),
    )
    .nullish(),
  finalize_block_events: z.unknown().optional(),
});

export interface CometEvent {
  readonly type: string;
  /** The last of a key counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface BlockEvent extends CometEvent {
  /** Its place in the block, among all events. */
  readonly index: number;
  /** The place of its transaction in the block; undefined for what the block did without one. */
  readonly transaction: number | undefined;
}

/** How a transaction ended. */
export interface TransactionResult {
  /** 0: carried out. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  /** cosmos.base.abci.v1beta1.TxMsgData */
  readonly data: Uint8Array;
  readonly gasUsed: bigint;
}

export interface BlockResults {
  /** Of wanted types, of transactions that succeeded and of the block. */
  readonly events: readonly BlockEvent[];
  /** In the order of the block's transactions. */
  readonly transactions: readonly TransactionResult[];
}

/** Throws RPC_STALE when the node does not have the block's results, or keeps none. */
export async function getBlockResults(
  endpoint: CometEndpoint,
  height: bigint,
  isWanted: (type: string) => boolean,
  signal?: AbortSignal,
): Promise<BlockResults> {
  const request = { method: "block_results", params: { height: height.toString() } };
  const schema = blockResults.refine((results) => results.height === height.toString(), "it is about another block");
  const results = await endpoint.call(request, schema, signal);
  const events: BlockEvent[] = [];
  let index = 0;
  const add = (some: unknown, transaction: number | undefined, isUndone: boolean): void => {
    for (const found of listOf(endpoint, height, some)) {
      const type = typeOf(endpoint, height, found);
      // What a failed transaction did was undone; its events are counted all the same.
      if (!isUndone && isWanted(type))
        events.push({ type, attributes: attributesOf(endpoint, height, found), index, transaction });
      index += 1;
    }
  };
  const transactions = results.txs_results ?? [];
  for (const [place, { code, events: some }] of transactions.entries()) add(some, place, code !== 0);
  add(results.finalize_block_events, undefined, false);
  return {
    events,
    transactions: transactions.map(({ code, codespace = "", log = "", data, gas_used: gasUsed = "0" }) => ({
      code,
      codespace,
      log,
      data: new Uint8Array(Buffer.from(data ?? "", "base64")),
      gasUsed: BigInt(gasUsed),
    })),
  };
}

const unusable = ({ name }: CometEndpoint, height: bigint, cause?: unknown): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${name} gave unusable events of block ${height}`, {
    context: { endpoint: name, height },
    cause,
  });

function listOf(endpoint: CometEndpoint, height: bigint, some: unknown): readonly unknown[] {
  if (some === undefined || some === null) return [];
  if (Array.isArray(some)) return some;
  throw unusable(endpoint, height);
}

function typeOf(endpoint: CometEndpoint, height: bigint, event: unknown): string {
  if (typeof event === "object" && event !== null && "type" in event && typeof event.type === "string")
    return event.type;
  throw unusable(endpoint, height);
}

function attributesOf(endpoint: CometEndpoint, height: bigint, event: unknown): ReadonlyMap<string, string> {
  const parsed = attributes.safeParse((event as { readonly attributes?: unknown }).attributes);
  if (!parsed.success) throw unusable(endpoint, height, parsed.error);
  return new Map((parsed.data ?? []).map(({ key, value }) => [key, value ?? ""]));
}
