// The specification's own light-client sync vectors (electra, minimal preset) lead to the finalized headers they expect.
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { headerRoot } from "#adapters/evm/verify/merkle.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { sharedVector } from "#test/support/shared-vectors.ts";
import { consensusSpecCases } from "#test/support/consensus-spec.ts";
import type { SpecCase } from "#test/support/consensus-spec.ts";

const cases = consensusSpecCases();

/** The header moves nothing in our light client: finality it has, and a committee that is not the next one. */
const STALE = ["light_client_sync/4 update_0x691c9f_sf"];

function stateOf(trusted: Uint8Array): BeaconState {
  const state = decodeTrustedState(trusted);
  if (state === undefined) throw new Error("the case's trusted state does not decode");
  return state;
}

function run({ name, trusted, steps }: SpecCase): void {
  let state = stateOf(trusted);
  for (const step of steps) {
    if (step.kind === "skipped") {
      if (step.trusted !== undefined) state = stateOf(step.trusted);
      continue;
    }
    const next = applyUpdate(state, step.update, step.now);
    if (STALE.includes(`${name}/${step.name}`)) {
      expect(next, step.name).toBe("STALE_HEADER");
    } else {
      expect(next, step.name).toBeTypeOf("object");
      const { finalizedHeader } = beaconUpdate.decode(step.update);
      if (finalizedHeader.slot === step.finalizedSlot)
        expect(`0x${bytesToHex(headerRoot(finalizedHeader))}`, step.name).toBe(step.finalizedRoot);
      state = next as BeaconState;
    }
    expect(state.latestSlot, step.name).toBe(step.finalizedSlot);
  }
}

describe.skipIf(sharedVector("ethereum-light-client") === undefined)("consensus-specs light_client/sync", () => {
  test.each(cases)("$name", run);

  test("covers every step that carries finality (files ending in f)", () => {
    const steps = cases.flatMap((one) => one.steps);
    expect(steps.filter((step) => step.kind === "update")).toHaveLength(11);
    expect(new Set(steps.flatMap((step) => (step.kind === "skipped" ? [step.why] : [])))).toEqual(
      new Set([
        "it carries no finality, which our evidence requires",
        "it trusts a header that is not final, which our light client never does",
      ]),
    );
  });

  test.each(cases)("$name: a signature over another slot is refused", ({ trusted, steps }) => {
    const [first] = steps;
    if (first?.kind !== "update") throw new Error("the case does not begin with an update");
    const update = beaconUpdate.decode(first.update);
    const attestedHeader = { ...update.attestedHeader, proposerIndex: update.attestedHeader.proposerIndex + 1n };
    const verdict = applyUpdate(stateOf(trusted), beaconUpdate.encode({ ...update, attestedHeader }), first.now);
    expect(verdict).toBe("INVALID_SIGNATURE");
  });
});
