// What made others lose money, as evidence about an Ethereum chain: refused by the verifier and by the contract, by name.
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { judgeInSolidity } from "#test/support/agreement.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
const vectors = new Map(readBeaconVectors().map((vector) => [vector.name, vector]));

const incidents: Record<string, Record<string, Reason>> = {
  "Nomad, 2022: a zero root counted as proven": {
    "height-with-zero-root": "UNKNOWN_HEIGHT",
    "height-zero-in-empty-place": "UNKNOWN_HEIGHT",
    "zero-value-is-absence": "VALUE_ABSENT",
  },
  "BNB bridge, 2022: a node's side that no hash covered, and a very old block": {
    "storage-sibling-altered": "INVALID_STORAGE_PROOF",
    "execution-branch-too-short": "INVALID_EXECUTION_BRANCH",
    "height-replaced-in-ring": "UNKNOWN_HEIGHT",
    "expired-claims": "CLIENT_EXPIRED",
  },
  "Empty proofs taken for absence": {
    "absence-proof-empty": "INVALID_STORAGE_PROOF",
    "absence-by-truncation": "INVALID_STORAGE_PROOF",
    "account-proof-empty": "INVALID_ACCOUNT_PROOF",
  },
  "Hyperbridge, 2026: an old proof with a new request": {
    "storage-proof-of-another-path": "INVALID_STORAGE_PROOF",
    "value-mismatch": "VALUE_MISMATCH",
    "second-claim-mismatch": "VALUE_MISMATCH",
  },
  "Leftover and repeated items, and proofs for another chain": {
    "storage-node-too-many": "INVALID_STORAGE_PROOF",
    "account-node-too-many": "INVALID_ACCOUNT_PROOF",
    "finality-branch-too-long": "INVALID_FINALITY_BRANCH",
    "signature-for-another-chain": "INVALID_SIGNATURE",
    "account-of-another-contract": "INVALID_ACCOUNT_PROOF",
  },
  "Snowbridge, found in time: padding bits, and a branch valid in many places": {
    "malformed-bits-too-long": "MALFORMED",
    "finality-branch-missing": "INVALID_FINALITY_BRANCH",
    "execution-branch-of-another-fork": "INVALID_EXECUTION_BRANCH",
  },
  "Clocks: stale, future and backward headers": {
    "expired-by-one-second": "CLIENT_EXPIRED",
    "future-by-one-second": "FUTURE_HEADER",
    "time-stands-still": "NON_MONOTONIC_TIME",
    "time-of-older-block-is-newer": "NON_MONOTONIC_TIME",
    "stale-place-taken": "STALE_HEADER",
  },
};

describe.each(Object.entries(incidents))("%s", (_, cases) => {
  test.each(Object.entries(cases))("%s: %s", async (name, reason) => {
    const vector = vectors.get(name);
    if (vector === undefined || !("trusted" in vector && "envelope" in vector))
      throw new Error(`no such vector: ${name}`);
    const [trusted, evidence, now] = [bytes(vector.trusted), bytes(vector.envelope), BigInt(vector.now)];
    expect(verifyBeacon({ trusted, envelope: evidence, now })).toMatchObject({ reason });
    const client = await deploySolidityBeacon(trusted, now);
    expect(await judgeInSolidity(client, envelope.decode(evidence), now)).toMatchObject({ reason });
  });
});
