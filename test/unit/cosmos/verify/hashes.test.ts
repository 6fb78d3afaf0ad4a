// Hashes of validator sets and headers against a tree that is built otherwise, and what they are sensitive to.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CometHeader } from "#adapters/cosmos/verify/evidence.ts";
import { headerHash } from "#adapters/cosmos/verify/header-hash.ts";
import { merkleRoot } from "#adapters/cosmos/verify/merkle.ts";
import { totalPower, validatorsHash } from "#adapters/cosmos/verify/validators.ts";
import { makeHeader, makeMembers, validatorsOf } from "#test/support/comet-evidence.ts";

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();

/** Level by level: an odd one at the end moves up as it is, which gives the same tree. */
function byLevels(leaves: readonly Uint8Array[]): Buffer {
  let level = leaves.map((leaf) => sha256(Buffer.of(0), leaf));
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => {
      const [left = Buffer.of(), right] = level.slice(index * 2, index * 2 + 2);
      return right === undefined ? left : sha256(Buffer.of(1), left, right);
    });
  return level[0] ?? sha256();
}

test("a tree of any leaves is the one that is built level by level", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 40 }), (leaves) => {
      expect(Buffer.from(merkleRoot(leaves))).toEqual(byLevels(leaves));
    }),
  );
});

const members = makeMembers("", [40n, 25n, 20n]);
const validators = validatorsOf(members);

describe("validators", () => {
  test("are hashed as key and power, each after its tag", () => {
    const leaves = validators.map(({ pubKey, votingPower }) =>
      Buffer.concat([Buffer.from("0a220a20", "hex"), pubKey.value, Buffer.of(0x10, Number(votingPower))]),
    );
    expect(Buffer.from(validatorsHash(validators))).toEqual(byLevels(leaves));
    expect(totalPower(validators)).toBe(85n);
  });

  test("nobody has the hash of nothing", () => {
    expect(Buffer.from(validatorsHash([]))).toEqual(sha256());
  });
});

test("every field of a header changes its hash", () => {
  const header = makeHeader({ height: 5n, members });
  const changes: readonly Partial<CometHeader>[] = [
    { version: { block: 11n, app: 2n } },
    { version: { block: 12n, app: 1n } },
    { chainId: Uint8Array.of(0x61) },
    { height: 6n },
    { time: { ...header.time, nanos: header.time.nanos + 1n } },
    { time: { ...header.time, seconds: header.time.seconds + 1n } },
    { lastBlockId: { ...header.lastBlockId, hash: new Uint8Array(32) } },
    { lastBlockId: { ...header.lastBlockId, partSetHeader: { ...header.lastBlockId.partSetHeader, total: 2n } } },
    ...(
      [
        "lastCommitHash",
        "dataHash",
        "validatorsHash",
        "nextValidatorsHash",
        "consensusHash",
        "appHash",
        "lastResultsHash",
        "evidenceHash",
        "proposerAddress",
      ] as const
    ).flatMap((name) => [{ [name]: new Uint8Array(32) }, { [name]: new Uint8Array() }]),
  ];
  const hashes = [header, ...changes.map((changed) => ({ ...header, ...changed }))].map((each) =>
    String(headerHash(each)),
  );
  expect(new Set(hashes).size).toBe(changes.length + 1);
});
