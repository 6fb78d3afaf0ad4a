// What the light client of Ethereum costs on a real ibc-go chain, in SDK gas: held against test/sdk-gas.json, or written there with
// SDK_GAS=write. Its code goes through governance, as on any chain.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DirectSecp256k1Wallet, Registry } from "@cosmjs/proto-signing";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { SigningStargateClient } from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { hexToBytes } from "@noble/hashes/utils.js";
import { MsgRecvPacket } from "cosmjs-types/ibc/core/channel/v2/tx";
import { MsgUpdateClient } from "cosmjs-types/ibc/core/client/v1/tx";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { ClientMessage } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Chain } from "#adapters/adapter.ts";
import { cosmosConfig } from "#adapters/cosmos/config.ts";
import { openCosmosChain } from "#adapters/cosmos/open.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { ABI_ENCODING, encodeTransferData, TRANSFER_PORT, TRANSFER_VERSION } from "#adapters/protocol/transfer-data.ts";
import { ACCOUNT_PREFIX, simdAccounts, STAKE_DENOM } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";
import { clientMessage } from "#test/support/wasm-beacon.ts";
import { makeGasEvidence } from "#test/support/wasm-gas-evidence.ts";

const tablePath = new URL("../sdk-gas.json", import.meta.url);
/** Numbers inside the VM's messages grow by a digit now and then. */
const TOLERANCE = 0.01;

const closers: (() => Promise<unknown>)[] = [];
const payer = simdAccounts[0] as SimdAccount;
const measured: Record<string, number> = {};

let evidence: Awaited<ReturnType<typeof makeGasEvidence>>;
let signing: SigningStargateClient;
let chain: Chain;
let clientId: string;
let rpcUrl: string;

const packet = (sequence: bigint): Packet => ({
  sequence,
  sourceClient: "client-0",
  destinationClient: "08-wasm-0",
  timeoutTimestamp: BigInt(Math.floor(Date.now() / 1000)) + 3600n,
  payloads: [
    {
      sourcePort: TRANSFER_PORT,
      destinationPort: TRANSFER_PORT,
      version: TRANSFER_VERSION,
      encoding: ABI_ENCODING,
      value: encodeTransferData({
        denom: "0x00000000000000000000000000000000000c0ffe",
        sender: "0x00000000000000000000000000000000000c0ffe",
        receiver: payer.address,
        amount: 1_000_000n,
        memo: "",
      }),
    },
  ],
});
const [first, second, other] = [packet(1n), packet(2n), packet(3n)] as const;

beforeAll(async () => {
  const data = await makeDataDir();
  closers.push(() => data.remove());
  const simd = await startSimd({ chainId: "simd-1", dir: join(data.path, "simd") });
  closers.push(() => simd.stop());
  ({ rpcUrl } = simd);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  chain = await openCosmosChain(
    cosmosConfig.parse({
      family: "cosmos",
      chainId: "cosmos:simd-1",
      endpoints: [{ name: "node", url: simd.rpcUrl }],
      accountPrefix: ACCOUNT_PREFIX,
      gasPrice: { denom: STAKE_DENOM, amount: "0", max: "1" },
      signer: { env: "PAYER" },
      pollMilliseconds: 200,
    }),
    {
      logger: silent,
      transactions: memoryTransactions(),
      readSecret: async () => payer.privateKey,
      now: () => Date.now(),
    },
  );
  closers.push(() => chain.close());
  evidence = await makeGasEvidence([first, second], [other]);
  clientId = await chain.admin.createClient({ clientType: "beacon", state: evidence.trusted });
  await chain.admin.registerCounterparty(clientId, {
    clientId: "client-0",
    merklePrefix: [new Uint8Array()],
    maxPayloads: 1,
  });
  const wallet = await DirectSecp256k1Wallet.fromKey(hexToBytes(payer.privateKey), ACCOUNT_PREFIX);
  signing = SigningStargateClient.createWithSigner(await Comet38Client.connect(simd.rpcUrl), wallet, {
    registry: new Registry([
      [MsgUpdateClient.typeUrl, MsgUpdateClient],
      [MsgRecvPacket.typeUrl, MsgRecvPacket],
    ]),
    broadcastPollIntervalMs: 200,
  });
});

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** Gas of a transaction with this message alone. Throws what the chain has against it. */
async function send(message: EncodeObject): Promise<number> {
  const fee = { amount: [], gas: "100000000" };
  const { code, gasUsed, rawLog } = await signing.signAndBroadcast(payer.address, [message], fee);
  if (code !== 0) throw new Error(rawLog);
  return Number(gasUsed);
}

const checkSchema = z.object({ result: z.object({ log: z.string(), gas_used: z.string() }) });

/**
 * The same of a transaction that no block takes: ibc-go executes packet messages before the mempool lets them in, up to where they fail,
 * and CometBFT tells what that used.
 */
async function check(message: EncodeObject): Promise<{ readonly gas: number; readonly log: string }> {
  const signed = await signing.sign(payer.address, [message], { amount: [], gas: "100000000" }, "");
  const tx = Buffer.from(TxRaw.encode(signed).finish()).toString("base64");
  const response = await fetch(rpcUrl, {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "check_tx", params: { tx } }),
  });
  const { result } = checkSchema.parse(await response.json());
  return { gas: Number(result.gas_used), log: result.log };
}

function update(kind: Parameters<typeof clientMessage>[0], bytes: Uint8Array): Promise<number> {
  const value = ClientMessage.encode({ data: clientMessage(kind, bytes) }).finish();
  const message: MsgUpdateClient = {
    clientId,
    clientMessage: { typeUrl: ClientMessage.typeUrl, value },
    signer: payer.address,
  };
  return send({ typeUrl: MsgUpdateClient.typeUrl, value: message });
}

async function receive(delivered: Packet): Promise<EncodeObject> {
  const message: MsgRecvPacket = {
    packet: { ...delivered, payloads: [...delivered.payloads] },
    proofCommitment: await evidence.proofOf(delivered),
    proofHeight: { revisionNumber: 0n, revisionHeight: evidence.height },
    signer: payer.address,
  };
  return { typeUrl: MsgRecvPacket.typeUrl, value: message };
}

test("updates of 512 keys", async () => {
  const names = {
    samePeriod: "update, 512 keys, same period",
    leastParticipation: "update, 512 keys, 170 absent",
    nextCommittee: "update, 512 keys, with the next committee",
    rotation: "update, 512 keys, rotation and the next committee",
  } as const;
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][])
    measured[name] = await update("update", evidence.updates[key]);
  measured["update that is known already"] = await update("update", evidence.updates.samePeriod);
  const { state } = await chain.target.trusted(clientId);
  expect(Buffer.from(state).toString("hex")).toBe(Buffer.from(evidence.updated).toString("hex"));
});

test("a root proof and the packets proven under it", async () => {
  await expect(send(await receive(first))).rejects.toThrow("UNKNOWN_HEIGHT");
  measured["root proof"] = await update("rootProof", evidence.rootProof);
  await send(await receive(first));
  measured["received transfer"] = await send(await receive(second));
  // What was received is not proven again, and what is refused for its value was walked to the end: between them lies the proof.
  const known = await check(await receive(second));
  const refused = await check(await receive(other));
  expect(known.log).toContain("redundant");
  expect(refused.log).toContain("VALUE_MISMATCH");
  measured["membership proof alone"] = refused.gas - known.gas;
});

test("gas is what the table says", () => {
  const width = Math.max(...Object.keys(measured).map((name) => name.length));
  for (const [name, gas] of Object.entries(measured))
    console.log(`${name.padEnd(width)} ${gas.toLocaleString("en").padStart(12)} SDK gas`);
  if (process.env["SDK_GAS"] === "write") writeFileSync(tablePath, `${JSON.stringify(measured, null, 2)}\n`);
  const table = z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(tablePath, "utf8")));
  expect(Object.keys(measured)).toEqual(Object.keys(table));
  for (const [name, gas] of Object.entries(measured)) {
    const expected = table[name] ?? 0;
    expect(Math.abs(gas - expected), `${name}: ${gas}, not ${expected}`).toBeLessThan(expected * TOLERANCE);
  }
});
