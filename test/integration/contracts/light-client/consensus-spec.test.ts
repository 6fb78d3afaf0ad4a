// The specification's own light-client sync vectors (electra, minimal preset), through the Solidity light client.
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { consensusSpecCases } from "#test/support/consensus-spec.ts";
import { sharedVector } from "#test/support/shared-vectors.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

const cases = consensusSpecCases();

/** It brings a header that is already final, and a committee that is known: nothing new for a client that trusts no optimistic header. */
const STALE = ["light_client_sync/4 update_0x691c9f_sf"];

describe.skipIf(sharedVector("ethereum-light-client") === undefined)("consensus-specs light_client/sync", () => {
  test.each(cases)("$name", async ({ name, trusted, steps }) => {
    let client = await deploySolidityBeacon(trusted, 0n);
    for (const step of steps) {
      if (step.kind === "skipped") {
        if (step.trusted !== undefined) client = await deploySolidityBeacon(step.trusted, 0n);
        continue;
      }
      client.now = step.now;
      const state = await client.clientState();
      const answer = await client.update(packBeaconUpdate(step.update, state));
      if (STALE.includes(`${name}/${step.name}`)) expect(answer, step.name).toEqual({ reason: "STALE_HEADER" });
      else expect(answer, step.name).toEqual({ result: expect.stringMatching(/^(?:updated|noop)$/) });
      expect(decodeTrustedState(await client.clientState())?.latestSlot, step.name).toBe(step.finalizedSlot);
    }
  });

  test.each(cases)("$name: no update passes with a signature bit more", async ({ trusted, steps }) => {
    const [first] = steps;
    if (first?.kind !== "update") throw new Error("the case does not begin with an update");
    const update = beaconUpdate.decode(first.update);
    const absent = update.syncCommitteeBits.findIndex((byte) => byte !== 0xff);
    const bits = update.syncCommitteeBits.map((byte, index) =>
      index === Math.max(absent, 0) ? (absent < 0 ? byte & 0x7f : byte | (byte + 1)) : byte,
    );
    expect(bytesToHex(bits)).not.toBe(bytesToHex(update.syncCommitteeBits));
    const client = await deploySolidityBeacon(trusted, first.now);
    const changed = beaconUpdate.encode({ ...update, syncCommitteeBits: bits });
    expect(await client.update(packBeaconUpdate(changed, trusted))).toEqual({ reason: "INVALID_SIGNATURE" });
  });
});
