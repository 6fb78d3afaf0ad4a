import { expect, test } from "vitest";
import { createFunds } from "#adapters/submit/funds.ts";

function open(balance: bigint) {
  const account = { balance, reads: 0, now: 0 };
  const read = async (): Promise<bigint> => {
    account.reads += 1;
    return account.balance;
  };
  return { account, funds: createFunds(read, () => account.now) };
}

test("are read once while what was spent is far from them", async () => {
  const { account, funds } = open(1_000n);
  for (let count = 0; count < 9; count += 1) expect(await funds.short(100n)).toBeUndefined();
  expect(account.reads).toBe(1);
});

test("are read again when they may not suffice, and after a while", async () => {
  const { account, funds } = open(1_000n);
  await funds.short(600n);
  await funds.short(600n);
  expect(account.reads).toBe(2);
  account.now += 60_000;
  await funds.short(1n);
  expect(account.reads).toBe(3);
  funds.forget();
  await funds.short(1n);
  expect(account.reads).toBe(4);
});

test.each([0n, 99n])("%s of them do not suffice for 100, each time anew", async (balance) => {
  const { account, funds } = open(balance);
  expect(await funds.short(100n)).toBe(balance);
  account.balance = 100n;
  expect(await funds.short(100n)).toBeUndefined();
  account.balance = 0n;
  expect(await funds.short(100n)).toBe(0n);
});
