// The deployment record: which contracts a chain has, so that a second run continues instead of starting over.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isAddress } from "viem";
import type { Address, Hex } from "viem";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";

const address = z.custom<Address>((value) => typeof value === "string" && isAddress(value), "not an address");
const hash = z.custom<Hex>((value) => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value), "not a hash");

const recordSchema = z.strictObject({
  chainId: z.int().positive(),
  /** By name: where each contract is, and the hash of the code that was there after deployment. */
  contracts: z.record(z.string(), z.strictObject({ address, codeHash: hash })),
});
export type DeploymentRecord = z.infer<typeof recordSchema>;

/** An empty record when there is no file yet. */
export function readRecord(path: string | undefined, chainId: number): DeploymentRecord {
  if (path === undefined || !existsSync(path)) return { chainId, contracts: {} };
  const parsed = recordSchema.safeParse(parseJson(path));
  if (!parsed.success)
    throw new CausewayError("INVALID_CONFIG", `${path} is not a deployment record: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.chainId !== chainId)
    throw new CausewayError(
      "WRONG_CHAIN_ID",
      `${path} is about chain ${parsed.data.chainId}, the endpoint serves ${chainId}`,
    );
  return parsed.data;
}

export function writeRecord(path: string | undefined, record: DeploymentRecord): void {
  if (path === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CausewayError("INVALID_CONFIG", `${path} is not JSON`, { cause, hint: "restore or remove the file" });
  }
}
