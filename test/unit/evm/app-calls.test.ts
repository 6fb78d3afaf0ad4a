// What is called before and for a transfer, and which packet a receipt shows.
import { decodeFunctionData, encodeAbiParameters, encodeEventTopics, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { approvalCall, messageCall, transferCall } from "#adapters/evm/app-calls.ts";
import { toAbiPacket } from "#adapters/evm/packet-abi.ts";
import type { Hex } from "#adapters/evm/rpc/hex.ts";
import { sentPacket } from "#adapters/evm/sent-packet.ts";
import type { Receipt } from "#adapters/evm/submit/receipt.ts";
import { encodeMessageData } from "#adapters/protocol/message-data.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { abi as routerAbi } from "../../../contracts/evm/bindings/IPacketRouter.ts";

const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const [app, owner, token, router] = [address("a"), address("b"), address("c"), address("d")];
const request = {
  sourceClient: "beacon-0",
  denom: token,
  amount: 7n,
  receiver: "somebody",
  memo: "",
  timeoutTimestamp: 1_000n,
};

const reads = parseAbi([
  "function allowance(address owner, address spender) view returns (uint256)",
  "function balanceOf(address owner) view returns (uint256)",
  "function isVoucher(address token) view returns (bool)",
  "function trace() view returns (string)",
]);

interface Holdings {
  readonly balanceOf: bigint;
  readonly allowance: bigint;
  readonly trace?: string;
}

/** A token, or a voucher of this trace. */
const chainWith =
  ({ balanceOf, allowance, trace }: Holdings) =>
  async ({ data }: { readonly data: Hex }): Promise<Hex> => {
    const { functionName } = decodeFunctionData({ abi: reads, data });
    if (functionName === "trace") return encodeAbiParameters([{ type: "string" }], [trace ?? ""]);
    if (functionName === "isVoucher") return encodeAbiParameters([{ type: "bool" }], [trace !== undefined]);
    return encodeAbiParameters([{ type: "uint256" }], [functionName === "balanceOf" ? balanceOf : allowance]);
  };

describe("a receiver on an ibc-go chain", () => {
  const toCosmos = (receiver: string) => transferCall(app, { ...request, sourceClient: "cometbft-0", receiver });
  const account = "cosmos1qurswpc8qurswpc8qurswpc8qurswpc8nn86qp";

  it.each([
    ["an account", account],
    ["a contract's 32 bytes", "osmo1pyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysk2ce0w"],
    ["an account in capitals", account.toUpperCase()],
    ["what a middleware reads", "pfm"],
    ["another notation", owner],
  ])("may be %s", (_, receiver) => {
    expect(toCosmos(receiver).to).toBe(app);
  });

  it.each([
    ["another letter", account.replace("qp", "qq")],
    ["two letters swapped", account.replace("86qp", "68qp")],
    ["a letter that bech32 has not", account.replace("nn", "bn")],
    ["another name", account.replace("cosmos", "osmo")],
    ["a letter less", account.slice(0, -1)],
    ["some capitals", account.replace("qurs", "QURS")],
  ])("is not mistyped: %s", (_, receiver) => {
    expect(() => toCosmos(receiver)).toThrow(/checksum/);
  });

  it("is not looked for on other chains", () => {
    expect(transferCall(app, { ...request, receiver: account.slice(0, -1) }).to).toBe(app);
  });
});

describe("an approval", () => {
  const approve = parseAbi(["function approve(address spender, uint256 amount) returns (bool)"]);

  it.each<[string, Holdings]>([
    ["nothing is approved", { balanceOf: 10n, allowance: 0n }],
    ["too little is approved", { balanceOf: 10n, allowance: 6n }],
    ["a voucher goes on to a third chain", { balanceOf: 10n, allowance: 0n, trace: "transfer/beacon-1/uatom" }],
    ["a client's name only begins alike", { balanceOf: 10n, allowance: 0n, trace: "transfer/beacon-01/uatom" }],
  ])("is of exactly the amount when %s", async (_, holdings) => {
    const call = await approvalCall(chainWith(holdings), app, owner, request);
    expect(call?.to).toBe(token);
    expect(decodeFunctionData({ abi: approve, data: call?.data ?? "0x" }).args).toEqual([
      expect.stringMatching(new RegExp(app, "i")),
      7n,
    ]);
  });

  it.each<[string, Holdings]>([
    ["enough is approved", { balanceOf: 10n, allowance: 7n }],
    ["a voucher goes home, and is burnt", { balanceOf: 10n, allowance: 0n, trace: "transfer/beacon-0/uatom" }],
  ])("is not made when %s", async (_, holdings) => {
    expect(await approvalCall(chainWith(holdings), app, owner, request)).toBeUndefined();
  });

  it("is refused for what one has not got, and for what is no token", async () => {
    await expect(approvalCall(chainWith({ balanceOf: 6n, allowance: 9n }), app, owner, request)).rejects.toMatchObject({
      code: "INSUFFICIENT_FUNDS",
    });
    await expect(approvalCall(async () => "0x", app, owner, request)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });
});

it.each<[string, object]>([
  ["no token's address", { denom: "uatom" }],
  ["an address with a digit too few", { denom: token.slice(0, -1) }],
  ["no amount", { amount: 0n }],
  ["less than nothing", { amount: -1n }],
  ["more than there can be", { amount: 1n << 256n }],
  ["no time", { timeoutTimestamp: 0n }],
  ["a time no packet can carry", { timeoutTimestamp: 1n << 64n }],
])("a transfer with %s is not encoded", (_, change) => {
  expect(() => transferCall(app, { ...request, ...change })).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT" }),
  );
});

it("a message with no time is not encoded", () => {
  const message = { sourceClient: "beacon-0", receiver: "x", payload: Uint8Array.of(1) };
  expect(() => messageCall(app, { ...message, timeoutTimestamp: -1n })).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT" }),
  );
});

describe("the packet of a receipt", () => {
  const packetOf = (sender: string, sequence: bigint): Packet => ({
    sequence,
    sourceClient: "beacon-0",
    destinationClient: "beacon-1",
    timeoutTimestamp: 1_000n,
    payloads: [
      {
        sourcePort: "gmpport",
        destinationPort: "gmpport",
        version: "ics27-2",
        encoding: "application/x-solidity-abi",
        value: encodeMessageData({
          sender,
          receiver: "x",
          salt: new Uint8Array(),
          payload: Uint8Array.of(1),
          memo: "",
        }),
      },
    ],
  });
  const event = routerAbi.find((item) => item.type === "event" && item.name === "SendPacket");
  const [, , packetInput] = event?.type === "event" ? event.inputs : [];
  const logOf = (packet: Packet, at: Hex): Receipt["logs"][number] => ({
    address: at,
    topics: encodeEventTopics({
      abi: routerAbi,
      eventName: "SendPacket",
      args: { clientId: packet.sourceClient, sequence: packet.sequence },
    }) as Hex[],
    data: encodeAbiParameters([packetInput as never], [toAbiPacket(packet)] as never),
    blockNumber: 5n,
    blockHash: `0x${"01".repeat(32)}`,
    transactionHash: `0x${"02".repeat(32)}`,
    logIndex: 0n,
  });
  const receiptOf = (logs: Receipt["logs"]): Receipt => ({
    transactionHash: `0x${"02".repeat(32)}`,
    blockNumber: 5n,
    status: 1n,
    gasUsed: 1n,
    effectiveGasPrice: 1n,
    logs,
  });

  it("is the sender's own, among those of others and of other contracts", () => {
    const logs = [
      logOf(packetOf(address("e"), 1n), router),
      logOf(packetOf(owner, 9n), address("f")),
      logOf(packetOf(owner, 2n), router),
    ];
    expect(sentPacket(router, owner, receiptOf(logs))).toMatchObject({ packet: { sequence: 2n }, height: 5n });
  });

  it("is missed when there is none", () => {
    for (const logs of [[], [logOf(packetOf(address("e"), 1n), router)], [logOf(packetOf(owner, 1n), address("f"))]])
      expect(() => sentPacket(router, owner, receiptOf(logs))).toThrow(
        expect.objectContaining({ code: "RPC_BAD_ANSWER" }),
      );
  });
});
