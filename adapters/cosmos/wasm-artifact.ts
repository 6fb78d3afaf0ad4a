// The contract that 08-wasm runs as the light client of a beacon chain.
import { readFile } from "node:fs/promises";
import { sha256 } from "@noble/hashes/sha2.js";
import { CausewayError } from "#adapters/protocol/error.ts";

const ARTIFACT = new URL("../../contracts/cosmwasm/artifact/causeway_ethereum.wasm", import.meta.url);

export interface WasmArtifact {
  readonly code: Uint8Array;
  /** By which a chain knows the code: 32 bytes. */
  readonly checksum: Uint8Array;
}

/** Throws CONTRACT_MISSING. */
export async function readWasmArtifact(): Promise<WasmArtifact> {
  try {
    const code = new Uint8Array(await readFile(ARTIFACT));
    return { code, checksum: sha256(code) };
  } catch (cause) {
    throw new CausewayError("CONTRACT_MISSING", "the wasm contract of the beacon light client is not there", {
      hint: "build it with `npm run wasm` (contracts/README.md)",
      cause,
    });
  }
}
