// A chain as the tests use it: opened for a user, and configured for a relayer that pays with another account.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { destination, pino } from "pino";
import type { Chain } from "#adapters/adapter.ts";
import { chainConfig, openChain } from "#adapters/families.ts";
import type { ChainConfig } from "#adapters/families.ts";
import type { Logger } from "#adapters/logger.ts";
import { readSecret } from "#relayer/secrets.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

/** Where a test keeps its files. */
export interface Place {
  readonly dir: string;
  readonly logger: Logger;
  readonly keys: Readonly<Record<"user" | "payer", { readonly file: string }>>;
}

export interface Party {
  /** Signs with the user's key. */
  readonly chain: Chain;
  readonly relayerConfig: ChainConfig;
}

/** The tokens of a chain. */
export interface Bank {
  /** One that the chain has of its own, and the user plenty of. */
  readonly native: string;
  /** The native token as packets call it. */
  readonly nativeOnWire: string;
  /** The user's address. */
  readonly owner: string;
  balanceOf(denom: string, owner: string): Promise<bigint>;
  /** What stands here for a token that packets call `denom` on the light client's chain. */
  voucherOf(clientId: string, denom: string): Promise<string>;
  /** The way a voucher came, as its chain says. */
  traceOf(voucher: string): Promise<string>;
  /** How much of a native token lies here for the light client's chain. */
  escrowed(clientId: string, denom: string): Promise<bigint>;
  /** Unix seconds on the chain's clock. */
  now(): Promise<bigint>;
}

/** Owns the tokens and sends packets, on every chain. */
export const user = devAccounts[0] as (typeof devAccounts)[number];
const payer = devAccounts[1] as (typeof devAccounts)[number];

export async function makePlace(dir: string): Promise<Place> {
  const folder = join(dir, "keys");
  await mkdir(folder, { recursive: true });
  const keep = async (name: string, secret: string): Promise<{ file: string }> => {
    const file = join(folder, name);
    await writeFile(file, secret, { mode: 0o600 });
    return { file };
  };
  return {
    dir,
    logger: pino({ level: "debug" }, destination({ dest: join(dir, "relayer.log"), sync: true })),
    keys: {
      user: await keep("user", user.privateKey),
      payer: await keep("payer", payer.privateKey),
    },
  };
}

/** `config`: the chain's configuration without the key that signs. */
export async function openParty({ logger, keys }: Place, config: Readonly<Record<string, unknown>>): Promise<Party> {
  const signedBy = (signer: { readonly file: string }) => chainConfig.parse({ ...config, signer });
  const transactions = memoryTransactions();
  return {
    chain: await openChain(signedBy(keys.user), { logger, transactions, readSecret, now: Date.now }),
    relayerConfig: signedBy(keys.payer),
  };
}
