// Damaged reports of misbehaviour freeze nothing: refused for the same listed reason in TypeScript and in Solidity.
import { hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packBeaconMisbehaviour } from "#adapters/evm/pack/beacon-misbehaviour.ts";
import { beaconMisbehaviour, beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import type { BeaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { reasons } from "#adapters/protocol/reason.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { mutateBytes, mutateTree, mutation } from "#test/support/mutation.ts";
import type { Tree } from "#test/support/mutation.ts";
import { runs } from "#test/support/property-runs.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));

const reports = readBeaconVectors().flatMap((vector) =>
  "misbehaviour" in vector && "state" in vector.expect
    ? [
        {
          name: vector.name,
          trusted: bytes(vector.trusted),
          now: BigInt(vector.now),
          report: bytes(vector.misbehaviour),
        },
      ]
    : [],
);

interface Report {
  readonly first: BeaconUpdate;
  readonly second: BeaconUpdate;
}

function takeApart(report: Uint8Array): Report {
  const { first, second } = beaconMisbehaviour.decode(report);
  return { first: beaconUpdate.decode(first), second: beaconUpdate.decode(second) };
}

function putTogether({ first, second }: Report): Uint8Array | undefined {
  try {
    return beaconMisbehaviour.encode({ first: beaconUpdate.encode(first), second: beaconUpdate.encode(second) });
  } catch {
    return undefined;
  }
}

/** Both updates, without their order and without the signature slots, which no committee signs. */
function essence(report: Uint8Array): string {
  const { first, second } = takeApart(report);
  const plain = [first, second].map((update) =>
    Buffer.from(beaconUpdate.encode({ ...update, signatureSlot: 0n })).toString("hex"),
  );
  return plain.sort().join();
}

test("there are reports to damage", () => {
  expect(reports.length).toBeGreaterThan(1);
});

describe.each(reports)("$name", async ({ trusted, now, report }) => {
  const client = await deploySolidityBeacon(trusted, now);

  async function holds(damaged: Uint8Array | undefined): Promise<void> {
    fc.pre(damaged !== undefined && Buffer.compare(damaged, report) !== 0);
    const verdict = verifyMisbehaviour({ trusted, misbehaviour: damaged, now });
    const packed = packBeaconMisbehaviour(damaged, trusted);
    const answer = await client.undone(() => client.reportMisbehaviour(packed));
    expect(answer).toEqual(verdict.ok ? { result: "misbehaviour" } : { reason: verdict.reason });
    if (verdict.ok) expect(essence(damaged) === essence(report), "accepted, and not the same statement").toBe(true);
    else expect(reasons).toHaveProperty(verdict.reason);
  }

  test("fields damaged", async () => {
    const tree = takeApart(report) as unknown as Tree;
    const property = fc.asyncProperty(mutation, (how) =>
      holds(putTogether(mutateTree(tree, how) as unknown as Report)),
    );
    await fc.assert(property, runs(30));
  });

  test("raw bytes damaged", async () => {
    await fc.assert(
      fc.asyncProperty(mutation, (how) => holds(mutateBytes(report, how))),
      runs(20),
    );
  });
});
