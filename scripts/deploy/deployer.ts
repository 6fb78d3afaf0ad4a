// Sends a deployment's transactions: several at a time, at addresses known beforehand, each recorded once it is there.
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeDeployData,
  getContractAddress,
  http,
  keccak256,
} from "viem";
import type { Abi, Address, Hex, LocalAccount } from "viem";
import { CausewayError } from "#adapters/protocol/error.ts";
import { readRecord, writeRecord } from "./record.ts";

export interface DeployerOptions {
  readonly rpcUrl: string;
  /** Pays and signs. */
  readonly account: LocalAccount;
  /** Where to record the deployment; without it nothing is remembered. */
  readonly recordPath?: string | undefined;
  /** Milliseconds between two looks for a transaction's receipt. */
  readonly pollingInterval?: number | undefined;
}

/** A contract to deploy under a name; `args` may use the addresses of earlier ones in the same plan. */
export interface PlannedContract {
  readonly name: string;
  readonly abi: Abi;
  readonly bytecode: Hex;
  readonly args: (address: (name: string) => Address) => readonly unknown[];
}

export async function openDeployer({ rpcUrl, account, recordPath, pollingInterval = 200 }: DeployerOptions) {
  const transport = http(rpcUrl);
  const chainId = await createPublicClient({ transport })
    .getChainId()
    .catch((cause: unknown) => {
      throw new CausewayError("RPC_UNREACHABLE", `no answer from ${new URL(rpcUrl).origin}`, { cause });
    });
  const chain = defineChain({
    id: chainId,
    name: `eip155:${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const reader = createPublicClient({ chain, transport, pollingInterval });
  const wallet = createWalletClient({ chain, transport, account });
  const record = readRecord(recordPath, chainId);

  async function included(hash: Hex, what: string): Promise<void> {
    const receipt = await reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success")
      throw new CausewayError("TRANSACTION_REVERTED", `${what} was refused in transaction ${hash}`);
  }

  async function codeHash(name: string, address: Address): Promise<Hex> {
    const code = await reader.getCode({ address });
    if (code === undefined) throw new CausewayError("CONTRACT_MISSING", `there is no ${name} at ${address}`);
    return keccak256(code);
  }

  /** Deploys what the record does not have, and checks that what it has is still there. */
  async function deploy<const Name extends string>(
    plan: readonly (PlannedContract & { readonly name: Name })[],
  ): Promise<Record<Name, Address>> {
    const known = new Map<string, Address>();
    for (const [name, contract] of Object.entries(record.contracts)) known.set(name, contract.address);
    await Promise.all(plan.map(({ name }) => checkRecorded(name)));
    let nonce = await reader.getTransactionCount({ address: account.address, blockTag: "pending" });
    const pending: { name: Name; address: Address; hash: Promise<Hex> }[] = [];
    for (const { name, abi, bytecode, args } of plan) {
      if (known.has(name)) continue;
      const address = getContractAddress({ from: account.address, nonce: BigInt(nonce) });
      known.set(name, address);
      const data = encodeDeployData({ abi, bytecode, args: args((other) => required(known, other)) });
      pending.push({ name, address, hash: wallet.sendTransaction({ data, nonce }) });
      nonce += 1;
    }
    for (const { name, address, hash } of pending) {
      await included(await hash, `the deployment of ${name}`);
      record.contracts[name] = { address, codeHash: await codeHash(name, address) };
      writeRecord(recordPath, record);
    }
    return Object.fromEntries(plan.map(({ name }) => [name, required(known, name)])) as Record<Name, Address>;
  }

  async function checkRecorded(name: string): Promise<void> {
    const recorded = record.contracts[name];
    if (recorded === undefined || (await codeHash(name, recorded.address)) === recorded.codeHash) return;
    throw new CausewayError(
      "CONTRACT_MISSING",
      `the code at ${recorded.address} is not the ${name} that was deployed`,
      {
        hint: "the record belongs to another chain or an earlier life of this one: remove it to deploy anew",
      },
    );
  }

  async function send(to: Address, data: Hex, what: string): Promise<void> {
    await included(await wallet.sendTransaction({ to, data }), what);
  }

  const balance = await reader.getBalance({ address: account.address });
  if (balance === 0n)
    throw new CausewayError("INSUFFICIENT_FUNDS", `${account.address} has no funds on chain ${chainId}`);
  return { chainId, reader, deploy, send };
}

function required(known: ReadonlyMap<string, Address>, name: string): Address {
  const address = known.get(name);
  if (address === undefined) throw new CausewayError("INVALID_ARGUMENT", `${name} has to be deployed first`);
  return address;
}
