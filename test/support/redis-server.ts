// A real Redis for tests, on a free loopback port; from the machine's `redis-server`.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { freePort } from "#scripts/devnet/free-port.ts";

/** Whether `redis-server` is on the PATH. */
export const redisAvailable = spawnSync("redis-server", ["--version"]).status === 0;

export interface RedisServer {
  readonly url: string;
  /** Kills it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port; it has forgotten everything. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(options: { policy?: string; directory: string }): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const launch = async () => {
    const child = spawn(
      "redis-server",
      [
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        options.directory,
        "--save",
        "",
        "--appendonly",
        "no",
        "--maxmemory-policy",
        options.policy ?? "noeviction",
      ],
      { stdio: "ignore" },
    );
    const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on("error", () => undefined);
    await redis.ping();
    redis.disconnect();
    return child;
  };
  let child = await launch();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    url,
    kill: () => end("SIGKILL"),
    async restart() {
      await end("SIGKILL");
      child = await launch();
    },
    stop: () => end("SIGTERM"),
  };
}
