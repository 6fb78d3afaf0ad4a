// C2SP signed notes v1.0.0 with Ed25519 keys: the form in which a checkpoint is signed, as those who read it judge it.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { base64, utf8 } from "@scure/base";

/** The type byte of Ed25519 keys. */
export const ED25519 = 1;
/** The specification asks verifiers to accept at least 16. */
const MAX_SIGNATURES = 100;

const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

interface Verifier {
  readonly name: string;
  readonly id: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export type OpenedNote =
  | {
      readonly ok: true;
      readonly text: string;
      /** Names of the known keys whose signatures verified. */ readonly signers: string[];
    }
  | { readonly ok: false; readonly problem: string };

const isName = (name: string): boolean => name !== "" && !/[\s+]/u.test(name);

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return base64.decode(text);
  } catch {
    return undefined;
  }
}

/** Eight hexadecimal digits; `typed` is the type byte and the public key. */
export const noteKeyId = (name: string, typed: Uint8Array): string =>
  bytesToHex(sha256(concatBytes(utf8.decode(`${name}\n`), typed))).slice(0, 8);

/** Undefined when it is not an Ed25519 verifier key, `name+id+base64(type ‖ public key)`, whose id fits. */
export function parseVerifierKey(key: string): Verifier | undefined {
  const [, name, id, encoded] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(key) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return undefined;
  if (!isName(name) || !name.isWellFormed()) return undefined;
  const typed = decodeBase64(encoded);
  if (typed === undefined || typed.length !== 33 || typed[0] !== ED25519) return undefined;
  return noteKeyId(name, typed) === id ? { name, id, publicKey: typed.subarray(1) } : undefined;
}

const refused = (problem: string): OpenedNote => ({ ok: false, problem });

function splitNote(note: Uint8Array): { text: string; lines: string[] } | undefined {
  let whole: string;
  try {
    whole = utf8.encode(note);
  } catch {
    return undefined;
  }
  // eslint-disable-next-line no-control-regex -- control characters are what the specification excludes
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/u.test(whole)) return undefined;
  const end = whole.lastIndexOf("\n\n");
  if (end === -1 || !whole.endsWith("\n")) return undefined;
  const lines = whole.slice(end + 2, -1).split("\n");
  return lines.length > MAX_SIGNATURES ? undefined : { text: whole.slice(0, end + 1), lines };
}

/** As RFC 8032 has it, with canonical points only; the library's own default would accept more. */
const isSignedBy = ({ publicKey }: Verifier, text: string, signature: Uint8Array): boolean =>
  signature.length === 64 && ed25519.verify(signature, utf8.decode(text), publicKey, { zip215: false });

/** Unknown keys are passed over; a known key's bad signature, or no signature by a known key, refuses the note. */
export function openNote(note: Uint8Array, verifierKeys: readonly string[]): OpenedNote {
  const parts = splitNote(note);
  if (parts === undefined) return refused("the note is malformed");
  const verifiers = verifierKeys.map(parseVerifierKey);
  const signers = new Set<string>();
  for (const line of parts.lines) {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
    if (name === undefined || bytes === undefined || !isName(name) || bytes.length < 5)
      return refused("a signature line is malformed");
    const id = bytesToHex(bytes.subarray(0, 4));
    const known = verifiers.filter((verifier) => verifier?.name === name && verifier.id === id);
    if (known.length > 1) return refused(`two keys are known for ${name}`);
    const [verifier] = known;
    if (verifier === undefined || signers.has(`${name}+${id}`)) continue;
    if (!isSignedBy(verifier, parts.text, bytes.subarray(4)))
      return refused(`the signature of ${name} does not verify`);
    signers.add(`${name}+${id}`);
  }
  if (signers.size === 0) return refused("no signature by a known key");
  return {
    ok: true,
    text: parts.text,
    signers: [...signers].map((signer) => signer.slice(0, signer.lastIndexOf("+"))),
  };
}
