// Command line of the proof-of-stake chain: starts it, prints one JSON line with its URLs, stays up until Ctrl-C.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { devAccounts } from "../dev-accounts.ts";
import { buildPosPrograms } from "./build.ts";
import { startPosChain } from "./start.ts";

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("expected a positive whole number");
  return Number(text);
};
const progress = (line: string): void => console.error(line);

const program = new Command("pos")
  .description("geth and Prysm on loopback; development accounts are prefunded")
  .option("--chain-id <number>", "chain id", whole, 32382)
  .option("--rpc-port <port>", "execution JSON-RPC port (default: a free one)", whole)
  .option("--beacon-port <port>", "beacon API port (default: a free one)", whole)
  .option("--dir <folder>", "fresh folder for data and logs (default: a temporary one, removed at exit)")
  .option("--build-only", "build the programs and stop")
  .action(
    async (flags: { chainId: number; rpcPort?: number; beaconPort?: number; dir?: string; buildOnly?: boolean }) => {
      if (flags.buildOnly === true) {
        console.log(JSON.stringify(await buildPosPrograms(progress)));
        return;
      }
      const ending = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
      const dir = flags.dir ?? (await mkdtemp(join(tmpdir(), "causeway-pos-")));
      const prefunded = devAccounts.map(({ address }) => address);
      try {
        const chain = await startPosChain({ ...flags, dir, prefunded, progress, signal: ending.signal });
        console.log(JSON.stringify({ chainId: chain.chainId, rpcUrl: chain.rpcUrl, beaconUrl: chain.beaconUrl, dir }));
        if (!ending.signal.aborted)
          await new Promise((resolve) => ending.signal.addEventListener("abort", resolve, { once: true }));
        progress("stopping");
        await chain.stop();
      } catch (error) {
        // Ctrl-C during start-up: everything has been stopped already.
        if (!ending.signal.aborted) throw error;
      } finally {
        if (flags.dir === undefined) await rm(dir, { recursive: true, force: true });
      }
    },
  );

try {
  await program.parseAsync();
} catch (error) {
  if (!isCausewayError(error)) throw error;
  console.error(`${error.code}: ${error.message}\n→ ${error.hint}`);
  process.exitCode = 1;
}
