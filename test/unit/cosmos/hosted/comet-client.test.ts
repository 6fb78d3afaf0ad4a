import { ClientState, ConsensusState } from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { describe, expect, test } from "vitest";
import { cometState, heldState, newCometClient } from "#adapters/cosmos/hosted/comet-client.ts";
import { areOurProofSpecs } from "#adapters/cosmos/hosted/proof-specs.ts";
import { decodeTrustedState, encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { makeMembers, makeState } from "#test/support/comet-evidence.ts";

const members = makeMembers("hosted", [5n, 3n]);
const state = makeState([{ height: 41n, members }]);

const created = () => {
  const { clientState, consensusState } = newCometClient(state);
  return { client: ClientState.decode(clientState.value), consensus: ConsensusState.decode(consensusState.value) };
};

describe("07-tendermint light clients", () => {
  test("begin with a canonical state and show it again, to the nanosecond", () => {
    const { client, consensus } = created();
    const shown = cometState(client, [heldState(client.latestHeight.revisionHeight, consensus)]);
    expect(shown).toEqual(state);
    expect(decodeTrustedState(encodeTrustedState(shown))).toEqual(state);
    expect(client).toMatchObject({ latestHeight: { revisionNumber: 1n, revisionHeight: 41n } });
    expect(client.upgradePath).toEqual(["upgrade", "upgradedIBCState"]);
    expect(client.trustingPeriod).toEqual({ seconds: 14n * 86_400n, nanos: 0 });
  });

  test("are frozen by any frozen height", () => {
    const { client, consensus } = created();
    const held = [heldState(41n, consensus)];
    const frozen = (revisionNumber: bigint, revisionHeight: bigint): boolean =>
      cometState({ ...client, frozenHeight: { revisionNumber, revisionHeight } }, held).frozen;
    expect([frozen(0n, 0n), frozen(0n, 1n), frozen(1n, 0n)]).toEqual([false, true, true]);
  });

  test("judge state proofs by our rules, or are not ours to follow", () => {
    const { proofSpecs } = created().client;
    const [iavl, simple] = proofSpecs;
    if (iavl === undefined || simple === undefined) throw new Error("two specs");
    expect(areOurProofSpecs(proofSpecs)).toBe(true);
    expect(areOurProofSpecs([])).toBe(false);
    expect(areOurProofSpecs([iavl])).toBe(false);
    expect(areOurProofSpecs([simple, iavl])).toBe(false);
    expect(areOurProofSpecs([...proofSpecs, iavl])).toBe(false);
    expect(areOurProofSpecs([{ ...iavl, minDepth: 1 }, simple])).toBe(false);
    expect(areOurProofSpecs([{ ...iavl, maxDepth: 256 }, simple])).toBe(false);
  });
});
