import { concatBytes } from "@noble/hashes/utils.js";
import { MerkleProof } from "cosmjs-types/ibc/core/commitment/v1/commitment";
import { Header, Misbehaviour } from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { describe, expect, test } from "vitest";
import { cometKind } from "#adapters/cosmos/hosted/comet-kind.ts";
import { kindOf } from "#adapters/cosmos/hosted/kind-of.ts";
import { cometMisbehaviour, cometUpdate, commitmentProof } from "#adapters/cosmos/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";

const members = makeMembers("kind", [5n, 3n]);
const update = (height: bigint, trustedHeight: bigint): Uint8Array =>
  cometUpdate.encode(makeUpdate({ height, trustedHeight, members }));
const stateOf = (...heights: bigint[]): Uint8Array =>
  encodeTrustedState(makeState(heights.map((height) => ({ height, members }))));

describe("07-tendermint", () => {
  test("needs the updates after the last one that it has, by whomever", () => {
    const updates = [update(10n, 5n), update(20n, 10n), update(30n, 20n)];
    const needed = (...heights: bigint[]) => cometKind.neededUpdates(stateOf(...heights), updates);
    expect(needed(5n)).toEqual(updates);
    expect(needed(5n, 10n)).toEqual(updates.slice(1));
    expect(needed(5n, 20n)).toEqual(updates.slice(2));
    expect(needed(5n, 30n)).toEqual([]);
  });

  test("still needs an update when it holds another block of that height", () => {
    const forged = makeState([{ height: 10n, members, appHash: new Uint8Array(32).fill(7) }]);
    expect(cometKind.neededUpdates(encodeTrustedState(forged), [update(10n, 5n)])).toHaveLength(1);
  });

  test("takes canonical evidence as it is", () => {
    const bytes = update(10n, 5n);
    const { typeUrl, value } = cometKind.update(bytes);
    expect([typeUrl, value]).toEqual(["/ibc.lightclients.tendermint.v1.Header", bytes]);
    const header = Header.decode(value);
    expect(header.signedHeader?.header?.height).toBe(10n);
    expect(header.trustedHeight).toEqual({ revisionNumber: 1n, revisionHeight: 5n });
    expect(cometKind.beforeProofs(new Uint8Array(9))).toEqual([]);
  });

  test("is told the client id with a report, and nothing else about it changes", () => {
    const report = { header1: makeUpdate({ height: 9n, trustedHeight: 5n, members }), header2: undefined };
    const { value } = cometKind.misbehaviour("07-tendermint-3", cometMisbehaviour.encode(report));
    const decoded = Misbehaviour.decode(value);
    expect(decoded.clientId).toBe("07-tendermint-3");
    expect(decoded.header1?.signedHeader?.header?.height).toBe(9n);
    expect(decoded.header2).toBeUndefined();
  });

  test("proves with the path's proof first and the store's second", () => {
    const piece = (name: string): Uint8Array => {
      const key = new TextEncoder().encode(name);
      return commitmentProof.encode({ exist: { key, value: key, leaf: undefined, path: [] }, nonexist: undefined });
    };
    const { proofs } = MerkleProof.decode(cometKind.stateProof(piece("path"), piece("ibc")));
    expect(proofs.map(({ exist }) => new TextDecoder().decode(exist?.key))).toEqual(["path", "ibc"]);
    expect(cometKind.proofHeight(stateOf(5n), 77n)).toEqual({ revisionNumber: 1n, revisionHeight: 77n });
  });

  test("refuses to work with what is no state", () => {
    const state = stateOf(5n);
    for (const bytes of [new Uint8Array(), state.subarray(1), concatBytes(state, new Uint8Array(1))])
      expect(() => cometKind.neededUpdates(bytes, [])).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });

  test("is one of two kinds that a chain hosts", () => {
    expect(kindOf("cometbft")).toBe(cometKind);
    for (const clientType of ["", "qbft", "07-tendermint", "constructor"])
      expect(() => kindOf(clientType)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });
});
