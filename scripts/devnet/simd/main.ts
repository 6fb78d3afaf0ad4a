// Command line of simd chains: starts them, prints one JSON line for each, stays up until Ctrl-C.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { simdAccounts } from "./accounts.ts";
import { buildSimd } from "./build.ts";
import { startSimd } from "./start.ts";

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("expected a positive whole number");
  return Number(text);
};
const powerList = (text: string): number[] => text.split(",").map(whole);
const progress = (line: string): void => console.error(line);

interface Flags {
  readonly chains: number;
  readonly powers: number[];
  readonly rpcPort?: number;
  readonly dir?: string;
  readonly buildOnly?: boolean;
}

const program = new Command("simd")
  .description("ibc-go chains simd-1, simd-2, … on loopback; development accounts are prefunded")
  .option("--chains <number>", "how many", whole, 1)
  .option("--powers <list>", "voting power of each validator, with commas between them", powerList, [100])
  .option(
    "--rpc-port <port>",
    "JSON-RPC port of the first chain, and the next ones for the others (default: free ones)",
    whole,
  )
  .option("--dir <folder>", "fresh folder for data and logs (default: a temporary one, removed at exit)")
  .option("--build-only", "build the program and stop")
  .action(async (flags: Flags) => {
    if (flags.buildOnly === true) {
      console.log(await buildSimd(progress));
      return;
    }
    const ending = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
    const dir = flags.dir ?? (await mkdtemp(join(tmpdir(), "causeway-simd-")));
    try {
      await runChains(flags, dir, ending.signal);
    } catch (error) {
      // Ctrl-C during start-up: everything has been stopped already.
      if (!ending.signal.aborted) throw error;
    } finally {
      if (flags.dir === undefined) await rm(dir, { recursive: true, force: true });
    }
  });

async function runChains(flags: Flags, dir: string, signal: AbortSignal): Promise<void> {
  const starting = Array.from({ length: flags.chains }, (_, index) => {
    const chainId = `simd-${index + 1}`;
    const rpcPort = flags.rpcPort === undefined ? {} : { rpcPort: flags.rpcPort + index };
    return startSimd({ chainId, dir: join(dir, chainId), powers: flags.powers, progress, signal, ...rpcPort });
  });
  const settled = await Promise.allSettled(starting);
  try {
    for (const { chainId, validators } of await Promise.all(starting))
      console.log(
        JSON.stringify({ chainId: `cosmos:${chainId}`, rpcUrls: validators.map(({ rpcUrl }) => rpcUrl), dir }),
      );
    progress("accounts, with throw-away keys known to everybody:");
    for (const { address, privateKey } of simdAccounts) progress(`  ${address}  ${privateKey}`);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    progress("stopping");
  } finally {
    for (const started of settled) if (started.status === "fulfilled") await started.value.stop();
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (!isCausewayError(error)) throw error;
  console.error(`${error.code}: ${error.message}\n→ ${error.hint}`);
  process.exitCode = 1;
}
