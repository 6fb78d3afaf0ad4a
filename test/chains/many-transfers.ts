// Many transfers at once, as fast as each kind of chain takes them, by an account that does nothing else.
import { createWalletClient, encodeFunctionData, http, parseAbi } from "viem";
import type { Address } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { transferCall } from "#adapters/evm/app-calls.ts";
import { ABI_ENCODING, TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { STAKE_DENOM, simdAccounts } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import type { EvmParty } from "./evm-party.ts";
import { user } from "./party.ts";
import type { SimdParty } from "./simd-party.ts";
import type { Lane } from "./transfers.ts";

const HOUR = 3_600n;
const PER_TRANSACTION = 50;
const GAS_PER_TRANSFER = 200_000;
const erc20 = parseAbi(["function transfer(address,uint256)", "function approve(address,uint256)"]);

/** Of one unit each. Returns their sequences. */
export async function sendManyFromSimd(party: SimdParty, { from, to }: Lane, count: number): Promise<bigint[]> {
  const sender = simdAccounts[2] as SimdAccount;
  const client = await party.signing(sender);
  const timeoutTimestamp = (await to.bank.now()) + HOUR;
  const value = {
    sourcePort: TRANSFER_PORT,
    sourceChannel: from.clientId,
    token: { denom: from.bank.native, amount: "1" },
    sender: sender.address,
    receiver: to.bank.owner,
    timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
    timeoutTimestamp,
    memo: "",
    encoding: ABI_ENCODING,
  };
  const message = { typeUrl: "/ibc.applications.transfer.v1.MsgTransfer", value };
  const sequences: bigint[] = [];
  for (let sent = 0; sent < count; sent += PER_TRANSACTION) {
    const messages = Array.from({ length: Math.min(PER_TRANSACTION, count - sent) }, () => message);
    const gas = String(messages.length * GAS_PER_TRANSFER);
    const fee = { amount: [{ denom: STAKE_DENOM, amount: "100000" }], gas };
    const { code, rawLog, events } = await client.signAndBroadcast(sender.address, messages, fee);
    if (code !== 0) throw new Error(`transfers were refused: ${rawLog}`);
    for (const { type, attributes } of events)
      for (const { key, value: text } of attributes)
        if (type === "send_packet" && key === "packet_sequence") sequences.push(BigInt(text));
  }
  return sequences;
}

/** Of one unit each. Returns their sequences. */
export async function sendManyFromEvm(party: EvmParty, { from, to }: Lane, count: number): Promise<bigint[]> {
  const { contracts, reader, rpcUrl, bank } = party;
  const sender = devAccounts[2] as (typeof devAccounts)[number];
  const walletOf = (key: `0x${string}`) =>
    createWalletClient({ account: privateKeyToAccount(key), transport: http(rpcUrl) });
  const included = async (hash: `0x${string}`): Promise<void> => {
    const { status } = await reader.waitForTransactionReceipt({ hash, pollingInterval: 200 });
    if (status !== "success") throw new Error(`transaction ${hash} was refused`);
  };
  const call = (functionName: "transfer" | "approve", spender: Address) =>
    encodeFunctionData({ abi: erc20, functionName, args: [spender, BigInt(count)] });
  const token = contracts.token;
  await included(
    await walletOf(user.privateKey).sendTransaction({ chain: null, to: token, data: call("transfer", sender.address) }),
  );
  const wallet = walletOf(sender.privateKey);
  await included(
    await wallet.sendTransaction({ chain: null, to: token, data: call("approve", contracts.transferApp) }),
  );

  const request = {
    sourceClient: from.clientId,
    denom: bank.native,
    amount: 1n,
    receiver: to.bank.owner,
    memo: "",
    timeoutTimestamp: (await to.bank.now()) + HOUR,
  };
  const { to: app, data } = transferCall(contracts.transferApp, request);
  const firstSequence = await reader.readContract({
    address: contracts.router,
    abi: routerAbi,
    functionName: "nextSequenceSend",
    args: [from.clientId],
  });
  let nonce = await reader.getTransactionCount({ address: sender.address });
  const hashes: `0x${string}`[] = [];
  for (let sent = 0; sent < count; sent += 1)
    hashes.push(await wallet.sendTransaction({ chain: null, to: app, data, nonce: nonce++, gas: 400_000n }));
  for (const hash of hashes) await included(hash);
  return hashes.map((_, index) => firstSequence + BigInt(index));
}
