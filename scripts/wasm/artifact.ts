// The committed contract: its bytes, and the record of what they were made from.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "#scripts/steps/step.ts";

const folder = join(root, "contracts/cosmwasm/artifact");
export const artifactPath = join(folder, "causeway_ethereum.wasm");
export const recordPath = join(folder, "causeway_ethereum.json");

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const recordSchema = z.strictObject({
  /** Of the bytes; on chain it is the code's checksum. */
  sha256: sha256Hex,
  /** Over every source, as `hashSources` has it. */
  sources: sha256Hex,
  /** `rustc --version`: another compiler makes other bytes. */
  compiler: z.string(),
  optimizer: z.string(),
});
export type ArtifactRecord = z.infer<typeof recordSchema>;

export const readArtifact = (): Uint8Array => new Uint8Array(readFileSync(artifactPath));
export const readRecord = (): ArtifactRecord => recordSchema.parse(JSON.parse(readFileSync(recordPath, "utf8")));

export const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const patterns = [
  "contracts/Cargo.{toml,lock}",
  "contracts/cosmwasm/Cargo.toml",
  "contracts/cosmwasm/src/**/*.rs",
  "contracts/verifiers/ethereum/Cargo.toml",
  "contracts/verifiers/ethereum/src/**/*.rs",
];

/** What the contract is compiled from, relative to the checkout. */
export const sourcePaths = (): string[] => patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();

/** Changes with any source and with how they are compiled. */
export const hashSources = (): string =>
  sha256(
    [...sourcePaths(), "scripts/wasm/build.ts"]
      .map((path) => `${path} ${sha256(readFileSync(join(root, path), "utf8"))}\n`)
      .join(""),
  );
