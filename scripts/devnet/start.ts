// Command line of one development chain: prints its URLs as one line of JSON and stays up until Ctrl-C.
import { parseArgs } from "node:util";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { startDevChain } from "./dev-chain.ts";

const number = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    "chain-id": { ...number, default: "31337" },
    "rpc-port": number,
    "beacon-port": number,
    "block-time": number,
    "finality-lag": number,
    "committee-size": number,
    "slots-per-epoch": number,
    "epochs-per-period": number,
    "fulu-epoch": number,
    "gloas-epoch": number,
    "heze-epoch": number,
    seed: number,
  },
});

const given = Object.entries(values).map(([name, value]) => {
  const key = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return [key, value === "manual" ? value : Number(value)];
});

try {
  const chain = await startDevChain(Object.fromEntries(given) as { chainId: number });
  const { chainId, rpcUrl, beaconUrl, pid } = chain;
  console.log(JSON.stringify({ chainId, rpcUrl, beaconUrl, pid }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void chain.stop());
} catch (error) {
  if (!isCausewayError(error)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}
