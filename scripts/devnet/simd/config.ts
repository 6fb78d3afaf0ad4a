// The two configuration files of a simd node: everything on loopback, fast blocks, every height kept.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface NodePorts {
  readonly rpc: number;
  readonly p2p: number;
  /** Absent: the node answers no gRPC. */
  readonly grpc?: number;
}

export type SimdLogLevel = "info" | "error";

/** What is not said has the program's own default. */
const cometConfig = ({ rpc, p2p }: NodePorts, peers: readonly string[], logLevel: SimdLogLevel): string => `
log_level = "${logLevel}"
[rpc]
laddr = "tcp://127.0.0.1:${rpc}"
pprof_laddr = ""
[p2p]
laddr = "tcp://127.0.0.1:${p2p}"
persistent_peers = "${peers.join(",")}"
addr_book_strict = false
allow_duplicate_ip = true
pex = false
flush_throttle_timeout = "10ms"
[consensus]
timeout_propose = "1s"
timeout_commit = "300ms"
peer_gossip_sleep_duration = "10ms"
[tx_index]
indexer = "kv"
`;

/** Every height's state is kept, so that it can be proven. */
const appConfig = ({ grpc }: NodePorts): string => `
minimum-gas-prices = "0stake"
pruning = "nothing"
[api]
enable = false
[grpc]
enable = ${grpc !== undefined}
address = "127.0.0.1:${grpc ?? 0}"
[grpc-web]
enable = false
`;

export interface NodeSettings {
  readonly ports: NodePorts;
  /** Nodes of the same chain to connect to. */
  readonly peers: readonly string[];
  readonly logLevel: SimdLogLevel;
}

export async function writeNodeConfig(home: string, { ports, peers, logLevel }: NodeSettings): Promise<void> {
  await mkdir(join(home, "config"), { recursive: true });
  await writeFile(join(home, "config/config.toml"), cometConfig(ports, peers, logLevel));
  await writeFile(join(home, "config/app.toml"), appConfig(ports));
}
