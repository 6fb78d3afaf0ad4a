// The Solidity light client judges genuine and broken updates by the rules of adapters/evm/verify/README.md.
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { packBeaconMisbehaviour } from "#adapters/evm/pack/beacon-misbehaviour.ts";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { beaconMisbehaviour, beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import type { BeaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { decodeTrustedState, encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { consensusWord, electraRow, gloasRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import type { BeaconFixture, BeaconFixtureOptions, UpdateOptions } from "#test/support/beacon-evidence.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

// 32 keys and short periods keep the invented chain quick; sizes change nothing about the rules.
const small = { committeeSize: 32, slotsPerEpoch: 8n, epochsPerPeriod: 8n } as const;
const start = 3n * 64n + 16n;
const fixtureOf = (options: BeaconFixtureOptions = {}): BeaconFixture =>
  makeBeaconFixture({ ...small, startSlot: start, ...options });

async function judge(
  fixture: BeaconFixture,
  update: BeaconUpdate,
  options: { trusted?: BeaconState; now?: bigint } = {},
): Promise<string> {
  const trusted = encodeTrustedState(options.trusted ?? fixture.trusted);
  const client = await deploySolidityBeacon(trusted, options.now ?? fixture.timeOf(update.signatureSlot));
  const answer = await client.update(packBeaconUpdate(beaconUpdate.encode(update), trusted));
  return "reason" in answer ? answer.reason : answer.result;
}

const at = (offset: bigint, more: Partial<UpdateOptions> = {}): UpdateOptions => ({
  signatureSlot: start + offset,
  finalizedSlot: start + 8n,
  ...more,
});

const flip = (bytes: Uint8Array, index: number): Uint8Array => bytes.with(index, (bytes[index] ?? 0) ^ 1);
const flipFirst = (nodes: Uint8Array[]): Uint8Array[] =>
  nodes.map((node, index) => (index === 0 ? flip(node, 7) : node));

describe("an update that is valid", () => {
  test("moves the client to exactly the state of the rules", async () => {
    const fixture = fixtureOf();
    const update = fixture.makeUpdate(at(20n, { nextCommittee: true, absent: [0, 9, 10, 31] }));
    const trusted = encodeTrustedState(fixture.trusted);
    const client = await deploySolidityBeacon(trusted, fixture.timeOf(update.signatureSlot));
    expect(bytesToHex(await client.clientState())).toBe(bytesToHex(trusted));
    const packed = packBeaconUpdate(beaconUpdate.encode(update), trusted);
    expect(await client.update(packed)).toEqual({ result: "updated" });
    const block = fixture.blockOf(start + 8n);
    const ring = [...fixture.trusted.ring];
    ring[Number(block.number % 61n)] = consensusWord(block);
    const moved = {
      ...fixture.trusted,
      latestHeight: block.number,
      latestTimestamp: block.timestamp,
      latestSlot: start + 8n,
      nextCommitteeRoot: `0x${bytesToHex(fixture.committeeRoot(4n))}`,
      ring,
    } as const;
    expect(bytesToHex(await client.clientState())).toBe(bytesToHex(encodeTrustedState(moved)));
    expect(await client.update(packed)).toEqual({ reason: "STALE_HEADER" });
    const again = packBeaconUpdate(beaconUpdate.encode(fixture.makeUpdate(at(20n))), trusted);
    expect(await client.update(again)).toEqual({ result: "noop" });
  });

  test("rotates into the next period and learns the committee after it", async () => {
    const fixture = fixtureOf({ nextCommitteeKnown: true });
    const update = fixture.makeUpdate({ signatureSlot: 4n * 64n + 20n, finalizedSlot: 4n * 64n, nextCommittee: true });
    const trusted = encodeTrustedState(fixture.trusted);
    const client = await deploySolidityBeacon(trusted, fixture.timeOf(update.signatureSlot));
    expect(await client.update(packBeaconUpdate(beaconUpdate.encode(update), trusted))).toEqual({ result: "updated" });
    expect(decodeTrustedState(await client.clientState())).toMatchObject({
      period: 4n,
      committeeRoot: `0x${bytesToHex(fixture.committeeRoot(4n))}`,
      nextCommitteeRoot: `0x${bytesToHex(fixture.committeeRoot(5n))}`,
    });
  });

  test.each([
    ["the Electra row", [electraRow(0n)]],
    ["the Gloas row", [gloasRow(0n)]],
    ["a row that begins between the finalized and the attested header", [electraRow(0n), gloasRow(28n)]],
    ["a row that begins at the signature", [electraRow(0n), gloasRow(29n)]],
  ])("passes under %s", async (_, forks) => {
    const fixture = fixtureOf({ forks });
    const update = fixture.makeUpdate({
      signatureSlot: 29n * 8n,
      attestedSlot: 28n * 8n + 3n,
      finalizedSlot: start + 8n,
      nextCommittee: true,
    });
    expect(await judge(fixture, update)).toBe("updated");
  });

  test.each([[[]], [[0]], [[31]], [[0, 1]], [[1, 2, 30]], [[0, 1, 2, 3, 16, 17, 18, 19, 30, 31]]])(
    "passes with absentees %j",
    async (absent) => {
      const fixture = fixtureOf();
      expect(await judge(fixture, fixture.makeUpdate(at(20n, { absent })))).toBe("updated");
    },
  );

  test("passes with 512 members, 170 of them absent", async () => {
    const fixture = fixtureOf({ committeeSize: 512 });
    const absent = Array.from({ length: 170 }, (_, index) => index * 3);
    expect(await judge(fixture, fixture.makeUpdate(at(20n, { absent })))).toBe("updated");
  });
});

describe("an update that breaks a rule", () => {
  const broken: [string, string, (update: BeaconUpdate, fixture: BeaconFixture) => BeaconUpdate][] = [
    ["MALFORMED", "too many bits", (u) => ({ ...u, syncCommitteeBits: new Uint8Array(5).fill(255) })],
    ["MALFORMED", "no branch for the next committee", (u) => ({ ...u, nextSyncCommitteeBranch: [] })],
    ["MALFORMED", "a branch without a next committee", (u) => ({ ...u, nextSyncCommittee: [] })],
    ["INVALID_EXECUTION_HEADER", "header cut", (u) => ({ ...u, executionHeader: u.executionHeader.slice(0, -1) })],
    ["INVALID_EXECUTION_HEADER", "no header", (u) => ({ ...u, executionHeader: new Uint8Array(0) })],
    ["SLOT_ORDER", "signed in the attested slot", (u) => ({ ...u, signatureSlot: u.attestedHeader.slot })],
    [
      "SLOT_ORDER",
      "finalized after attested",
      (u) => ({ ...u, finalizedHeader: { ...u.finalizedHeader, slot: u.attestedHeader.slot + 1n } }),
    ],
    ["FUTURE_HEADER", "signed in the future", (u) => ({ ...u, signatureSlot: u.signatureSlot + 2n })],
    ["FUTURE_HEADER", "the last slot of all", (u) => ({ ...u, signatureSlot: (1n << 64n) - 1n })],
    ["INVALID_EXECUTION_BRANCH", "node changed", (u) => ({ ...u, executionBranch: flipFirst(u.executionBranch) })],
    ["INVALID_EXECUTION_BRANCH", "node missing", (u) => ({ ...u, executionBranch: u.executionBranch.slice(1) })],
    ["INVALID_EXECUTION_BRANCH", "no nodes", (u) => ({ ...u, executionBranch: [] })],
    ["INVALID_EXECUTION_BRANCH", "header changed", (u) => ({ ...u, executionHeader: flip(u.executionHeader, 10) })],
    ["INVALID_FINALITY_BRANCH", "node changed", (u) => ({ ...u, finalityBranch: flipFirst(u.finalityBranch) })],
    [
      "INVALID_FINALITY_BRANCH",
      "node too many",
      (u) => ({ ...u, finalityBranch: [...u.finalityBranch, new Uint8Array(32)] }),
    ],
    [
      "INVALID_FINALITY_BRANCH",
      "finalized header changed",
      (u) => ({ ...u, finalizedHeader: { ...u.finalizedHeader, proposerIndex: 18n } }),
    ],
    [
      "INVALID_NEXT_COMMITTEE",
      "node changed",
      (u) => ({ ...u, nextSyncCommitteeBranch: flipFirst(u.nextSyncCommitteeBranch) }),
    ],
    [
      "INVALID_NEXT_COMMITTEE",
      "key missing",
      (u) => ({ ...u, nextSyncCommittee: u.nextSyncCommittee.map((c) => ({ ...c, pubkeys: c.pubkeys.slice(1) })) }),
    ],
    [
      "INVALID_COMMITTEE",
      "keys swapped",
      (u) => ({ ...u, syncCommittee: { ...u.syncCommittee, pubkeys: u.syncCommittee.pubkeys.toReversed() } }),
    ],
    [
      "INVALID_COMMITTEE",
      "key missing",
      (u) => ({ ...u, syncCommittee: { ...u.syncCommittee, pubkeys: u.syncCommittee.pubkeys.slice(1) } }),
    ],
    [
      "INVALID_COMMITTEE",
      "another aggregate",
      (u) => ({ ...u, syncCommittee: { ...u.syncCommittee, aggregatePubkey: new Uint8Array(48) } }),
    ],
    ["INVALID_COMMITTEE", "committee of another period", (u, f) => f.sign(u, { signingPeriod: 9n })],
    [
      "INSUFFICIENT_PARTICIPATION",
      "a signer too few",
      (u, f) => f.sign(u, { absent: Array.from({ length: 11 }, (_, index) => index) }),
    ],
    ["INSUFFICIENT_PARTICIPATION", "nobody", (u) => ({ ...u, syncCommitteeBits: new Uint8Array(4) })],
    ["INVALID_SIGNATURE", "no point", (u) => ({ ...u, syncCommitteeSignature: new Uint8Array(96) })],
    ["INVALID_SIGNATURE", "infinity", (u) => ({ ...u, syncCommitteeSignature: new Uint8Array(96).with(0, 0xc0) })],
    [
      "INVALID_SIGNATURE",
      "negated",
      (u) => ({
        ...u,
        syncCommitteeSignature: u.syncCommitteeSignature.with(0, (u.syncCommitteeSignature[0] ?? 0) ^ 0x20),
      }),
    ],
    [
      "INVALID_SIGNATURE",
      "attested header changed",
      (u) => ({ ...u, attestedHeader: { ...u.attestedHeader, proposerIndex: 1n } }),
    ],
    ["INVALID_SIGNATURE", "a signer who did not", (u) => ({ ...u, syncCommitteeBits: new Uint8Array(4).fill(255) })],
    ["INVALID_SIGNATURE", "one more absent", (u) => ({ ...u, syncCommitteeBits: u.syncCommitteeBits.with(3, 0x7f) })],
  ];
  test.each(broken)("%s: %s", async (reason, _, change) => {
    const fixture = fixtureOf();
    const update = fixture.makeUpdate(at(20n, { absent: [5], nextCommittee: true }));
    const now = fixture.timeOf(update.signatureSlot);
    expect(await judge(fixture, change(update, fixture), { now })).toBe(reason);
  });

  test("CLIENT_FROZEN comes before the header is looked at", async () => {
    const fixture = fixtureOf();
    const update = { ...fixture.makeUpdate(at(20n)), executionHeader: new Uint8Array(1) };
    expect(await judge(fixture, update, { trusted: { ...fixture.trusted, frozen: true } })).toBe("CLIENT_FROZEN");
  });

  test("CLIENT_EXPIRED a second after the trusting period", async () => {
    const fixture = fixtureOf({ trustingPeriod: 1000n });
    const update = fixture.makeUpdate(at(20n));
    const last = fixture.trusted.latestTimestamp + 1000n;
    expect(await judge(fixture, update, { now: last })).toBe("updated");
    expect(await judge(fixture, update, { now: last + 1n })).toBe("CLIENT_EXPIRED");
  });

  test("UNKNOWN_FORK before the first row", async () => {
    const fixture = fixtureOf({ forks: [electraRow(start / 8n + 2n)] });
    expect(await judge(fixture, fixture.makeUpdate(at(20n)))).toBe("UNKNOWN_FORK");
    const without = fixtureOf({ forks: [] });
    expect(await judge(without, without.makeUpdate(at(20n)))).toBe("UNKNOWN_FORK");
  });

  test("UNKNOWN_PERIOD for the next period while its committee is unknown, and for any other", async () => {
    const unknown = fixtureOf();
    const next = { signatureSlot: 4n * 64n + 20n, finalizedSlot: 4n * 64n };
    expect(await judge(unknown, unknown.makeUpdate(next))).toBe("UNKNOWN_PERIOD");
    const known = fixtureOf({ nextCommitteeKnown: true });
    expect(await judge(known, known.makeUpdate(next))).toBe("updated");
    expect(await judge(known, known.makeUpdate({ ...next, signatureSlot: 5n * 64n + 20n }))).toBe("UNKNOWN_PERIOD");
    expect(await judge(known, known.makeUpdate({ signatureSlot: 64n, finalizedSlot: 32n }))).toBe("UNKNOWN_PERIOD");
  });

  test("INVALID_NEXT_COMMITTEE when another one is known, or when attested in another period than signed", async () => {
    const fixture = fixtureOf({ nextCommitteeKnown: true });
    const other = fixture.makeUpdate(at(20n, { nextCommittee: true, nextCommitteePeriod: 7n }));
    expect(await judge(fixture, other)).toBe("INVALID_NEXT_COMMITTEE");
    const across = fixture.makeUpdate({
      signatureSlot: 4n * 64n,
      attestedSlot: 4n * 64n - 1n,
      finalizedSlot: start + 8n,
      nextCommittee: true,
    });
    expect(await judge(fixture, across)).toBe("INVALID_NEXT_COMMITTEE");
  });

  test("INVALID_PUBLIC_KEY when an absentee's or the aggregate key is no point", async () => {
    const fixture = fixtureOf({ brokenKeys: [5] });
    expect(await judge(fixture, fixture.makeUpdate(at(20n, { absent: [5] })))).toBe("INVALID_PUBLIC_KEY");
    const present = fixture.makeUpdate(at(20n, { absent: [6] }));
    expect(await judge(fixture, present), "keys of participants are not looked at").toBe("updated");
    const aggregate = fixtureOf({ brokenAggregate: true });
    expect(await judge(aggregate, aggregate.makeUpdate(at(20n)))).toBe("INVALID_PUBLIC_KEY");
    expect(await judge(aggregate, aggregate.makeUpdate(at(20n, { absent: [1] })))).toBe("INVALID_PUBLIC_KEY");
  });

  test("NON_MONOTONIC_TIME when height and time do not grow together", async () => {
    const fixture = fixtureOf();
    const { number, timestamp } = fixture.startBlock;
    const higher = fixture.makeUpdate(at(20n, { execution: { timestamp } }));
    expect(await judge(fixture, higher)).toBe("NON_MONOTONIC_TIME");
    const lower = fixture.makeUpdate(at(20n, { execution: { number: number - 1n } }));
    expect(await judge(fixture, lower)).toBe("NON_MONOTONIC_TIME");
  });

  test("STALE_HEADER when the ring's place holds a higher height", async () => {
    const fixture = fixtureOf();
    const { number, timestamp } = fixture.startBlock;
    const execution = { number: number - 61n, timestamp: timestamp - 1n };
    expect(await judge(fixture, fixture.makeUpdate(at(20n, { execution })))).toBe("STALE_HEADER");
    const filled = { ...execution, number: number - 60n };
    expect(await judge(fixture, fixture.makeUpdate(at(20n, { execution: filled })))).toBe("updated");
  });
});

describe("misbehaviour", () => {
  test("a different consensus state for a known height freezes, and nothing passes after it", async () => {
    const fixture = fixtureOf();
    const { number } = fixture.startBlock;
    const update = fixture.makeUpdate(at(20n, { execution: { number } }));
    const trusted = encodeTrustedState(fixture.trusted);
    const client = await deploySolidityBeacon(trusted, fixture.timeOf(update.signatureSlot));
    const packed = packBeaconUpdate(beaconUpdate.encode(update), trusted);
    expect(await client.update(packed)).toEqual({ result: "misbehaviour" });
    expect(await client.status()).toBe("frozen");
    expect(bytesToHex(await client.clientState())).toBe(
      bytesToHex(encodeTrustedState({ ...fixture.trusted, frozen: true })),
    );
    expect(await client.update(packed)).toEqual({ reason: "CLIENT_FROZEN" });
  });

  async function report(fixture: BeaconFixture, first: BeaconUpdate, second: BeaconUpdate): Promise<string> {
    const trusted = encodeTrustedState(fixture.trusted);
    const client = await deploySolidityBeacon(trusted, fixture.timeOf(first.signatureSlot));
    const evidence = { first: beaconUpdate.encode(first), second: beaconUpdate.encode(second) };
    const answer = await client.reportMisbehaviour(
      packBeaconMisbehaviour(beaconMisbehaviour.encode(evidence), trusted),
    );
    expect(await client.status()).toBe("reason" in answer ? "active" : "frozen");
    return "reason" in answer ? answer.reason : answer.result;
  }

  test("two finalized headers of one slot, or two states of one height, freeze; others do not", async () => {
    const fixture = fixtureOf();
    const one = fixture.makeUpdate(at(20n));
    expect(await report(fixture, one, fixture.makeUpdate(at(20n, { variant: "other" })))).toBe("misbehaviour");
    const height = fixture.blockOf(start + 8n).number;
    const sameHeight = fixture.makeUpdate(at(20n, { finalizedSlot: start + 9n, execution: { number: height } }));
    expect(await report(fixture, one, sameHeight)).toBe("misbehaviour");
    expect(await report(fixture, one, one)).toBe("NO_CONFLICT");
    expect(await report(fixture, one, fixture.makeUpdate(at(19n)))).toBe("NO_CONFLICT");
    expect(await report(fixture, one, fixture.makeUpdate(at(20n, { finalizedSlot: start + 9n })))).toBe("NO_CONFLICT");
    const unsigned = { ...fixture.makeUpdate(at(20n, { variant: "x" })), syncCommitteeSignature: new Uint8Array(96) };
    expect(await report(fixture, one, unsigned)).toBe("INVALID_SIGNATURE");
    expect(await report(fixture, unsigned, one)).toBe("INVALID_SIGNATURE");
  });

  test("evidence cut anywhere is malformed", async () => {
    const fixture = fixtureOf();
    const trusted = encodeTrustedState(fixture.trusted);
    const update = fixture.makeUpdate(at(20n, { absent: [3] }));
    const client = await deploySolidityBeacon(trusted, fixture.timeOf(update.signatureSlot));
    const packed = packBeaconUpdate(beaconUpdate.encode(update), trusted);
    expect(await client.update(new Uint8Array([...packed, 0]))).toEqual({ reason: "MALFORMED" });
    expect(await client.update(packed.slice(0, -1))).toMatchObject({ reason: expect.stringMatching(/^[A-Z_]+$/) });
    for (const size of [0, 1, 557, 600])
      expect(await client.update(packed.slice(0, size))).toEqual({ reason: "MALFORMED" });
    for (const size of [0, 3, 4, 100])
      expect(await client.reportMisbehaviour(packed.slice(0, size))).toEqual({ reason: "MALFORMED" });
  });
});
