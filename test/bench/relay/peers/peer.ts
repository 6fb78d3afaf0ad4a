// What every relayer of others is set up with.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BenchRelayer } from "../relayer.ts";
import type { SimdField } from "../simd-field.ts";

export interface PeerOptions {
  readonly program: string;
  /** Fresh folder for its configuration and keys. */
  readonly dir: string;
  readonly field: SimdField;
  /** Of a funded account on both chains, at the Cosmos Hub's derivation path. */
  readonly mnemonic: string;
}

/** Configures it, and has it open a channel of its own. */
export type PreparePeer = (options: PeerOptions) => Promise<BenchRelayer>;

/** How long it gets to be ready; none of them says when it is. */
export const PEER_SETTLING_MS = 12_000;

const PATIENCE_MS = 180_000;

/** Throws with the end of what it said when it fails. */
export async function runPeer(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { timeout: PATIENCE_MS, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")} failed:\n${`${stdout}${stderr}`.slice(-2_000)}`, { cause: error });
  }
}
