// What judges evidence about fake chains in a thread of its own; and families whose verifiers misbehave, for tests of that thread.
import type { Verify } from "#adapters/protocol/verdict.ts";
import { verifyFake } from "./fake-evidence.ts";

const verifiers: Readonly<Record<string, Verify>> = {
  fake: verifyFake,
  ending: () => process.exit(3),
  throwing: () => {
    throw new TypeError("a mistake in a verifier");
  },
  endless: () => {
    for (;;);
  },
  greedy: () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => index));
  },
};

export const verifierOf = (family: string): Verify | undefined => verifiers[family];
