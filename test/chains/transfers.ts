// Transfers over one lane and back, whatever families its chains are of, held against what both chains' banks say.
import { expect } from "vitest";
import { isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import type { Sent } from "#adapters/chain-apps.ts";
import type { End } from "#relayer/routes.ts";
import type { PacketView } from "#sdk/api/views.ts";
import type { Bank, Party } from "./party.ts";
import type { RunningRelayer } from "./running-relayer.ts";

/** One end of a route: a chain with the light client it hosts. */
export interface Side extends Party {
  readonly bank: Bank;
  readonly clientId: string;
}

export interface Lane {
  readonly from: Side;
  readonly to: Side;
  readonly relayer: RunningRelayer;
}

const HOUR = 3_600n;
/** No account of any chain. */
const NOBODY = "nobody at all";

export const endOf = ({ chain, clientId }: Side): End => ({ chain: chain.chainId, client: clientId });

export interface Coins {
  readonly denom: string;
  readonly amount: bigint;
  readonly receiver?: string;
  /** Seconds, on the destination's clock. */
  readonly lifetime?: bigint;
}

export async function transfer({ from, to }: Lane, coins: Coins): Promise<Sent> {
  const { denom, amount, receiver = to.bank.owner, lifetime = HOUR } = coins;
  return from.chain.apps.transfer({
    sourceClient: from.clientId,
    denom,
    amount,
    receiver,
    memo: "",
    timeoutTimestamp: (await to.bank.now()) + lifetime,
  });
}

export const untilEnded = ({ from, relayer }: Lane, { packet }: Sent): Promise<PacketView> =>
  relayer.untilEnded(endOf(from), packet.sequence);

async function expectStanding({ from, to }: Lane, { packet }: Sent, received: "open" | "done"): Promise<void> {
  expect(await to.chain.target.standing([{ kind: "receive", packet }])).toEqual([received]);
  const ending = received === "done" ? "acknowledge" : "timeout";
  expect(await from.chain.target.standing([{ kind: ending, packet }])).toEqual(["done"]);
}

export async function deliver(lane: Lane, coins: Coins): Promise<void> {
  const sent = await transfer(lane, coins);
  const { status, acknowledgements } = await untilEnded(lane, sent);
  expect(status).toBe("acknowledged");
  const answer = (acknowledgements ?? []).map((hex) => Buffer.from(hex, "hex").toString());
  expect(answer).toEqual(['{"result":"AQ=="}']);
  await expectStanding(lane, sent, "done");
}

/** A native token and the voucher for it, with what everybody has of them; fees are paid in another one. */
async function holdings({ from, to }: Lane) {
  const voucher = await to.bank.voucherOf(to.clientId, from.bank.nativeOnWire);
  return {
    voucher,
    native: await from.bank.balanceOf(from.bank.native, from.bank.owner),
    escrowed: await from.bank.escrowed(from.clientId, from.bank.native),
    vouchers: await to.bank.balanceOf(voucher, to.bank.owner),
  };
}

const reversed = ({ from, to, relayer }: Lane): Lane => ({ from: to, to: from, relayer });

/** The token goes as what it is, is there as a voucher that says where it came from, and comes back as what it was. */
export async function thereAndBack(lane: Lane, amount: bigint): Promise<void> {
  const { from, to } = lane;
  const before = await holdings(lane);
  await deliver(lane, { denom: from.bank.native, amount });
  expect(await holdings(lane)).toEqual({
    ...before,
    native: before.native - amount,
    escrowed: before.escrowed + amount,
    vouchers: before.vouchers + amount,
  });
  expect(await to.bank.traceOf(before.voucher)).toBe(`transfer/${to.clientId}/${from.bank.nativeOnWire}`);
  await deliver(reversed(lane), { denom: before.voucher, amount });
  expect(await holdings(lane)).toEqual(before);
}

/** A native token, and then a voucher, for a receiver that there is not. */
export async function refusedAndRefunded(lane: Lane, amount: bigint): Promise<void> {
  const back = reversed(lane);
  await deliver(lane, { denom: lane.from.bank.native, amount });
  const before = await holdings(lane);
  for (const [way, denom] of [
    [lane, lane.from.bank.native],
    [back, before.voucher],
  ] as const) {
    const sent = await transfer(way, { denom, amount, receiver: NOBODY });
    const { status, acknowledgements } = await untilEnded(way, sent);
    expect(status).toBe("acknowledged");
    expect(isErrorAcknowledgement((acknowledgements ?? []).map((hex) => Buffer.from(hex, "hex")))).toBe(true);
    await expectStanding(way, sent, "done");
    expect(await holdings(lane)).toEqual(before);
  }
  await deliver(back, { denom: before.voucher, amount });
}

/** Nobody delivers it in time: proven to be absent, and refunded. */
export async function timedOutAndRefunded(lane: Lane, amount: bigint): Promise<void> {
  const { from, to, relayer } = lane;
  const before = await holdings(lane);
  await relayer.pause(endOf(to));
  try {
    const sent = await transfer(lane, { denom: from.bank.native, amount, lifetime: 5n });
    expect((await holdings(lane)).native).toBe(before.native - amount);
    expect((await untilEnded(lane, sent)).status).toBe("timedOut");
    await expectStanding(lane, sent, "open");
  } finally {
    await relayer.resume(endOf(to));
  }
  expect(await holdings(lane)).toEqual(before);
}
