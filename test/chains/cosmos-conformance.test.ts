// The Cosmos family on two real ibc-go chains.
import { cosmos } from "#adapters/cosmos/family.ts";
import { adapterConformance } from "#test/conformance/adapter.ts";
import { openCosmosBench } from "#test/support/cosmos-bench.ts";
import { makeDataDir } from "#test/support/data-dir.ts";

adapterConformance("cosmos", async () => {
  const { verify, verifyMisbehaviour } = cosmos;
  const data = await makeDataDir();
  const bench = await openCosmosBench(data.path);
  const close = async (): Promise<void> => {
    await bench.close();
    await data.remove();
  };
  return { verify, verifyMisbehaviour, ...bench, close };
});
