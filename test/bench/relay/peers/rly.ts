// rly, the relayer in Go: with the settings that served it best on this field.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { ACCOUNT_PREFIX, STAKE_DENOM } from "#scripts/devnet/simd/accounts.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import { startNode } from "#scripts/devnet/node-process.ts";
import { newestChannel } from "./newest-channel.ts";
import { PEER_SETTLING_MS, runPeer } from "./peer.ts";
import type { PreparePeer } from "./peer.ts";

const PATH = "p";
const MESSAGES = 100;

const chainOf = ({ chainId, rpcUrl }: SimdChain) => ({
  type: "cosmos",
  value: {
    key: "relayer",
    "chain-id": chainId,
    "rpc-addr": rpcUrl,
    "account-prefix": ACCOUNT_PREFIX,
    "keyring-backend": "test",
    "gas-adjustment": 1.3,
    "gas-prices": `0${STAKE_DENOM}`,
    "min-gas-amount": 0,
    "max-gas-amount": 0,
    timeout: "10s",
    "output-format": "json",
    "sign-mode": "direct",
    "broadcast-mode": "batch",
    // With its own setting it never catches up with blocks of 300 ms.
    "min-loop-duration": "100ms",
  },
});

/** Built as a module of others it does not know its version; Go notes it in the program. */
async function versionOf(program: string): Promise<string> {
  const bytes = await readFile(program);
  const at = bytes.indexOf("\tgithub.com/cosmos/relayer/v2\t");
  const [, , version = "of unknown version"] = bytes
    .subarray(at, at + 100)
    .toString("latin1")
    .split("\t");
  return version;
}

export const prepareRly: PreparePeer = async ({ program, dir, field, mnemonic }) => {
  const chains = field.nodes;
  const home = ["--home", dir];
  await mkdir(join(dir, "config"), { recursive: true });
  const file = {
    global: { "api-listen-addr": "", timeout: "10s", memo: "", "light-cache-size": 20, "log-level": "error" },
    chains: Object.fromEntries(chains.map((chain) => [chain.chainId, chainOf(chain)])),
    paths: {},
  };
  await writeFile(join(dir, "config/config.yaml"), stringify(file));
  for (const { chainId } of chains) await runPeer(program, ["keys", "restore", chainId, "relayer", mnemonic, ...home]);
  const [first, second] = chains;
  await runPeer(program, ["paths", "new", first.chainId, second.chainId, PATH, ...home]);
  await runPeer(program, ["transact", "link", PATH, "--max-retries", "10", ...home]);
  return {
    name: "rly",
    what: `rly ${await versionOf(program)}, --max-msgs ${MESSAGES}, min-loop-duration 100ms`,
    way: await newestChannel(first.rpcUrl),
    async start() {
      const args = ["start", PATH, "--max-msgs", String(MESSAGES), ...home];
      const node = startNode("rly", program, args, join(dir, "rly.log"));
      return { pids: [node.pid], assertRunning: () => node.assertRunning(), stop: () => node.stop() };
    },
    idle: () => sleep(PEER_SETTLING_MS),
  };
};
