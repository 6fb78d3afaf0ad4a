import { MsgExec } from "cosmjs-types/cosmos/authz/v1beta1/tx";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { Header } from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { ClientMessage } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import { describe, expect, test } from "vitest";
import { evidenceIn } from "#adapters/cosmos/accepted.ts";
import { anyOf, updateClient } from "#adapters/cosmos/submit/messages.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { signAll, makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";

const CLIENT = "07-tendermint-0";
const members = makeMembers("accepted", [5n, 4n, 3n, 2n]);
const update = makeUpdate({ height: 20n, trustedHeight: 5n, members });
const canonical = cometUpdate.encode(update);
const trusted = {
  clientId: CLIENT,
  clientType: "cometbft",
  state: encodeTrustedState(makeState([{ height: 5n, members }])),
  status: "active" as const,
  height: 5n,
  timestamp: 0n,
  expiresAt: 0n,
  now: 0n,
};

const transaction = (...messages: Any[]): Uint8Array =>
  TxRaw.encode(
    TxRaw.fromPartial({
      bodyBytes: TxBody.encode(TxBody.fromPartial({ messages })).finish(),
      authInfoBytes: new Uint8Array(),
    }),
  ).finish();
const header = (value: Uint8Array): Any => ({ typeUrl: Header.typeUrl, value });
const message = (value = header(canonical), clientId = CLIENT): Any => updateClient(clientId, value, "cosmos1x");

describe("the update in a transaction", () => {
  test("is found beside others, and in what one account sends in the name of another", () => {
    const other = cometUpdate.encode(makeUpdate({ height: 12n, trustedHeight: 5n, members }));
    expect(evidenceIn(transaction(message(header(other)), message()), trusted, 20n)).toEqual(canonical);
    const exec = anyOf(MsgExec, { grantee: "cosmos1y", msgs: [message()] });
    expect(evidenceIn(transaction(exec), trusted, 20n)).toEqual(canonical);
  });

  test("is canonical, whatever else its relayer sent", () => {
    const { signedHeader } = update;
    if (!signedHeader?.header || !signedHeader.commit) throw new Error("an update has a signed header");
    const { commit } = signedHeader;
    // Everybody's vote, in the place of those that nobody counts.
    const votes = commit.signatures.map((vote, place) => ({
      blockIdFlag: 2n,
      validatorAddress: members[place]?.validator.address ?? new Uint8Array(),
      timestamp: vote.blockIdFlag === 2n ? vote.timestamp : { seconds: 1_700_000_200n, nanos: 5n },
      signature: new Uint8Array(64),
    }));
    const set = update.validatorSet && {
      ...update.validatorSet,
      validators: update.validatorSet.validators.map((one, place) => ({ ...one, proposerPriority: BigInt(place - 1) })),
      totalVotingPower: 14n,
    };
    const full = cometUpdate.encode({
      ...update,
      signedHeader: { ...signedHeader, commit: signAll({ ...commit, signatures: votes }, members) },
      validatorSet: set,
    });
    expect(full).not.toEqual(canonical);
    expect(evidenceIn(transaction(message(header(full))), trusted, 20n)).toEqual(canonical);
  });

  test("is not another height's, another light client's, or of another kind", () => {
    expect(evidenceIn(transaction(message()), trusted, 21n)).toBeUndefined();
    expect(evidenceIn(transaction(message(undefined, "07-tendermint-1")), trusted, 20n)).toBeUndefined();
    const wasm = anyOf(ClientMessage, { data: canonical });
    expect(evidenceIn(transaction(message(wasm)), trusted, 20n)).toBeUndefined();
    expect(evidenceIn(transaction(message({ typeUrl: "/x", value: canonical })), trusted, 20n)).toBeUndefined();
  });

  test("is nothing in bytes that are no transaction, or no update", () => {
    for (const bytes of [new Uint8Array(), Uint8Array.of(0xff, 0xff), canonical])
      expect(evidenceIn(bytes, trusted, 20n)).toBeUndefined();
    const halves = [canonical.subarray(0, 200), canonical.subarray(1), new Uint8Array()];
    for (const value of halves) expect(evidenceIn(transaction(message(header(value))), trusted, 20n)).toBeUndefined();
    const nothing = { typeUrl: message().typeUrl, value: Uint8Array.of(0x12, 0x7f) };
    expect(evidenceIn(transaction(nothing), trusted, 20n)).toBeUndefined();
  });
});
