// What runs in the verifier's thread: nothing but the pure verifiers, one judgement for each message.
import { parentPort, workerData } from "node:worker_threads";
import type { Verify, VerifyInput } from "#adapters/protocol/verdict.ts";

export interface VerifierWork extends VerifyInput {
  readonly family: string;
}

const { verifiers } = workerData as { readonly verifiers: string };
const { verifierOf } = (await import(verifiers)) as {
  readonly verifierOf: (family: string) => Verify | undefined;
};

parentPort?.on("message", ({ family, ...input }: VerifierWork) => {
  const verify = verifierOf(family);
  // Ends the thread: whoever asked gets no verdict.
  if (verify === undefined) throw new TypeError(`there is no verifier of ${family} in ${verifiers}`);
  parentPort?.postMessage(verify(input), []);
});
