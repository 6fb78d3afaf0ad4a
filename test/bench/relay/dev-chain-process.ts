// An embedded EVM chain in a process of its own, so that what its consensus costs is the chain's.
import { setTimeout as sleep } from "node:timers/promises";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { startNode } from "#scripts/devnet/node-process.ts";
import { root } from "#scripts/steps/step.ts";
import type { FieldOptions } from "./field.ts";

const started = z.object({ chainId: z.int(), rpcUrl: z.url(), beaconUrl: z.url() });
export type DevChainProcess = z.infer<typeof started> & {
  /** Of what watches over it. */
  readonly guard: number;
};

export async function startDevChainProcess(
  chainId: number,
  { dir, signal, closers }: FieldOptions,
): Promise<DevChainProcess> {
  const log = join(dir, `chain-${chainId}.log`);
  const script = join(root, "scripts/devnet/start.ts");
  const settings = ["--block-time", "1", "--finality-lag", "1", "--seed", String(chainId)];
  const node = startNode(
    `chain ${chainId}`,
    process.execPath,
    [script, "--chain-id", String(chainId), ...settings],
    log,
  );
  closers.push(() => node.stop());
  for (;;) {
    await node.assertRunning();
    const line = /^\{.*\}$/m.exec(await readFile(log, "utf8").catch(() => ""));
    if (line !== null) return { ...started.parse(JSON.parse(line[0])), guard: node.pid };
    await sleep(100, undefined, { signal });
  }
}
