// The EVM family on two embedded development chains.
import { evm } from "#adapters/evm/family.ts";
import { openEvmBench } from "#test/support/evm-bench.ts";
import { adapterConformance } from "./adapter.ts";

adapterConformance("evm", async () => {
  const { verify, verifyMisbehaviour } = evm;
  return { verify, verifyMisbehaviour, ...(await openEvmBench()) };
});
