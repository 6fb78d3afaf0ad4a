// `npm run mutants`: puts the errors of test/mutants one by one into the contracts that verify evidence about CometBFT chains,
// and says which of them no vector tells. `-- <text>`: only those in files whose name has it.
import { decodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { stateHash } from "#scripts/vectors/vector.ts";
import type { Vector } from "#scripts/vectors/vector.ts";
import { ed25519 } from "@noble/curves/ed25519.js";
import { packEd25519Batch } from "#adapters/evm/pack/ed25519-batch.ts";
import { mutants } from "#test/mutants/comet.ts";
import type { Mutant } from "#test/mutants/comet.ts";
import { oddPackings, packingsNow, packingsTrusted } from "#test/support/comet-packings.ts";
import { readCometVectors } from "#test/support/comet-vectors.ts";
import { forgedBatches } from "#test/support/ed25519-forgeries.ts";
import { readSharedJson } from "#test/support/shared-vectors.ts";
import { openSolidityComet } from "#test/support/solidity-comet.ts";
import type { CometCode } from "#test/support/solidity-comet.ts";
import { deploySolidityEd25519 } from "#test/support/solidity-ed25519.ts";
import type { SolidityLightClient } from "#test/support/solidity-light-client.ts";
import { replaceText } from "./analysis/source-tree.ts";
import { compileSolidity } from "./compile-solidity.ts";

const LIGHT_CLIENT = "contracts/evm/light-clients/comet/CometLightClient.sol";
const VERIFIER = "contracts/evm/ed25519/Ed25519Verifier.sol";

type Judged = Exclude<Vector, { readonly asked: unknown }>;
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));

const isState = ({ name }: Judged): boolean => name.startsWith("state-") || name.startsWith("report-to-a-state");
/** State proofs first: they cost no signatures. */
const vectors = readCometVectors()
  .filter((vector): vector is Judged => "trusted" in vector && (vector.packed !== undefined || isState(vector)))
  .toSorted((one, other) => cost(one) - cost(other));

function cost(vector: Judged): number {
  if (vector.packed === undefined) return 0;
  return typeof vector.packed === "string" ? 2 : vector.packed.updates.length;
}

async function judge(client: SolidityLightClient, vector: Judged): Promise<string> {
  const { packed } = vector;
  if (typeof packed === "string") {
    const answer = await client.reportMisbehaviour(bytesOf(packed));
    if ("reason" in answer) return answer.reason;
  } else if (packed !== undefined) {
    for (const update of packed.updates) {
      const answer = await client.update(bytesOf(update));
      if ("reason" in answer) return answer.reason;
      if (answer.result === "misbehaviour")
        return (await client.status()) === "frozen" ? "CONFLICTING_HEADER" : "active";
    }
    if (packed.proof !== "0x") {
      const claims = packed.paths.map((path, index) => {
        const value = bytesOf(packed.values[index] ?? "0x");
        return { path: bytesOf(path), value: value.length === 0 ? undefined : value };
      });
      const answer = await client.verify(claims, bytesOf(packed.proof));
      if ("reason" in answer) return answer.reason;
    }
  }
  return stateHash(await client.clientState());
}

/** Creates a verifier that takes everything for valid: most errors are told without a signature, and that is a hundred times faster. */
const CREDULOUS = "0x6760015f5260205ff35f5260086018f3";

/** What is not as it should be with this code; undefined when everything is. */
const failing = async (code: Partial<CometCode>): Promise<string | undefined> =>
  (await failingVector({ ...code, verifier: CREDULOUS })) ?? failingVector(code);

async function failingVector(code: Partial<CometCode>): Promise<string | undefined> {
  const open = await openSolidityComet(code);
  const clients = new Map<string, Promise<SolidityLightClient | undefined>>();
  const clientOf = (trusted: string, now: bigint): Promise<SolidityLightClient | undefined> => {
    const known = clients.get(trusted) ?? open(bytesOf(trusted), now).catch(() => undefined);
    clients.set(trusted, known);
    return known;
  };
  for (const vector of vectors) {
    const client = await clientOf(vector.trusted, BigInt(vector.now));
    const expected = "reason" in vector.expect ? vector.expect.reason : vector.expect.state;
    if (code.verifier === CREDULOUS && expected === "INVALID_SIGNATURE") continue;
    if (!client || isState(vector)) {
      if (!client !== (isState(vector) && expected === "MALFORMED")) return vector.name;
      continue;
    }
    client.now = BigInt(vector.now);
    const actual = await client.undone(() => judge(client, vector)).catch((error: unknown) => String(error));
    if (actual !== expected) return `${vector.name}: ${actual}`;
  }
  const client = await open(packingsTrusted, packingsNow);
  for (const [what, message, reason] of oddPackings) {
    if (code.verifier === CREDULOUS && reason === "INVALID_SIGNATURE") continue;
    const answer = await client
      .undone(() => client.update(message))
      .catch((error: unknown) => ({ reason: String(error) }));
    if (!("reason" in answer) || answer.reason !== reason) return what;
  }
  return undefined;
}

interface Cctv {
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
}

async function failingSignature(code: `0x${string}`): Promise<string | undefined> {
  const solidity = await deploySolidityEd25519(code);
  const verify = (batch: Uint8Array): Promise<boolean | string> =>
    solidity.verify(batch).catch((error: unknown) => String(error));
  const signed = Array.from({ length: 5 }, (_, index) => {
    const secret = new Uint8Array(32).fill(index + 1);
    const message = new Uint8Array(100 + 10 * index).fill(index);
    return { key: ed25519.getPublicKey(secret), signature: ed25519.sign(message, secret), message };
  });
  const batch = packEd25519Batch(signed);
  if ((await verify(batch)) !== true) return "a valid batch";
  if ((await verify(Uint8Array.of(0, 0))) !== false) return "an empty batch";
  if ((await verify(Uint8Array.of(...batch, 0))) !== false) return "a byte more";
  if ((await verify(batch.slice(0, -1))) !== false) return "a byte less";
  for (const forged of forgedBatches(signed)) if ((await verify(forged)) !== false) return "a forged batch";
  const right: typeof signed = [];
  for (const { key, sig, msg } of readSharedJson<readonly Cctv[]>("ed25519/cctv.json") ?? []) {
    const one = { key: Buffer.from(key, "hex"), signature: Buffer.from(sig, "hex"), message: Buffer.from(msg) };
    if (ed25519.verify(one.signature, one.message, one.key, { zip215: true })) right.push(one);
    else if ((await verify(packEd25519Batch([one]))) !== false) return "an edge case that is wrong";
  }
  for (let from = 0; from < right.length; from += 100)
    if ((await verify(packEd25519Batch(right.slice(from, from + 100)))) !== true) return "an edge case that is right";
  return undefined;
}

/** What tells the mutant, or why it cannot be made. */
async function told(mutant: Mutant): Promise<string | undefined> {
  const file = `contracts/evm/${mutant.file}`;
  const edit = (path: string, text: string): string => (path === file ? replaceText(text, { ...mutant, file }) : text);
  if (mutant.file.startsWith("ed25519/")) {
    const verifier = compileSolidity(VERIFIER, edit);
    return (await failingSignature(verifier)) ?? failingVector({ verifier });
  }
  return failing({ lightClient: compileSolidity(LIGHT_CLIENT, edit) });
}

if (decodeTrustedState(packingsTrusted) === undefined) throw new Error("the trusted state of the packings");
const wanted = process.argv[2] ?? "";
const chosen = mutants.filter(({ file }) => file.includes(wanted));
const unmade = await failingVector({ verifier: CREDULOUS });
if (unmade !== undefined) throw new Error(`without any error, too: ${unmade}`);
let survivors = 0;
for (const mutant of chosen) {
  const by = await told(mutant);
  if (by === undefined) survivors += 1;
  console.log(
    `${by === undefined ? "NOT TOLD" : "told    "} ${mutant.file}: ${mutant.from} -> ${mutant.to || "nothing"}${by === undefined ? "" : `  by ${by}`}`,
  );
}
console.log(`${chosen.length - survivors} told, ${survivors} not`);
process.exitCode = survivors > 0 || chosen.length === 0 ? 1 : 0;
