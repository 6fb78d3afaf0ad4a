import { gzipSync } from "node:zlib";
import { sha256 } from "@noble/hashes/sha2.js";
import { MsgRecoverClient } from "cosmjs-types/ibc/core/client/v1/tx";
import { MsgStoreCode } from "cosmjs-types/ibc/lightclients/wasm/v1/tx";
import { describe, expect, test } from "vitest";
import { governanceAddress } from "#adapters/cosmos/governance.ts";
import { recoveryIn, substituteFor } from "#adapters/cosmos/migrations.ts";
import { anyOf } from "#adapters/cosmos/submit/messages.ts";
import { decodeTrustedState, encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { storesCode } from "#adapters/cosmos/wasm-code.ts";
import { makeMembers, makeState } from "#test/support/comet-evidence.ts";

describe("proposals", () => {
  test("act in the name of the module's account, which every chain has by its prefix", () => {
    // As explorers of these chains show it.
    expect(governanceAddress("cosmos")).toBe("cosmos10d07y265gmmuvt4z0w9aw880jnsr700j6zn9kn");
    expect(governanceAddress("osmo")).toBe("osmo10d07y265gmmuvt4z0w9aw880jnsr700jjeq4qp");
  });

  test("store our code when its checksum says so, packed in whatever way", () => {
    const code = new TextEncoder().encode("a contract");
    const checksum = sha256(code);
    const store = (wasmByteCode: Uint8Array) => anyOf(MsgStoreCode, { signer: "gov", wasmByteCode });
    expect(storesCode(store(gzipSync(code)), checksum)).toBe(true);
    expect(storesCode(store(gzipSync(code, { level: 1 })), checksum)).toBe(true);
    expect(storesCode(store(code), checksum)).toBe(true);
    expect(storesCode(store(gzipSync("another contract")), checksum)).toBe(false);
    expect(storesCode(store(gzipSync(new Uint8Array(4 * 1024 * 1024))), sha256(new Uint8Array(4 * 1024 * 1024)))).toBe(
      false,
    );
    expect(storesCode(store(gzipSync(code).subarray(0, 20)), checksum)).toBe(false);
    expect(storesCode({ ...store(gzipSync(code)), typeUrl: "/x" }, checksum)).toBe(false);
    expect(storesCode({ ...store(code), value: Uint8Array.of(0xff) }, checksum)).toBe(false);
  });

  test("recover a light client when they say so", () => {
    const recover = anyOf(MsgRecoverClient, { subjectClientId: "a", substituteClientId: "b", signer: "gov" });
    expect(recoveryIn(recover)).toEqual({ subject: "a", substitute: "b" });
    expect(recoveryIn({ ...recover, typeUrl: "/x" })).toBeUndefined();
    expect(recoveryIn({ ...recover, value: Uint8Array.of(0xff) })).toBeUndefined();
  });
});

test("a substitute has the parameters of what it replaces, all but the trusting period", () => {
  const members = makeMembers("substitute", [3n]);
  const old = { ...makeState([{ height: 5n, members }]), trustLevelNumerator: 2n, maxClockDrift: 7n };
  const fresh = { ...makeState([{ height: 9n, members }]), trustingPeriod: 1_000n };
  const trusted = {
    clientId: "07-tendermint-0",
    clientType: "cometbft",
    state: encodeTrustedState(old),
    status: "expired" as const,
    height: 5n,
    timestamp: 0n,
    expiresAt: 0n,
    now: 0n,
  };
  const substitute = substituteFor(trusted, { clientType: "cometbft", state: encodeTrustedState(fresh) });
  expect(decodeTrustedState(substitute.state)).toEqual({ ...fresh, trustLevelNumerator: 2n, maxClockDrift: 7n });
  const other = { clientType: "beacon", state: Uint8Array.of(1) };
  expect(substituteFor({ ...trusted, clientType: "beacon" }, other)).toBe(other);
});
