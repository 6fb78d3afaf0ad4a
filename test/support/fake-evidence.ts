// Evidence about a fake chain: sealed headers and sealed store entries, with a pure verifier that believes nothing unsealed.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Claim } from "#adapters/protocol/claim.ts";
import { ENVELOPE_VERSION, envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import { refuse } from "#adapters/protocol/verdict.ts";
import type { MisbehaviourInput, Verdict, VerifyInput } from "#adapters/protocol/verdict.ts";

/** What a light client of a fake chain trusts. */
export interface FakeTrusted {
  readonly chainId: string;
  readonly frozen: boolean;
  /** Unix seconds of each trusted height, as decimal strings; the last is the newest. */
  readonly known: readonly (readonly [height: string, timestamp: string])[];
  /** Seconds. */
  readonly trustingPeriod: string;
  /** Nothing on the chain shows the updates it accepted. */
  readonly hidden?: boolean;
}

interface FakeUpdate {
  readonly height: string;
  readonly timestamp: string;
  readonly seal: string;
}

const KEPT = 64;
const seal = (...parts: readonly string[]): string =>
  bytesToHex(sha256(utf8ToBytes(`fake consensus|${parts.join("|")}`)));
const json = (value: unknown): Uint8Array => utf8ToBytes(JSON.stringify(value));
const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

export const encodeTrusted = (trusted: FakeTrusted): Uint8Array => json(trusted);
export const decodeTrusted = (bytes: Uint8Array): FakeTrusted => parse(bytes) as FakeTrusted;
export const newest = (trusted: FakeTrusted): { height: bigint; timestamp: bigint } => {
  const [height, timestamp] = trusted.known.at(-1) ?? ["0", "0"];
  return { height: BigInt(height), timestamp: BigInt(timestamp) };
};

export interface FakeProof {
  readonly sourceChain: string;
  readonly targetChain: string;
  readonly clientId: string;
  readonly height: bigint;
  readonly timestamp: bigint;
  readonly claims: readonly Claim[];
  /** What the store holds under each claim's path at that height. */
  readonly values: readonly (Uint8Array | undefined)[];
}

const entrySeal = (chain: string, height: bigint, path: Uint8Array, value: Uint8Array | undefined): Uint8Array =>
  utf8ToBytes(
    seal("entry", chain, height.toString(), bytesToHex(path), value === undefined ? "absent" : bytesToHex(value)),
  );

export function makeEnvelope(proof: FakeProof): Uint8Array {
  const height = proof.height.toString();
  const timestamp = proof.timestamp.toString();
  const update: FakeUpdate = { height, timestamp, seal: seal("header", proof.sourceChain, height, timestamp) };
  return envelopeType.encode({
    version: ENVELOPE_VERSION,
    sourceChain: proof.sourceChain,
    targetChain: proof.targetChain,
    clientId: proof.clientId,
    updates: [json(update)],
    height: proof.height,
    rootProof: new Uint8Array(),
    claims: proof.claims.map((claim, index) => ({
      membership: claim.kind === "membership" ? 1n : 0n,
      path: claim.path,
      value: claim.kind === "membership" ? claim.value : new Uint8Array(),
      proof: entrySeal(proof.sourceChain, proof.height, claim.path, proof.values[index]),
    })),
  });
}

function judge({ trusted: state, envelope: bytes, now }: VerifyInput): Verdict {
  const trusted = decodeTrusted(state);
  const envelope = envelopeType.decode(bytes);
  if (envelope.sourceChain !== trusted.chainId) return refuse("WRONG_CHAIN", "envelope.sourceChain");
  if (trusted.frozen) return refuse("CLIENT_FROZEN", "trusted");
  if (now > newest(trusted).timestamp + BigInt(trusted.trustingPeriod)) return refuse("CLIENT_EXPIRED", "trusted");
  const known = new Map(trusted.known);
  for (const [index, update] of envelope.updates.entries()) {
    const { height, timestamp, seal: shown } = parse(update) as FakeUpdate;
    if (shown !== seal("header", trusted.chainId, height, timestamp))
      return refuse("INVALID_SIGNATURE", `updates[${index}]`);
    known.set(height, timestamp);
  }
  const timestamp = known.get(envelope.height.toString());
  if (timestamp === undefined) return refuse("UNKNOWN_HEIGHT", "envelope.height");
  for (const [index, { membership, path, value, proof }] of envelope.claims.entries()) {
    const expected = entrySeal(trusted.chainId, envelope.height, path, membership === 1n ? value : undefined);
    if (bytesToHex(expected) !== bytesToHex(proof)) return refuse("INVALID_STORAGE_PROOF", `claims[${index}]`);
  }
  const entries = [...known].sort(([a], [b]) => Number(BigInt(a) - BigInt(b))).slice(-KEPT);
  return {
    ok: true,
    trusted: encodeTrusted({ ...trusted, known: entries }),
    height: envelope.height,
    timestamp: BigInt(timestamp),
  };
}

export function verifyFake(input: VerifyInput): Verdict {
  try {
    return judge(input);
  } catch {
    return refuse("MALFORMED", "envelope");
  }
}

interface FakeReport {
  readonly height: string;
  /** Timestamps that were sealed for the one height. */
  readonly accepted: string;
  readonly finalized: string;
}

export const encodeReport = (report: FakeReport): Uint8Array => json(report);

export function verifyFakeMisbehaviour({ trusted: state, misbehaviour }: MisbehaviourInput): Verdict {
  try {
    const trusted = decodeTrusted(state);
    const { height, accepted, finalized } = parse(misbehaviour) as FakeReport;
    if (trusted.frozen) return refuse("CLIENT_FROZEN", "trusted");
    if (accepted === finalized) return refuse("NO_CONFLICT", "report");
    const frozen = encodeTrusted({ ...trusted, frozen: true });
    return { ok: true, trusted: frozen, height: BigInt(height), timestamp: BigInt(accepted) };
  } catch {
    return refuse("MALFORMED", "report");
  }
}
