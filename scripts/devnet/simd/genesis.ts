// What a simd chain begins with: funded accounts, one validator a home, governance in seconds.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GENESIS_BALANCE, STAKE_DENOM, TOKEN_DENOM, operatorOf, simdAccounts } from "./accounts.ts";
import type { RunSimd } from "./run-simd.ts";

export interface GenesisOptions {
  readonly chainId: string;
  /** A fresh folder for each validator. */
  readonly homes: readonly string[];
  /** Voting power of each validator. */
  readonly powers: readonly number[];
  /** Wasm contracts that are there without governance; not examined as it would. */
  readonly contracts: readonly Uint8Array[];
}

/** Staked tokens for one unit of voting power. */
export const TOKENS_PER_POWER = 1_000_000n;

interface Genesis {
  app_state: Record<string, Record<string, unknown>>;
}

/** Throws NODE_FAILED when the program refuses. */
export async function writeGenesis(run: RunSimd, options: GenesisOptions): Promise<void> {
  const { chainId, homes, powers, contracts } = options;
  await Promise.all(homes.map((home, index) => run(home, "init", `node-${index}`, "--chain-id", chainId)));
  const genesis = JSON.parse(await readFile(genesisPath(homes[0] as string), "utf8")) as Genesis;
  fund(genesis);
  setRules(genesis);
  part(genesis, "08-wasm")["contracts"] = contracts.map((code) => ({
    code_bytes: Buffer.from(code).toString("base64"),
  }));
  const write = () => Promise.all(homes.map((home) => writeFile(genesisPath(home), JSON.stringify(genesis))));
  // The program looks for the operator's account before it signs the validator's creation.
  await write();
  part(genesis, "genutil")["gen_txs"] = await Promise.all(
    homes.map((home, index) => createValidator(run, home, chainId, index, powers[index] as number)),
  );
  await write();
}

const genesisPath = (home: string): string => join(home, "config/genesis.json");

const part = (genesis: Genesis, module: string): Record<string, unknown> => (genesis.app_state[module] ??= {});

const params = (genesis: Genesis, module: string): Record<string, unknown> =>
  part(genesis, module)["params"] as Record<string, unknown>;

function fund(genesis: Genesis): void {
  part(genesis, "auth")["accounts"] = simdAccounts.map(({ address }) => ({
    "@type": "/cosmos.auth.v1beta1.BaseAccount",
    address,
    pub_key: null,
    account_number: "0",
    sequence: "0",
  }));
  part(genesis, "bank")["balances"] = simdAccounts.map(({ address }) => ({
    address,
    coins: [TOKEN_DENOM, STAKE_DENOM].map((denom) => ({ denom, amount: GENESIS_BALANCE.toString() })),
  }));
}

function setRules(genesis: Genesis): void {
  Object.assign(params(genesis, "gov"), {
    voting_period: "4s",
    expedited_voting_period: "2s",
    max_deposit_period: "10s",
    min_deposit: [{ denom: STAKE_DENOM, amount: "10000000" }],
  });
  // A validator that is stopped on purpose stays in the set.
  params(genesis, "slashing")["signed_blocks_window"] = "100000";
}

async function createValidator(
  run: RunSimd,
  home: string,
  chainId: string,
  index: number,
  power: number,
): Promise<unknown> {
  const keyring = ["--keyring-backend", "test"];
  await run(home, "keys", "import-hex", "operator", operatorOf(index).privateKey, ...keyring);
  const path = join(home, "gentx.json");
  const stake = `${BigInt(power) * TOKENS_PER_POWER}${STAKE_DENOM}`;
  await run(home, "genesis", "gentx", "operator", stake, "--chain-id", chainId, "--output-document", path, ...keyring);
  return JSON.parse(await readFile(path, "utf8"));
}
