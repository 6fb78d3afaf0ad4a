// One anvil process that never outlives the process that started it, however that one ends.
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { createRequire } from "node:module";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { CausewayError } from "#adapters/protocol/error.ts";
import { DEV_MNEMONIC } from "./dev-accounts.ts";
import { freePort } from "./free-port.ts";
import { rpcCall } from "./rpc.ts";

export interface AnvilOptions {
  readonly chainId: number;
  /** 0 picks a free one. */
  readonly port: number;
  /** Unix seconds of block 0. */
  readonly genesisTime: number;
}

export interface Anvil {
  readonly rpcUrl: string;
  readonly pid: number;
  /** Settles when the process is gone. */
  readonly exited: Promise<unknown>;
  /** Idempotent. */
  stop(): Promise<void>;
}

const STARTUP_MS = 15_000;

function anvilBinary(): string {
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json"));
  try {
    return require.resolve(`@foundry-rs/anvil-${platform}/bin/anvil${process.platform === "win32" ? ".exe" : ""}`);
  } catch (cause) {
    throw new CausewayError("UNSUPPORTED", `there is no anvil for ${platform}`, {
      cause,
      hint: "run `npm ci` again with optional dependencies, on a platform that @foundry-rs/anvil supports",
    });
  }
}

/** Kills `pid` when this process dies without having said otherwise: only then does its standard input end without a line. */
function guard(pid: number): ChildProcessByStdio<Writable, null, null> {
  const guardian = spawn("/bin/sh", ["-c", `read -r _ || kill -9 ${pid}`], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guardian.on("error", () => {});
  guardian.stdin.on("error", () => {});
  return guardian;
}

async function launch(options: AnvilOptions, port: number): Promise<Anvil | undefined> {
  const args = ["--host", "127.0.0.1", "--port", `${port}`, "--chain-id", `${options.chainId}`];
  args.push("--hardfork", "osaka", "--enable-tx-gas-limit", "--gas-limit", "60000000", "--slots-in-an-epoch", "1");
  args.push(
    "--prune-history",
    "256",
    "--timestamp",
    `${options.genesisTime}`,
    "--mnemonic",
    DEV_MNEMONIC,
    "--no-mining",
    "--quiet",
  );
  // Its own process group: Ctrl-C goes to the program, which stops anvil when it no longer needs it.
  const child = spawn(anvilBinary(), args, { stdio: "ignore", detached: true });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) return undefined;
  const guardian = guard(pid);
  void exited.then(() => guardian.stdin.end("done\n"));
  const rpcUrl = `http://127.0.0.1:${port}`;
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (!gone()) child.kill("SIGKILL");
    await exited;
  };
  const deadline = Date.now() + STARTUP_MS;
  while (!gone() && Date.now() < deadline) {
    const chainId = await rpcCall(rpcUrl, "eth_chainId", []).catch(() => undefined);
    if (chainId === `0x${options.chainId.toString(16)}` && !gone()) return { rpcUrl, pid, exited, stop };
    await sleep(20);
  }
  await stop();
  return undefined;
}

/** Mines only when told to; block 0 has the genesis time. */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  // A free port may be taken before anvil binds it: then another one is tried.
  for (let attempt = 0; attempt < (options.port === 0 ? 5 : 1); attempt += 1) {
    const port = options.port === 0 ? await freePort() : options.port;
    const anvil = await launch(options, port);
    if (anvil !== undefined) return anvil;
  }
  throw new CausewayError("RPC_UNREACHABLE", "anvil did not start", {
    hint: "check that the port is free and that `node_modules/.bin/anvil --version` runs",
    context: { port: options.port },
  });
}
