// Has a family's verifier measured on evidence, in a process of its own.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { VerifyInput } from "#adapters/protocol/verdict.ts";
import type { Measurement } from "./bench.ts";

export function measureVerifier(family: "evm" | "cosmos", { trusted, now, envelope }: VerifyInput): Measurement {
  const bytes = { trusted: bytesToHex(trusted), envelope: bytesToHex(envelope) };
  const input = JSON.stringify({ family, now: String(now), ...bytes });
  const child = join(import.meta.dirname, "verify-child.ts");
  const stdio = ["pipe", "pipe", "inherit"] as const;
  const { status, stdout } = spawnSync(process.execPath, [child], { input, stdio: [...stdio], encoding: "utf8" });
  if (status !== 0) throw new Error(`the measuring process ended with ${status}`);
  return JSON.parse(stdout) as Measurement;
}
