// Command line of the deployment: contracts, roles and ports on one EVM chain, recorded in deployments/<chain id>.json.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { createPublicClient, http, isAddress, isHex } from "viem";
import type { Address } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { deployCore } from "./core.ts";
import { deployExamples } from "./examples.ts";

const DEFAULT_DELAY = 172_800;

const address = (value: string): Address => {
  if (isAddress(value)) return value;
  throw new CausewayError("INVALID_ARGUMENT", `${value} is not an address`);
};

const seconds = (value: string): number => {
  if (/^\d{1,8}$/.test(value)) return Number(value);
  throw new CausewayError("INVALID_ARGUMENT", `--delay ${value}: expected whole seconds`);
};

function readKey({ keyEnv, keyFile }: { keyEnv?: string; keyFile?: string }): `0x${string}` {
  const key = keyFile === undefined ? process.env[keyEnv ?? ""] : readFileSync(keyFile, "utf8").trim();
  if (key === undefined)
    throw new CausewayError(
      "MISSING_SECRET",
      `no deployer key: ${keyEnv ?? "neither --key-env nor --key-file"} is set`,
    );
  if (!isHex(key) || key.length !== 66)
    throw new CausewayError("INVALID_ARGUMENT", "the deployer key is not 32 bytes of 0x-hexadecimal");
  return key;
}

interface Options {
  rpcUrl: string;
  keyEnv?: string;
  keyFile?: string;
  record?: string;
  delay: number;
  admin?: Address;
  guardian?: Address;
  clientAdmin?: Address;
  portAdmin?: Address;
  rateLimiter?: Address;
  examples?: true;
}

async function run({ rpcUrl, record, delay, examples, keyEnv, keyFile, ...holders }: Options): Promise<object> {
  const account = privateKeyToAccount(
    readKey({ ...(keyEnv === undefined ? {} : { keyEnv }), ...(keyFile === undefined ? {} : { keyFile }) }),
  );
  const chainId = await createPublicClient({ transport: http(rpcUrl) })
    .getChainId()
    .catch((cause: unknown) => {
      throw new CausewayError("RPC_UNREACHABLE", "the endpoint of --rpc-url does not answer", { cause });
    });
  const common = { rpcUrl, account, recordPath: record ?? `deployments/${chainId}.json` };
  const core = await deployCore({ ...common, delay, holders });
  if (examples !== true) return core;
  return { ...core, ...(await deployExamples({ ...common, messageApp: core.messageApp })) };
}

const command = new Command("deploy")
  .description("Deploys the packet core to an EVM chain; running it again continues or changes nothing.")
  .requiredOption("--rpc-url <url>", "JSON-RPC endpoint of the chain")
  .option("--key-env <name>", "environment variable with the deployer's private key")
  .option("--key-file <path>", "file with the deployer's private key")
  .option("--record <path>", "deployment record (default: deployments/<chain id>.json)")
  .option("--delay <seconds>", "how long delayed roles have to wait", seconds, DEFAULT_DELAY)
  .option("--admin <address>", "un-pauses, decides about roles (default: the deployer)", address)
  .option("--guardian <address>", "pauses at once (default: the deployer)", address)
  .option("--client-admin <address>", "replaces light clients (default: the deployer)", address)
  .option("--port-admin <address>", "binds applications to ports (default: the deployer)", address)
  .option("--rate-limiter <address>", "limits transfers (default: the deployer)", address)
  .option("--examples", "also deploy a demonstration token and a greeter")
  .addHelpText(
    "after",
    "\nExample:\n  npm run deploy -- --rpc-url http://127.0.0.1:8545 --key-env DEPLOYER_KEY --admin 0x… --guardian 0x…",
  );

try {
  process.stdout.write(`${JSON.stringify(await run(command.parse().opts<Options>()), undefined, 2)}\n`);
} catch (error) {
  if (!isCausewayError(error)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n  ${error.hint}\n`);
  process.exitCode = 1;
}
