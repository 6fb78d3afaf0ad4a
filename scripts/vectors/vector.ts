// The format of a shared test vector: one success or one failure a file, readable from every language.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";

const hex = z.templateLiteral(["0x", z.string().regex(/^([0-9a-f]{2})*$/)]);
const decimal = z.string().regex(/^\d+$/);

const refusal = z.strictObject({ reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]) });
const accepted = z.strictObject({
  /** SHA-256 of the canonical trusted state that follows. */
  state: hex,
  height: decimal,
  /** Unix seconds. */
  timestamp: decimal,
});

const common = { name: z.string(), why: z.string(), source: z.string() };
const judged = { ...common, trusted: hex, now: decimal, expect: z.union([accepted, refusal]) };

/** What the Solidity light client is called with for the same evidence, where a contract sees what is wrong with it. */
const packed = z.strictObject({
  /** For `update`, one after the other. */
  updates: z.array(hex),
  /** For `verify`, with these claims; empty when it is not called. A claim without a value is one of absence. */
  proof: hex,
  paths: z.array(hex),
  values: z.array(hex),
});

export const vectorSchema = z.union([
  z.strictObject({ ...judged, envelope: hex, packed: packed.optional() }),
  z.strictObject({ ...judged, misbehaviour: hex, packed: hex.optional() }),
  /** Refused by comparison with what was asked for, whatever its proofs are worth. */
  z.strictObject({
    ...common,
    envelope: hex,
    asked: z.strictObject({
      sourceChain: z.string(),
      targetChain: z.string(),
      clientId: z.string(),
      claims: z.array(z.strictObject({ path: hex, value: hex.optional() })),
    }),
    expect: z.union([z.strictObject({ bound: z.literal(true) }), refusal]),
  }),
]);

export type Vector = z.infer<typeof vectorSchema>;

export const toHex = (bytes: Uint8Array): `0x${string}` => `0x${bytesToHex(bytes)}`;
export const stateHash = (trusted: Uint8Array): `0x${string}` => toHex(sha256(trusted));
