// The EVM family: Ethereum and chains like it, followed through their beacon chain.
import type { AdapterFamily } from "../adapter.ts";
import { evmConfig } from "./config.ts";
import type { EvmConfig } from "./config.ts";
import { openEvmChain } from "./open.ts";
import { verifyMisbehaviour } from "./verify/misbehaviour.ts";
import { verifyBeacon } from "./verify/verify.ts";

export const evm: AdapterFamily<EvmConfig> = {
  family: "evm",
  configSchema: evmConfig,
  open: openEvmChain,
  verify: verifyBeacon,
  verifyMisbehaviour,
};
