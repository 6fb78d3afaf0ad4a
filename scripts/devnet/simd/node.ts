// One validator of a simd chain: its node, which can be stopped and started again, and its keys.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";
import type { NodePorts } from "./config.ts";

export interface SimdNode {
  readonly rpcUrl: string;
  /** Where it answers gRPC, without a scheme; absent unless that was asked for. */
  readonly grpcAddress: string | undefined;
  /** node id@address, as another node dials it. */
  readonly peer: string;
  readonly logPath: string;
  /** ed25519 seed that signs the chain's votes; 32 bytes. */
  readonly consensusKey: Uint8Array;
  start(): void;
  /** The validator signs nothing until it is started again. */
  stop(): Promise<void>;
  assertRunning(): Promise<void>;
}

export interface SimdNodeOptions {
  readonly program: string;
  readonly home: string;
  readonly index: number;
  readonly ports: NodePorts;
}

/** As CometBFT writes it: the seed and the public key, 64 bytes in base64. */
const keyFile = z.object({ priv_key: z.object({ value: z.base64() }) });

async function readKey(path: string): Promise<Uint8Array> {
  const { priv_key } = keyFile.parse(JSON.parse(await readFile(path, "utf8")));
  return Buffer.from(priv_key.value, "base64");
}

export async function createSimdNode({ program, home, index, ports }: SimdNodeOptions): Promise<SimdNode> {
  const nodeKey = await readKey(join(home, "config/node_key.json"));
  const consensusKey = (await readKey(join(home, "config/priv_validator_key.json"))).subarray(0, 32);
  const nodeId = createHash("sha256").update(nodeKey.subarray(32)).digest("hex").slice(0, 40);
  const logPath = `${home}.log`;
  let running: NodeProcess | undefined;
  return {
    rpcUrl: `http://127.0.0.1:${ports.rpc}`,
    grpcAddress: ports.grpc === undefined ? undefined : `127.0.0.1:${ports.grpc}`,
    peer: `${nodeId}@127.0.0.1:${ports.p2p}`,
    logPath,
    consensusKey,
    start() {
      running ??= startNode(`simd node-${index}`, program, ["start", "--home", home, "--log_no_color"], logPath);
    },
    async stop() {
      const stopped = running;
      running = undefined;
      await stopped?.stop();
    },
    assertRunning: async () => running?.assertRunning(),
  };
}
