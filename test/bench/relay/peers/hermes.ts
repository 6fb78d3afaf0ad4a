// Hermes, the relayer in Rust: with the settings that served it best on this field.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCOUNT_PREFIX, STAKE_DENOM } from "#scripts/devnet/simd/accounts.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import { startNode } from "#scripts/devnet/node-process.ts";
import { newestChannel } from "./newest-channel.ts";
import { PEER_SETTLING_MS, runPeer } from "./peer.ts";
import type { PreparePeer } from "./peer.ts";

/** More are slower: 50 a little, 100 by much. */
const MESSAGES = 30;

/** Without `clear_limit` it clears 50 packets in 100 blocks. */
const global = `
[global]
log_level = "error"
[mode.clients]
enabled = true
refresh = true
misbehaviour = false
[mode.connections]
enabled = false
[mode.channels]
enabled = false
[mode.packets]
enabled = true
clear_interval = 100
clear_limit = 1000
clear_on_start = true
tx_confirmation = false
[rest]
enabled = false
host = "127.0.0.1"
port = 3000
[telemetry]
enabled = false
host = "127.0.0.1"
port = 3001
`;

const chainOf = (folder: string, { chainId, rpcUrl, validators }: SimdChain): string => `
[[chains]]
id = "${chainId}"
type = "CosmosSdk"
rpc_addr = "${rpcUrl}"
grpc_addr = "http://${validators[0]?.grpcAddress}"
event_source = { mode = "push", url = "${rpcUrl.replace("http", "ws")}/websocket", batch_delay = "200ms" }
rpc_timeout = "10s"
account_prefix = "${ACCOUNT_PREFIX}"
key_name = "relayer"
key_store_folder = "${folder}"
store_prefix = "ibc"
default_gas = 400000
max_gas = 20000000
gas_price = { price = 0, denom = "${STAKE_DENOM}" }
gas_multiplier = 1.3
max_msg_num = ${MESSAGES}
max_tx_size = 1000000
clock_drift = "5s"
max_block_time = "30s"
trusting_period = "14days"
trust_threshold = "1/3"
address_type = { derivation = "cosmos" }
`;

export const prepareHermes: PreparePeer = async ({ program, dir, field, mnemonic }) => {
  const chains = field.nodes;
  const [first, second] = chains;
  const [config, words] = [join(dir, "hermes.toml"), join(dir, "mnemonic")];
  await mkdir(dir, { recursive: true });
  await writeFile(config, global + chains.map((chain) => chainOf(join(dir, "keys"), chain)).join(""));
  await writeFile(words, mnemonic);
  const hermes = (...args: string[]) => runPeer(program, ["--config", config, ...args]);
  for (const { chainId } of chains) await hermes("keys", "add", "--chain", chainId, "--mnemonic-file", words);
  const ends = ["--a-chain", first.chainId, "--b-chain", second.chainId];
  const ports = ["--a-port", "transfer", "--b-port", "transfer"];
  await hermes("create", "channel", ...ends, ...ports, "--new-client-connection", "--yes");
  const version = (await hermes("version")).split("\n").at(-2) ?? "";
  return {
    name: "hermes",
    what: `${version.trim()}, max_msg_num ${MESSAGES}, clear_limit 1000`,
    way: await newestChannel(first.rpcUrl),
    async start() {
      const node = startNode("hermes", program, ["--config", config, "start"], join(dir, "hermes.log"));
      return { pids: [node.pid], assertRunning: () => node.assertRunning(), stop: () => node.stop() };
    },
    idle: () => sleep(PEER_SETTLING_MS),
  };
};
