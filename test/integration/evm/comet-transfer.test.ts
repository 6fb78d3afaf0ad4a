// Tokens between an EVM chain and an ibc-go chain: denoms, receivers and acknowledgements as ibc-go writes and reads them, byte for byte
// (modules/apps/transfer of ibc-go: traces begin with `transfer/<client id of the receiving chain>/`, version ics20-1, Solidity ABI).
import { createPublicClient, http } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sent } from "#adapters/chain-apps.ts";
import type { Message } from "#adapters/message.ts";
import { UNIVERSAL_ERROR_ACKNOWLEDGEMENT } from "#adapters/protocol/acknowledgement.ts";
import { acknowledgementCommitment } from "#adapters/protocol/commitment.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { acknowledgementPath, commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import { decodeTransferData } from "#adapters/protocol/transfer-data.ts";
import type { TransferData } from "#adapters/protocol/transfer-data.ts";
import { abi as tokenAbi } from "../../../contracts/evm/bindings/DemoToken.ts";
import { abi as transferAbi } from "../../../contracts/evm/bindings/TransferApp.ts";
import { abi as voucherAbi } from "../../../contracts/evm/bindings/Voucher.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { COSMOS_ACCOUNT, hexOf, ON_COSMOS, startCometHost } from "#test/support/evm-comet-host.ts";
import type { CometHost, CometLane } from "#test/support/evm-comet-host.ts";

let host: CometHost;
let lane: CometLane;
beforeAll(async () => {
  host = await startCometHost(31_513);
  lane = await host.openLane();
});
afterAll(() => host?.close());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SUCCESS = bytes('{"result":"AQ=="}');
/** Holds all tokens and signs. */
const OWNER = devAccounts[0]?.address ?? "0x";
const SOMEBODY = devAccounts[7]?.address ?? "0x";

const reader = () => createPublicClient({ transport: http(host.dev.rpcUrl) });
const balance = (token: `0x${string}`, of: `0x${string}`): Promise<bigint> =>
  reader().readContract({ address: token, abi: tokenAbi, functionName: "balanceOf", args: [of] });
const escrowed = (): Promise<bigint> =>
  reader().readContract({
    address: host.core.transferApp,
    abi: transferAbi,
    functionName: "escrowed",
    args: [lane.clientId, host.token],
  });
const voucherOf = (denom: string): Promise<`0x${string}`> =>
  reader().readContract({
    address: host.core.transferApp,
    abi: transferAbi,
    functionName: "voucherOf",
    args: [lane.clientId, denom],
  });

const send = async (denom: string, amount: bigint, timeout = 3_600n): Promise<Sent> => {
  const { now } = await lane.trusted();
  return host.chain.apps.transfer({
    sourceClient: lane.clientId,
    denom,
    amount,
    receiver: COSMOS_ACCOUNT,
    memo: "rent",
    timeoutTimestamp: now + timeout,
  });
};

const dataOf = ({ payloads: [payload] }: Packet): TransferData | undefined =>
  decodeTransferData(payload?.value ?? new Uint8Array());

/** The ibc-go chain received it and answered. */
async function answered(packet: Packet, acknowledgement: Uint8Array): Promise<string | undefined> {
  lane.comet.put(receiptPath(packet), Uint8Array.of(2));
  lane.comet.put(acknowledgementPath(packet), acknowledgementCommitment([acknowledgement]));
  const message: Message = { kind: "acknowledge", packet, acknowledgements: [acknowledgement] };
  const [delivery] = (await lane.relay([message])).deliveries;
  return delivery?.status === "refused" ? delivery.reason : delivery?.status;
}

/** What this chain committed to as its answer to a packet that the ibc-go chain sent. */
async function answerTo(data: Partial<TransferData>, change: (packet: Packet) => Packet = (packet) => packet) {
  const sent = lane.send(data);
  const packet = change(sent);
  if (packet !== sent) lane.resend(packet);
  const { deliveries } = await lane.relay([{ kind: "receive", packet }]);
  expect(deliveries).toEqual([{ status: "delivered" }]);
  const stored = await host.stored(acknowledgementPath(packet));
  const answers = { success: SUCCESS, refused: UNIVERSAL_ERROR_ACKNOWLEDGEMENT };
  return Object.entries(answers).find(([, one]) => hexOf(acknowledgementCommitment([one])) === stored)?.[0];
}

describe("a token of the ibc-go chain", () => {
  test.each([
    ["native", "stake"],
    ["of a third chain", "transfer/channel-7/uatom"],
    ["that came over a light client of a third chain", "transfer/07-tendermint-3/transfer/channel-1/ibc.token"],
  ])("%s, becomes a voucher, and goes back by the trace that ibc-go takes off again", async (_, denom) => {
    expect(await answerTo({ denom, amount: 1_000n, receiver: OWNER })).toBe("success");
    const voucher = await voucherOf(denom);
    expect(await balance(voucher, OWNER)).toBe(1_000n);
    const trace = `transfer/${lane.clientId}/${denom}`;
    expect(await reader().readContract({ address: voucher, abi: voucherAbi, functionName: "trace" })).toBe(trace);

    const { packet } = await send(voucher, 400n);
    expect(await balance(voucher, OWNER)).toBe(600n);
    expect(packet).toMatchObject({ sourceClient: lane.clientId, destinationClient: ON_COSMOS });
    expect(packet.payloads).toMatchObject([
      {
        sourcePort: "transfer",
        destinationPort: "transfer",
        version: "ics20-1",
        encoding: "application/x-solidity-abi",
      },
    ]);
    expect(dataOf(packet)).toEqual({
      denom: trace,
      sender: OWNER.toLowerCase(),
      receiver: COSMOS_ACCOUNT,
      amount: 400n,
      memo: "rent",
    });
    expect(await answered(packet, SUCCESS)).toBe("delivered");
    expect(BigInt(await host.stored(commitmentPath(packet)))).toBe(0n);
    expect(await balance(voucher, OWNER)).toBe(600n);
  });

  test("is minted again when the ibc-go chain refuses it, and when its time runs out there", async () => {
    expect(await answerTo({ denom: "refund", amount: 10n, receiver: OWNER })).toBe("success");
    const voucher = await voucherOf("refund");
    const refused = await send(voucher, 4n);
    expect(await answered(refused.packet, UNIVERSAL_ERROR_ACKNOWLEDGEMENT)).toBe("delivered");
    const late = await send(voucher, 3n, 30n);
    expect(await balance(voucher, OWNER)).toBe(7n);
    await host.dev.control.advanceTime(31);
    expect((await lane.relay([{ kind: "timeout", packet: late.packet }])).deliveries).toEqual([
      { status: "delivered" },
    ]);
    expect(await balance(voucher, OWNER)).toBe(10n);
  });
});

describe("a token of the EVM chain", () => {
  test("is kept while it is away, and comes back to whoever it is sent to", async () => {
    const { packet } = await send(host.token, 500n);
    expect(dataOf(packet)).toMatchObject({ denom: host.token.toLowerCase(), receiver: COSMOS_ACCOUNT });
    expect(await answered(packet, SUCCESS)).toBe("delivered");
    const held = await escrowed();
    // As ibc-go names it there, in front of the whole: its own client id.
    const denom = `transfer/${ON_COSMOS}/${host.token.toLowerCase()}`;
    expect(await answerTo({ denom, amount: 200n, receiver: SOMEBODY })).toBe("success");
    expect(await balance(host.token, SOMEBODY)).toBe(200n);
    expect(await answerTo({ denom, amount: 100n, receiver: SOMEBODY.toLowerCase() })).toBe("success");
    expect(await escrowed()).toBe(held - 300n);
  });

  test("is given back when the ibc-go chain refuses it, and when its time runs out there", async () => {
    const before = await balance(host.token, OWNER);
    const { packet } = await send(host.token, 50n);
    expect(await answered(packet, UNIVERSAL_ERROR_ACKNOWLEDGEMENT)).toBe("delivered");
    const late = await send(host.token, 60n, 30n);
    await host.dev.control.advanceTime(31);
    await lane.relay([{ kind: "timeout", packet: late.packet }]);
    expect(await balance(host.token, OWNER)).toBe(before);
  });

  // An answer that is neither of the two is no reason to pay anybody.
  test.each([
    ["an error of ibc-go's first protocol", '{"error":"ABCI code: 1: error handling packet: see events for details"}'],
    ["success in other bytes", '{"result": "AQ=="}'],
    ["another result", '{"result":"Ag=="}'],
    ["nothing", " "],
  ])("stays where it is when the answer is %s", async (_, text) => {
    const { packet } = await send(host.token, 5n);
    const held = await escrowed();
    expect(await answered(packet, bytes(text))).toMatch(/MalformedAcknowledgement/);
    expect(await escrowed()).toBe(held);
    expect(BigInt(await host.stored(commitmentPath(packet)))).not.toBe(0n);
  });
});

describe("the universal error, so that ibc-go gives the sender back what it took, is the answer to", () => {
  const changed = (payload: Partial<Packet["payloads"][number]>) => (packet: Packet) => ({
    ...packet,
    payloads: packet.payloads.map((one) => ({ ...one, ...payload })),
  });
  const json = bytes(`{"denom":"stake","amount":"5","sender":"${COSMOS_ACCOUNT}","receiver":"${OWNER}","memo":""}`);

  test.each<[string, Partial<TransferData>, ((packet: Packet) => Packet)?]>([
    ["a receiver of the ibc-go chain's notation", { receiver: COSMOS_ACCOUNT }],
    ["a receiver without 0x", { receiver: OWNER.slice(2) }],
    ["nobody", { receiver: "0x0000000000000000000000000000000000000000" }],
    ["no amount", { amount: 0n }],
    ["no denom", { denom: "" }],
    ["a denom with a space", { denom: "my stake" }],
    ["more than was sent there", { denom: `transfer/${ON_COSMOS}/HOST_TOKEN`, amount: 10n ** 30n }],
    ["a token of this chain that was never sent", { denom: `transfer/${ON_COSMOS}/0x${"5e".repeat(20)}` }],
    ["ibc-go's hash of a denom, as returning", { denom: `transfer/${ON_COSMOS}/ibc/${"AB".repeat(32)}` }],
    ["JSON", {}, changed({ encoding: "application/json", value: json })],
    ["JSON that says it were ABI", {}, changed({ value: json })],
    ["the next version", {}, changed({ version: "ics20-2" })],
  ])("%s", async (_, data, change) => {
    const denom = data.denom?.replace("HOST_TOKEN", host.token.toLowerCase());
    const held = await escrowed();
    expect(await answerTo({ receiver: OWNER, ...data, ...(denom === undefined ? {} : { denom }) }, change)).toBe(
      "refused",
    );
    expect(await escrowed()).toBe(held);
  });
});
