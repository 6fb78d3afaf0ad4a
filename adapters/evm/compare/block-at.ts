// Which block the chain has at a height below its finalized head, and whether it is the one a light client believes in. Where
// endpoints and light client are not of one mind, the hashes that lead down from the finalized head decide, not a majority.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import { ancestor, MAX_ANCESTRY } from "../rpc/ancestor.ts";
import { getHeader } from "../rpc/block-header.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";

export interface BlockQuestion {
  readonly height: bigint;
  /** Finalized, by proof. */
  readonly head: BlockHeader;
  /** Whether a header is the one believed in. */
  readonly isBelieved: (header: BlockHeader) => boolean;
}

export type BlockAnswer =
  /** `firmly`: by proof, or by every endpoint. */
  | { readonly kind: "agreed"; readonly firmly: boolean }
  | { readonly kind: "contradicted"; readonly basis: "proven" | "told"; readonly header: BlockHeader }
  | { readonly kind: "unknown"; readonly why: string };

interface Told {
  readonly endpoint: RpcEndpoint;
  readonly header: BlockHeader;
}

export async function blockAt(
  context: ChainContext,
  question: BlockQuestion,
  signal: AbortSignal,
): Promise<BlockAnswer> {
  const { told, silent } = await askEveryone(context, question.height, signal);
  const [first] = told;
  if (first === undefined)
    return { kind: "unknown", why: `no endpoint serves block ${question.height}: ${silent.join("; ")}` };
  const others = told.filter(({ header }) => !question.isBelieved(header));
  const [other] = others;
  if (other === undefined) return { kind: "agreed", firmly: silent.length === 0 };
  if (question.head.number - question.height > MAX_ANCESTRY)
    return others.length === told.length && silent.length === 0
      ? { kind: "contradicted", basis: "told", header: other.header }
      : { kind: "unknown", why: [`not everybody agrees: ${shows(told)}`, ...silent].join("; ") };
  // Near enough, nobody's word counts without the links to the finalized head.
  const proven = await provenBlock(context, question, signal);
  if (typeof proven === "string") return { kind: "unknown", why: proven };
  for (const { endpoint, header } of told) if (header.hash !== proven.hash) blame(context, endpoint, header, proven);
  return question.isBelieved(proven)
    ? { kind: "agreed", firmly: true }
    : { kind: "contradicted", basis: "proven", header: proven };
}

async function askEveryone(
  { execution }: ChainContext,
  height: bigint,
  signal: AbortSignal,
): Promise<{ told: Told[]; silent: string[] }> {
  const told: Told[] = [];
  const silent: string[] = [];
  await Promise.all(
    execution.endpoints.map(async (endpoint) => {
      try {
        told.push({ endpoint, header: await getHeader(endpoint, height, signal) });
      } catch (error) {
        if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
        silent.push(error.message);
        // History that is not kept is nobody's fault.
        if (error.code !== "RPC_STALE") execution.blame(endpoint, error);
      }
    }),
  );
  return { told, silent };
}

/** By its links to the finalized head, from whichever endpoint has them; or why there are none. */
async function provenBlock(
  { execution }: ChainContext,
  { head, height }: BlockQuestion,
  signal: AbortSignal,
): Promise<BlockHeader | string> {
  try {
    return await execution.use((endpoint) => ancestor(endpoint, head, height, signal));
  } catch (error) {
    if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
    return `no endpoint links block ${height} to the finalized head: ${error.message}`;
  }
}

const shows = (told: readonly Told[]): string =>
  told.map(({ endpoint, header }) => `${endpoint.name} has ${header.hash}`).join(", ");

function blame({ execution }: ChainContext, endpoint: RpcEndpoint, shown: BlockHeader, proven: BlockHeader): void {
  const message = `${endpoint.name} shows block ${shown.number} as ${shown.hash}, the finalized chain's is ${proven.hash}`;
  execution.blame(
    endpoint,
    new CausewayError("RPC_BAD_ANSWER", message, { context: { endpoint: endpoint.name, height: shown.number } }),
  );
}
