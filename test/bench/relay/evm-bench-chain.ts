// An embedded EVM chain with blocks of one second.
import { createWalletClient, encodeFunctionData, http, parseAbi } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainConfig } from "#adapters/families.ts";
import { transferCall } from "#adapters/evm/app-calls.ts";
import { eventTopics } from "#adapters/evm/watch/packet-events.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import type { DevAccount } from "#scripts/devnet/dev-accounts.ts";
import type { EvmParty, RunningChain } from "#test/chains/evm-party.ts";
import { user } from "#test/chains/party.ts";
import type { BenchChain, Burst, Way } from "./bench-chain.ts";
import { readEvmBlocks } from "./evm-blocks.ts";

const sender = devAccounts[2] as DevAccount;
const receiver = devAccounts[3] as DevAccount;
const LIFETIME_SECONDS = 6n * 3_600n;
const GAS_PER_TRANSFER = 400_000n;
const GWEI = 1_000_000_000n;
/** Enough for every run of the benchmark. */
const TOKENS = 10n ** 9n;
const erc20 = parseAbi(["function transfer(address,uint256)", "function approve(address,uint256)"]);

/** Gives the sender tokens that it may send. */
async function fund({ rpcUrl, reader, contracts }: EvmParty): Promise<void> {
  const call = async (key: DevAccount, functionName: "transfer" | "approve", spender: `0x${string}`): Promise<void> => {
    const wallet = createWalletClient({ account: privateKeyToAccount(key.privateKey), transport: http(rpcUrl) });
    const data = encodeFunctionData({ abi: erc20, functionName, args: [spender, TOKENS] });
    const hash = await wallet.sendTransaction({ chain: null, to: contracts.token, data });
    const { status } = await reader.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    if (status !== "success") throw new Error(`the sender was not given tokens: ${hash}`);
  };
  await call(user, "transfer", sender.address);
  await call(sender, "approve", contracts.transferApp);
}

/** JSON-RPC in one request for many: the chain's own HTTP server is no part of what is measured. */
async function sendRaw(rpcUrl: string, transactions: readonly string[]): Promise<void> {
  const body = transactions.map((raw, id) => ({ jsonrpc: "2.0", id, method: "eth_sendRawTransaction", params: [raw] }));
  const headers = { "content-type": "application/json" };
  const response = await fetch(rpcUrl, { method: "POST", headers, body: JSON.stringify(body) });
  const answers = (await response.json()) as { error?: { message: string } }[];
  const refused = answers.find(({ error }) => error !== undefined);
  if (refused !== undefined) throw new Error(`transfers were refused: ${refused.error?.message}`);
}

/** Which packets are open, by the router's events. */
function followCommitments({ reader, contracts }: EvmParty): () => Promise<number> {
  const open = new Set<string>();
  let next = 0n;
  return async () => {
    const head = await reader.getBlockNumber({ cacheTime: 0 });
    if (head < next) return open.size;
    const logs = await reader.getLogs({ address: contracts.router, fromBlock: next, toBlock: head });
    next = head + 1n;
    for (const { topics } of logs) {
      const [event, , sequence = ""] = topics as string[];
      if (event === eventTopics.SendPacket) open.add(sequence);
      if (event === eventTopics.AckPacket || event === eventTopics.TimeoutPacket) open.delete(sequence);
    }
    return open.size;
  };
}

export async function openEvmBenchChain(party: EvmParty, { chainId, rpcUrl }: RunningChain): Promise<BenchChain> {
  const { reader, contracts, bank, relayerConfig } = party;
  await fund(party);
  const account = privateKeyToAccount(sender.privateKey);
  const countOpen = followCommitments(party);

  async function sign({ source }: Way, to: string, count: number): Promise<string[]> {
    const timeoutTimestamp = (await bank.now()) + LIFETIME_SECONDS;
    const request = { sourceClient: source, denom: bank.native, amount: 1n, receiver: to, memo: "", timeoutTimestamp };
    const { to: app, data } = transferCall(contracts.transferApp, request);
    const nonce = await reader.getTransactionCount({ address: sender.address });
    const price = { maxFeePerGas: 100n * GWEI, maxPriorityFeePerGas: GWEI };
    const common = { type: "eip1559", chainId, to: app, data, gas: GAS_PER_TRANSFER, ...price } as const;
    return Promise.all(
      Array.from({ length: count }, (_, index) => account.signTransaction({ ...common, nonce: nonce + index })),
    );
  }

  return {
    chainId: `eip155:${chainId}`,
    what: "embedded EVM chain, blocks of 1 s, finality one block behind",
    receiver: receiver.address,
    // As the demo has it: half a slot of such a chain is longer.
    relayerConfig: chainConfig.parse({ ...relayerConfig, pollMilliseconds: 200 }),
    async prepare(way, to, count, perTransaction): Promise<Burst> {
      const signed = await sign(way, to, count);
      return {
        async send() {
          for (let from = 0; from < count; from += perTransaction)
            await sendRaw(rpcUrl, signed.slice(from, from + perTransaction));
        },
      };
    },
    pending: countOpen,
    head: async () => Number(await reader.getBlockNumber({ cacheTime: 0 })),
    read: (_, first, last) => readEvmBlocks(reader, contracts.router, first, last),
  };
}
